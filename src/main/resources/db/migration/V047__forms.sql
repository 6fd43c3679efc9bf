-- A form by which strangers join an audience. Its uid is the whole address: no account is named.
CREATE TABLE audience_form (
    account_id   bigint      NOT NULL,
    audience_id  bigint      NOT NULL,
    uid          text        NOT NULL UNIQUE,
    open         boolean     NOT NULL,
    title        text        NOT NULL,
    intro        text        NOT NULL,
    -- What they agree to; kept with the consent of each.
    consent      text        NOT NULL,
    button       text        NOT NULL,
    updated_at   timestamptz NOT NULL,

    PRIMARY KEY (account_id, audience_id),
    FOREIGN KEY (account_id, audience_id) REFERENCES audience ON DELETE CASCADE
);

-- How often a form was sent within the running window, by the keyed hash of who and where.
CREATE UNLOGGED TABLE form_attempt (
    key       bytea       PRIMARY KEY,
    attempts  int         NOT NULL,
    since     timestamptz NOT NULL
);

CREATE INDEX form_attempt_by_age ON form_attempt (since);
