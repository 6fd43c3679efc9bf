-- A mark must not fail, or wait, because its contact is being deleted: no foreign key, which would
-- lock contacts in any order. The deletion takes the marks along; those that cross it are cleared
-- away within half a minute (ContactFigures).
ALTER TABLE contact_blacklisted DROP CONSTRAINT contact_blacklisted_account_id_contact_id_fkey;

CREATE OR REPLACE FUNCTION count_contacts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO contact_count (account_id, audience_id, contacts, subscribed, unsubscribed)
    SELECT account_id, audience_id, -count(*), -count(*) FILTER (WHERE status = 'subscribed'),
           -count(*) FILTER (WHERE status = 'unsubscribed')
    FROM changed
    GROUP BY account_id, audience_id;
    DELETE FROM contact_blacklisted k
    USING changed c
    WHERE k.account_id = c.account_id AND k.contact_id = c.id;
    RETURN NULL;
END $$;
