-- A single message to one person is a mailing of one recipient: claims, leases, barrier, outcomes
-- and log are then the ledger's own.
ALTER TABLE mailing
    ADD COLUMN kind text NOT NULL DEFAULT 'campaign'
        CHECK (kind IN ('campaign', 'transactional', 'confirmation', 'welcome', 'goodbye', 'test')),
    -- Mails of the month of started_at that are counted as used until it is done.
    ADD COLUMN reserved bigint NOT NULL DEFAULT 0;

-- Single messages close themselves: what looks for finished mailings must not wade through them.
DROP INDEX mailing_under_way;
CREATE INDEX mailing_under_way ON mailing (account_id, id)
    WHERE state <> 'done' AND kind = 'campaign';

-- Bulk and single are two queues in one index, so that neither has to look past the other.
ALTER TABLE mailing_chunk ADD COLUMN bulk boolean NOT NULL DEFAULT true;
DROP INDEX mailing_chunk_due;
CREATE INDEX mailing_chunk_due ON mailing_chunk (bulk, due_at) WHERE due_at IS NOT NULL;

-- A single message as it goes out, at every try the same.
CREATE TABLE mailing_message (
    account_id       bigint      NOT NULL,
    mailing_id       bigint      NOT NULL,
    envelope_sender  text        NOT NULL,
    content          bytea       NOT NULL,
    queued_at        timestamptz NOT NULL,

    PRIMARY KEY (account_id, mailing_id),
    FOREIGN KEY (account_id, mailing_id) REFERENCES mailing ON DELETE CASCADE
);

CREATE INDEX mailing_message_by_age ON mailing_message (queued_at);

-- The same promise in an order that also finds all mail of one contact.
ALTER TABLE delivery
    DROP CONSTRAINT delivery_account_id_mailing_id_contact_id_key,
    ADD UNIQUE (account_id, contact_id, mailing_id);

-- Mails a calendar month (UTC); null: as many as they like.
ALTER TABLE account ADD COLUMN monthly_quota bigint CHECK (monthly_quota >= 0);

CREATE TABLE mail_usage (
    account_id  bigint NOT NULL REFERENCES account ON DELETE CASCADE,
    -- Its first day.
    month       date   NOT NULL,
    mails       bigint NOT NULL DEFAULT 0 CHECK (mails >= 0),

    PRIMARY KEY (account_id, month)
) WITH (fillfactor = 50);
