-- Who is signed in, and where. Only the hash of the token: who reads this table cannot be anybody.
CREATE TABLE session (
    account_id   bigint      NOT NULL,
    id           bigint      GENERATED ALWAYS AS IDENTITY,
    user_id      bigint      NOT NULL,
    token_hash   bytea       NOT NULL UNIQUE,
    ip_address   text,
    user_agent   text,
    created_at   timestamptz NOT NULL,
    seen_at      timestamptz NOT NULL,
    -- What the next page says, once.
    notice       text,

    PRIMARY KEY (account_id, id),
    FOREIGN KEY (account_id, user_id) REFERENCES account_user ON DELETE CASCADE
);

CREATE INDEX session_of_user ON session (account_id, user_id);

-- Attempts to sign in within the running window, by the hash of who tries and as whom.
CREATE TABLE sign_in_attempt (
    key       bytea       PRIMARY KEY,
    attempts  int         NOT NULL,
    since     timestamptz NOT NULL
);
