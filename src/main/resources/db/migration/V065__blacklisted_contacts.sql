-- Which contacts are on the blacklist, so that nobody looks up a million addresses to say how many of
-- an audience a campaign will not reach. Kept with every change of either; what was changed at the
-- same moment is put right within half a minute (ContactFigures). What is sent goes by the blacklist
-- itself. No foreign key: it would lock contacts in any order, and fail while they are deleted.
CREATE TABLE contact_blacklisted (
    account_id   bigint      NOT NULL,
    contact_id   bigint      NOT NULL,
    audience_id  bigint      NOT NULL,
    reason       text        NOT NULL,
    at           timestamptz NOT NULL,

    PRIMARY KEY (account_id, contact_id)
);

CREATE INDEX contact_blacklisted_by_reason
    ON contact_blacklisted (account_id, audience_id, reason, at);

CREATE FUNCTION mark_blacklisted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO contact_blacklisted (account_id, contact_id, audience_id, reason, at)
    SELECT c.account_id, c.id, c.audience_id, b.reason, b.created_at
    FROM added b
    JOIN audience a ON a.account_id = b.account_id
    JOIN contact c ON c.account_id = a.account_id AND c.audience_id = a.id AND c.email = b.email
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;

CREATE FUNCTION unmark_blacklisted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM contact_blacklisted k
    USING removed b, audience a, contact c
    WHERE a.account_id = b.account_id AND c.account_id = a.account_id AND c.audience_id = a.id
      AND c.email = b.email AND k.account_id = c.account_id AND k.contact_id = c.id;
    RETURN NULL;
END $$;

CREATE TRIGGER addresses_are_blacklisted AFTER INSERT ON blacklist
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION mark_blacklisted();
CREATE TRIGGER addresses_are_free_again AFTER DELETE ON blacklist
    REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION unmark_blacklisted();

CREATE FUNCTION mark_contacts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO contact_blacklisted (account_id, contact_id, audience_id, reason, at)
    SELECT c.account_id, c.id, c.audience_id, b.reason, b.created_at
    FROM added c
    JOIN blacklist b ON b.account_id = c.account_id AND b.email = c.email
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;

CREATE FUNCTION unmark_contacts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM contact_blacklisted k
    USING removed c
    WHERE k.account_id = c.account_id AND k.contact_id = c.id;
    RETURN NULL;
END $$;

CREATE FUNCTION move_mark() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM contact_blacklisted
    WHERE account_id = NEW.account_id AND contact_id = NEW.id;
    INSERT INTO contact_blacklisted (account_id, contact_id, audience_id, reason, at)
    SELECT NEW.account_id, NEW.id, NEW.audience_id, reason, created_at
    FROM blacklist
    WHERE account_id = NEW.account_id AND email = NEW.email;
    RETURN NULL;
END $$;

CREATE TRIGGER new_contacts_are_marked AFTER INSERT ON contact
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION mark_contacts();
CREATE TRIGGER marks_go_along AFTER DELETE ON contact
    REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION unmark_contacts();
CREATE TRIGGER address_is_changed AFTER UPDATE OF email ON contact
    FOR EACH ROW WHEN (OLD.email <> NEW.email)
    EXECUTE FUNCTION move_mark();

INSERT INTO contact_blacklisted (account_id, contact_id, audience_id, reason, at)
SELECT c.account_id, c.id, c.audience_id, b.reason, b.created_at
FROM contact c
JOIN blacklist b ON b.account_id = c.account_id AND b.email = c.email;
