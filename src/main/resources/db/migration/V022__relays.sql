-- Relays that an account sends through. Those of the operator stand in the configuration.
CREATE TABLE relay (
    account_id      bigint      NOT NULL REFERENCES account ON DELETE CASCADE,
    id              bigint      GENERATED ALWAYS AS IDENTITY,
    uid             text        NOT NULL UNIQUE,
    name            text        NOT NULL,
    host            text        NOT NULL,
    port            int         NOT NULL,
    security        text        NOT NULL
        CHECK (security IN ('tls', 'starttls', 'starttls_if_offered', 'none')),
    username        text,
    -- Sealed with AES-256-GCM.
    password        bytea,
    -- For mail from this domain and those below it alone; null: for all.
    domain          text,
    weight          int         NOT NULL DEFAULT 1,
    connections     int,
    per_second      float8,
    per_hour        int,
    per_connection  int,
    created_at      timestamptz NOT NULL,

    PRIMARY KEY (account_id, id),
    CHECK ((username IS NULL) = (password IS NULL))
);

-- Who is there to share limits with. What is unlogged is written anew within seconds.
CREATE UNLOGGED TABLE node (
    id       uuid        PRIMARY KEY,
    seen_at  timestamptz NOT NULL
);

-- What each node sees of a relay, by the uid of the relay.
CREATE UNLOGGED TABLE relay_health (
    node         uuid        NOT NULL,
    relay        text        NOT NULL,
    connections  int         NOT NULL,
    accepted     bigint      NOT NULL,
    deferred     bigint      NOT NULL,
    refused      bigint      NOT NULL,
    failing      text,
    failing_since timestamptz,
    next_try_at  timestamptz,
    seen_at      timestamptz NOT NULL,

    PRIMARY KEY (node, relay)
);

-- Messages a second that all nodes share: when the next one is free (a leaky bucket as a clock).
CREATE UNLOGGED TABLE allowance (
    what     text        PRIMARY KEY,
    free_at  timestamptz NOT NULL
);

-- Receivers that have asked us to slow down, as seen through one relay; gone once they are quick.
CREATE TABLE receiver_pace (
    relay         text        NOT NULL,
    domain        text        NOT NULL,
    per_second    float8      NOT NULL,
    strikes       int         NOT NULL,
    paused_until  timestamptz NOT NULL,
    changed_at    timestamptz NOT NULL,
    reply         text        NOT NULL,

    PRIMARY KEY (relay, domain)
);

-- Since when a receiver defers it: how long it is tried counts from there.
ALTER TABLE delivery ADD COLUMN deferred_since timestamptz;

-- How fast a campaign goes out; null: as fast as its relays take it.
ALTER TABLE mailing ADD COLUMN IF NOT EXISTS per_hour int;

-- A claim looks for the next account, then for what of it has been due the longest.
CREATE INDEX mailing_chunk_turn ON mailing_chunk (account_id, mailing_id, due_at)
    WHERE bulk AND due_at IS NOT NULL;

-- New domains earn their reputation day by day.
ALTER TABLE sending_domain
    ADD COLUMN warm_up_from date,
    ADD COLUMN warm_up_plan int[],
    ADD CHECK ((warm_up_from IS NULL) = (warm_up_plan IS NULL));

CREATE TABLE warm_up_day (
    account_id  bigint NOT NULL REFERENCES account ON DELETE CASCADE,
    domain      text   NOT NULL,
    day         date   NOT NULL,
    sent        int    NOT NULL,

    PRIMARY KEY (account_id, domain, day)
);
