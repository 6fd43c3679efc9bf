-- A second step of signing in: the secret that an app on a phone shares with us, sealed.
CREATE TABLE second_step (
    account_id    bigint      NOT NULL,
    user_id       bigint      NOT NULL,
    secret        bytea       NOT NULL,
    -- Null: begun, not yet proven by a first code.
    confirmed_at  timestamptz,
    -- Of the last code that was taken. None is taken twice (RFC 6238 §5.2).
    last_step     bigint      NOT NULL DEFAULT 0,

    PRIMARY KEY (account_id, user_id),
    FOREIGN KEY (account_id, user_id) REFERENCES account_user ON DELETE CASCADE
);

-- For who has lost the phone. Each is good once; what is used is deleted.
CREATE TABLE recovery_code (
    account_id  bigint NOT NULL,
    user_id     bigint NOT NULL,
    code_hash   bytea  NOT NULL,

    PRIMARY KEY (account_id, user_id, code_hash),
    FOREIGN KEY (account_id, user_id) REFERENCES account_user ON DELETE CASCADE
);

-- Whose password was right and whose code is still missing. No session yet.
CREATE TABLE half_way (
    token_hash  bytea       PRIMARY KEY,
    account_id  bigint      NOT NULL,
    user_id     bigint      NOT NULL,
    expires_at  timestamptz NOT NULL,

    FOREIGN KEY (account_id, user_id) REFERENCES account_user ON DELETE CASCADE
);

CREATE INDEX half_way_of_user ON half_way (account_id, user_id);

CREATE TABLE passkey (
    account_id     bigint      NOT NULL,
    id             bigint      GENERATED ALWAYS AS IDENTITY,
    user_id        bigint      NOT NULL,
    credential_id  bytea       NOT NULL UNIQUE,
    -- COSE_Key (RFC 9052 §7).
    public_key     bytea       NOT NULL,
    counter        bigint      NOT NULL,
    name           text        NOT NULL,
    created_at     timestamptz NOT NULL,
    used_at        timestamptz,

    PRIMARY KEY (account_id, id),
    FOREIGN KEY (account_id, user_id) REFERENCES account_user ON DELETE CASCADE
);

CREATE INDEX passkey_of_user ON passkey (account_id, user_id);

-- What a browser was asked to sign, until it answers: then, or after some minutes, the row is gone.
CREATE TABLE passkey_request (
    challenge   bytea       PRIMARY KEY,
    -- Null: somebody who signs in, and says by the answer who they are.
    account_id  bigint,
    user_id     bigint,
    request     text        NOT NULL,
    expires_at  timestamptz NOT NULL,

    FOREIGN KEY (account_id, user_id) REFERENCES account_user ON DELETE CASCADE
);
