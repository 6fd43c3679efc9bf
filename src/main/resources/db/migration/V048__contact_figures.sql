-- Summed up from what happens, every half minute, so that a million contacts need not be read: by
-- day for the growth of an audience, by contact for who opened lately, and the tags in use.
CREATE TABLE audience_day (
    account_id    bigint NOT NULL,
    audience_id   bigint NOT NULL,
    day           date   NOT NULL,
    joined        int    NOT NULL,
    unsubscribed  int    NOT NULL,

    PRIMARY KEY (account_id, audience_id, day),
    FOREIGN KEY (account_id, audience_id) REFERENCES audience ON DELETE CASCADE
);

CREATE TABLE contact_engagement (
    account_id     bigint NOT NULL,
    contact_id     bigint NOT NULL,
    audience_id    bigint NOT NULL,
    last_open_at   timestamptz,
    last_click_at  timestamptz,

    PRIMARY KEY (account_id, contact_id),
    FOREIGN KEY (account_id, contact_id) REFERENCES contact ON DELETE CASCADE
);

CREATE INDEX contact_engagement_by_open
    ON contact_engagement (account_id, audience_id, last_open_at);
CREATE INDEX contact_engagement_by_click
    ON contact_engagement (account_id, audience_id, last_click_at);

CREATE TABLE audience_tag (
    account_id   bigint NOT NULL,
    audience_id  bigint NOT NULL,
    tag          text   NOT NULL,

    PRIMARY KEY (account_id, audience_id, tag),
    FOREIGN KEY (account_id, audience_id) REFERENCES audience ON DELETE CASCADE
);

-- One row: what happened until then is summed up.
CREATE TABLE contact_figures (
    one    boolean     PRIMARY KEY DEFAULT true CHECK (one),
    until  timestamptz NOT NULL
);

INSERT INTO contact_figures (until) VALUES ('-infinity');

-- Both tables only grow, so that a block holds one stretch of time.
CREATE INDEX contact_activity_by_time ON contact_activity USING brin (at);
CREATE INDEX engagement_event_by_time ON engagement_event USING brin (at);
