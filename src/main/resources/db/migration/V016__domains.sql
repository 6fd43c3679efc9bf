-- Domains that an account sends from. Two accounts may have the same one, each with keys of its own;
-- DNS says whose is right.
CREATE TABLE sending_domain (
    account_id   bigint      NOT NULL REFERENCES account ON DELETE CASCADE,
    id           bigint      GENERATED ALWAYS AS IDENTITY,
    uid          text        NOT NULL,
    -- In A-labels, lower case.
    domain       text        NOT NULL,
    created_at   timestamptz NOT NULL,
    checked_at   timestamptz,
    -- What the last check found, by the purpose of the record.
    findings     jsonb       NOT NULL DEFAULT '{}',
    -- Since when the keys are published as they should be; null: mail is not signed.
    verified_at  timestamptz,

    PRIMARY KEY (account_id, id),
    UNIQUE (account_id, uid),
    UNIQUE (account_id, domain)
);

CREATE TABLE dkim_key (
    account_id   bigint      NOT NULL,
    domain_id    bigint      NOT NULL,
    selector     text        NOT NULL,
    algorithm    text        NOT NULL CHECK (algorithm IN ('rsa-sha256', 'ed25519-sha256')),
    public_key   bytea       NOT NULL,
    -- Sealed with AES-256-GCM.
    private_key  bytea       NOT NULL,

    PRIMARY KEY (account_id, domain_id, selector),
    FOREIGN KEY (account_id, domain_id) REFERENCES sending_domain ON DELETE CASCADE
);
