-- The targets of a mailing's links. A click carries the number, so the redirect needs no search.
CREATE TABLE link (
    account_id  bigint NOT NULL,
    mailing_id  bigint NOT NULL,
    number      int    NOT NULL,
    url         text   NOT NULL,

    PRIMARY KEY (account_id, mailing_id, number),
    FOREIGN KEY (account_id, mailing_id) REFERENCES mailing ON DELETE CASCADE
);

-- What one recipient did with one message, summed up: insights read this and not the raw events.
CREATE TABLE engagement (
    account_id       bigint NOT NULL,
    mailing_id       bigint NOT NULL,
    number           int    NOT NULL,
    open_count       int    NOT NULL DEFAULT 0,
    first_open_at    timestamptz,
    click_count      int    NOT NULL DEFAULT 0,
    first_click_at   timestamptz,
    unsubscribed_at  timestamptz,
    complained_at    timestamptz,

    PRIMARY KEY (account_id, mailing_id, number),
    FOREIGN KEY (account_id, mailing_id) REFERENCES mailing ON DELETE CASCADE
);

-- Raw and append-only, by month, so that a month that has passed its retention is dropped whole.
-- Its partitions are made ahead of time by the program; the default one catches a clock gone wrong.
CREATE TABLE engagement_event (
    account_id  bigint      NOT NULL,
    mailing_id  bigint      NOT NULL,
    number      int         NOT NULL,
    kind        text        NOT NULL CHECK (kind IN ('open', 'click', 'unsubscribe')),
    link        int,
    at          timestamptz NOT NULL,
    ip_address  text,
    user_agent  text
) PARTITION BY RANGE (at);

CREATE TABLE engagement_event_default PARTITION OF engagement_event DEFAULT;

CREATE INDEX engagement_event_of_delivery ON engagement_event (account_id, mailing_id, number);
