-- Every single message is a mailing of its own, so statistics say that a mailing has one recipient;
-- then an index on (account_id, mailing_id) and something else looks as good as the primary key, and
-- reads a whole campaign for each of its messages. Only the primary key begins so from here on.
ALTER TABLE delivery
    DROP CONSTRAINT delivery_account_id_mailing_id_address_key,
    ADD UNIQUE (account_id, address, mailing_id);

DROP INDEX mailing_chunk_open;
CREATE INDEX mailing_chunk_open ON mailing_chunk (account_id, mailing_id, first_number)
    WHERE due_at IS NOT NULL;
