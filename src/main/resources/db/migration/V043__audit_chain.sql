-- Each entry holds the hash of what it says and of the entry before it, numbered without a gap: an
-- entry that is changed or missing breaks all that follow. Who writes the last hash down elsewhere
-- (the export has it) can also tell whether the whole was written anew.
CREATE TABLE audit_head (
    account_id  bigint PRIMARY KEY REFERENCES account ON DELETE CASCADE,
    number      bigint NOT NULL,
    hash        bytea  NOT NULL
);

ALTER TABLE audit_entry
    ADD COLUMN number bigint,
    ADD COLUMN hash   bytea;

CREATE FUNCTION audit_hash(before bytea, entry audit_entry) RETURNS bytea
LANGUAGE sql IMMUTABLE AS $$
    SELECT sha256(before || convert_to(
        jsonb_build_array(
            entry.account_id, entry.number,
            floor(extract(epoch FROM entry.at) * 1000000)::bigint,
            entry.user_id, entry.email, entry.action, entry.ip_address)::text,
        'UTF8'))
$$;

-- The row of the head is where writers of one account meet, so the chain has one order.
CREATE FUNCTION audit_chain() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    head audit_head;
BEGIN
    INSERT INTO audit_head VALUES (NEW.account_id, 0, '') ON CONFLICT DO NOTHING;
    SELECT * INTO head FROM audit_head WHERE account_id = NEW.account_id FOR UPDATE;
    NEW.number := head.number + 1;
    NEW.hash := audit_hash(head.hash, NEW);
    UPDATE audit_head SET number = NEW.number, hash = NEW.hash WHERE account_id = NEW.account_id;
    RETURN NEW;
END $$;

-- What there is already becomes the beginning of the chain.
DO $$
DECLARE
    entry audit_entry;
    head  audit_head;
BEGIN
    FOR entry IN SELECT * FROM audit_entry ORDER BY account_id, id LOOP
        INSERT INTO audit_head VALUES (entry.account_id, 0, '') ON CONFLICT DO NOTHING;
        SELECT * INTO head FROM audit_head WHERE account_id = entry.account_id;
        entry.number := head.number + 1;
        entry.hash := audit_hash(head.hash, entry);
        UPDATE audit_entry SET number = entry.number, hash = entry.hash
        WHERE account_id = entry.account_id AND id = entry.id;
        UPDATE audit_head SET number = entry.number, hash = entry.hash
        WHERE account_id = entry.account_id;
    END LOOP;
END $$;

ALTER TABLE audit_entry
    ALTER COLUMN number SET NOT NULL,
    ALTER COLUMN hash SET NOT NULL,
    ADD UNIQUE (account_id, number);

CREATE INDEX audit_entry_of_user ON audit_entry (account_id, user_id, number);

CREATE TRIGGER audit_chain BEFORE INSERT ON audit_entry
FOR EACH ROW EXECUTE FUNCTION audit_chain();

-- Only with its whole account does an entry go.
CREATE FUNCTION audit_stays() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND NOT EXISTS (SELECT FROM account WHERE id = OLD.account_id) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'The audit log only grows';
END $$;

CREATE TRIGGER audit_stays BEFORE UPDATE OR DELETE ON audit_entry
FOR EACH ROW EXECUTE FUNCTION audit_stays();

