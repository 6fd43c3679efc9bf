-- Who or what holds a mailing: null if its owner does, else relay, bounces or restored.
ALTER TABLE mailing
    ADD COLUMN paused_because text,
    ADD COLUMN cancelled_at timestamptz,
    -- Its owner knows of the bounces and goes on.
    ADD COLUMN bounces_accepted boolean NOT NULL DEFAULT false;

-- For campaigns that are not started yet; a start hands it on to the mailing.
ALTER TABLE campaign ADD COLUMN per_hour int;

-- The relay of the message behind the barrier, and of those that are unknown since.
ALTER TABLE mailing_chunk ADD COLUMN relay text;
ALTER TABLE delivery ADD COLUMN relay text;

CREATE INDEX delivery_unknown ON delivery (account_id, mailing_id, number) WHERE state = 'unknown';

-- Where this ledger has been kept last: elsewhere, it comes from a backup.
CREATE TABLE ledger_home (
    only_one           boolean     PRIMARY KEY DEFAULT true CHECK (only_one),
    system_identifier  bigint      NOT NULL,
    timeline           int         NOT NULL,
    database           oid         NOT NULL
);
