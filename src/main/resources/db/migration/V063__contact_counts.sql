-- How many contacts an audience has, and of which status, so that a million of them need not be
-- counted to show a page. Every change adds a row of its own, so that nobody waits for anybody; those
-- that are loose are put together every ten seconds (ContactCounts). A sum is right either way, and
-- within the transaction that changes something. No foreign key: the contacts of an audience that is
-- deleted are counted down after it has gone.
CREATE TABLE contact_count (
    account_id    bigint  NOT NULL,
    audience_id   bigint  NOT NULL,
    contacts      bigint  NOT NULL,
    subscribed    bigint  NOT NULL,
    unsubscribed  bigint  NOT NULL,
    loose         boolean NOT NULL DEFAULT true
);

CREATE INDEX contact_count_of_audience ON contact_count (account_id, audience_id);
CREATE UNIQUE INDEX contact_count_firm ON contact_count (account_id, audience_id) WHERE NOT loose;
CREATE INDEX contact_count_loose ON contact_count (account_id) WHERE loose;

CREATE FUNCTION count_contacts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    sign int := CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END;
BEGIN
    INSERT INTO contact_count (account_id, audience_id, contacts, subscribed, unsubscribed)
    SELECT account_id, audience_id, sign * count(*),
           sign * count(*) FILTER (WHERE status = 'subscribed'),
           sign * count(*) FILTER (WHERE status = 'unsubscribed')
    FROM changed
    GROUP BY account_id, audience_id;
    RETURN NULL;
END $$;

CREATE FUNCTION count_status() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO contact_count (account_id, audience_id, contacts, subscribed, unsubscribed)
    VALUES (NEW.account_id, NEW.audience_id, 0,
            (NEW.status = 'subscribed')::int - (OLD.status = 'subscribed')::int,
            (NEW.status = 'unsubscribed')::int - (OLD.status = 'unsubscribed')::int);
    RETURN NULL;
END $$;

CREATE TRIGGER contacts_are_new AFTER INSERT ON contact
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION count_contacts();
CREATE TRIGGER contacts_are_gone AFTER DELETE ON contact
    REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION count_contacts();
CREATE TRIGGER status_is_changed AFTER UPDATE OF status ON contact
    FOR EACH ROW WHEN (OLD.status <> NEW.status)
    EXECUTE FUNCTION count_status();

INSERT INTO contact_count (account_id, audience_id, contacts, subscribed, unsubscribed, loose)
SELECT account_id, audience_id, count(*), count(*) FILTER (WHERE status = 'subscribed'),
       count(*) FILTER (WHERE status = 'unsubscribed'), false
FROM contact
GROUP BY account_id, audience_id;
