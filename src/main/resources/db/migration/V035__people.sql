ALTER TABLE account_user ADD COLUMN name text NOT NULL DEFAULT '';

-- A link by which a user chooses a password: an invitation, a reset, or the setup of a fresh
-- server. Only the hash of its key; one for each user, the last.
CREATE TABLE password_link (
    account_id  bigint      NOT NULL,
    user_id     bigint      NOT NULL,
    key_hash    bytea       NOT NULL UNIQUE,
    -- Its holder also says who they are.
    setup       boolean     NOT NULL,
    expires_at  timestamptz NOT NULL,

    PRIMARY KEY (account_id, user_id),
    FOREIGN KEY (account_id, user_id) REFERENCES account_user ON DELETE CASCADE
);

-- Who did what. Only ever inserted into; the address as it was, which outlives the user.
CREATE TABLE audit_entry (
    account_id  bigint      NOT NULL REFERENCES account ON DELETE CASCADE,
    id          bigint      GENERATED ALWAYS AS IDENTITY,
    at          timestamptz NOT NULL,
    user_id     bigint      NOT NULL,
    email       text        NOT NULL,
    action      text        NOT NULL,
    ip_address  text,

    PRIMARY KEY (account_id, id)
);
