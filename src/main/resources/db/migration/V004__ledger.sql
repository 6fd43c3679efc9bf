-- A mailing is one message on its way to one audience: what a campaign becomes when it starts.
CREATE TABLE mailing (
    account_id             bigint      NOT NULL REFERENCES account ON DELETE CASCADE,
    id                     bigint      GENERATED ALWAYS AS IDENTITY,
    audience_id            bigint      NOT NULL,
    state                  text        NOT NULL CHECK (state IN ('queued', 'sending', 'paused', 'done', 'error')),
    -- Recipients written so far. Also the number of the last of them.
    recipients             int         NOT NULL DEFAULT 0,
    -- The cursor: contacts up to here have their row, those after until_contact came too late.
    last_contact           bigint      NOT NULL DEFAULT 0,
    until_contact          bigint      NOT NULL,
    started_at             timestamptz NOT NULL,
    recipients_written_at  timestamptz,
    done_at                timestamptz,

    PRIMARY KEY (account_id, id),
    FOREIGN KEY (account_id, audience_id) REFERENCES audience ON DELETE CASCADE,
    CHECK ((state = 'done') = (done_at IS NOT NULL))
);

CREATE INDEX mailing_under_way ON mailing (account_id, id) WHERE state <> 'done';

-- What a worker borrows: a range of recipients. due_at is when it may next be claimed, by the
-- database's clock: for a claimed chunk the end of the lease, for one with deferred mail the time
-- of the next try, null when all of it has its outcome.
CREATE TABLE mailing_chunk (
    account_id    bigint      NOT NULL,
    mailing_id    bigint      NOT NULL,
    first_number  int         NOT NULL,
    last_number   int         NOT NULL,
    due_at        timestamptz DEFAULT clock_timestamp(),
    -- The fencing token: only the worker of the latest claim gets anything past the barrier.
    attempt       int         NOT NULL DEFAULT 0,
    node          uuid,
    -- Of the first claim. The Date of every message in it, at every attempt.
    started_at    timestamptz,

    PRIMARY KEY (account_id, mailing_id, first_number),
    FOREIGN KEY (account_id, mailing_id) REFERENCES mailing ON DELETE CASCADE
);

-- Only the chunks that still have work: as small as the backlog, however long the history.
CREATE INDEX mailing_chunk_due ON mailing_chunk (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX mailing_chunk_open ON mailing_chunk (account_id, mailing_id) WHERE due_at IS NOT NULL;
CREATE INDEX mailing_chunk_of_node ON mailing_chunk (node) WHERE node IS NOT NULL;

CREATE TYPE delivery_state AS ENUM ('waiting', 'in_flight', 'sent', 'failed', 'skipped', 'unknown');

-- The ledger: one row for each recipient of a mailing, in exactly one state. in_flight is behind
-- the barrier: its final dot may have been written. No index holds a column that changes, so that
-- both updates of a message stay within its page (heap-only tuples); the fillfactor leaves room.
CREATE TABLE delivery (
    account_id   bigint         NOT NULL,
    mailing_id   bigint         NOT NULL,
    number       int            NOT NULL,
    -- Null once the contact is erased; so is the address then.
    contact_id   bigint,
    address      text,
    state        delivery_state NOT NULL DEFAULT 'waiting',
    -- Of the chunk, when this row passed the barrier.
    attempt      int            NOT NULL DEFAULT 0,
    -- How often a receiver has deferred it.
    tries        smallint       NOT NULL DEFAULT 0,
    due_at       timestamptz,
    finished_at  timestamptz,
    bounced_at   timestamptz,
    reason       text,
    reply        text,

    PRIMARY KEY (account_id, mailing_id, number),
    UNIQUE (account_id, mailing_id, contact_id),
    UNIQUE (account_id, mailing_id, address),
    FOREIGN KEY (account_id, mailing_id) REFERENCES mailing ON DELETE CASCADE
) WITH (fillfactor = 60);
