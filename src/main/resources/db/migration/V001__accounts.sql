-- Every table below carries account_id first in its key: a statement without the tenant has no
-- index to use, and an engine that spreads tenants over machines can hold all of them together.
CREATE TABLE account (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    uid         text        NOT NULL UNIQUE,
    name        text        NOT NULL,
    created_at  timestamptz NOT NULL
);

CREATE TABLE account_user (
    account_id     bigint      NOT NULL REFERENCES account ON DELETE CASCADE,
    id             bigint      GENERATED ALWAYS AS IDENTITY,
    uid            text        NOT NULL UNIQUE,
    email          text        NOT NULL UNIQUE,
    password_hash  text        NOT NULL,
    role           text        NOT NULL CHECK (role IN ('owner', 'admin', 'marketer', 'viewer', 'api')),
    created_at     timestamptz NOT NULL,

    PRIMARY KEY (account_id, id)
);

-- Only the hash: who reads this table cannot call the API. The prefix is for humans who compare.
CREATE TABLE api_token (
    account_id   bigint      NOT NULL,
    id           bigint      GENERATED ALWAYS AS IDENTITY,
    user_id      bigint      NOT NULL,
    name         text        NOT NULL,
    prefix       text        NOT NULL,
    sha256       bytea       NOT NULL UNIQUE,
    created_at   timestamptz NOT NULL,
    revoked_at   timestamptz,

    PRIMARY KEY (account_id, id),
    FOREIGN KEY (account_id, user_id) REFERENCES account_user ON DELETE CASCADE
);

-- One row: the key of all signed links, made by the first node that needs it.
CREATE TABLE signing_key (
    only_one  boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    secret    bytea   NOT NULL CHECK (length(secret) >= 32)
);
