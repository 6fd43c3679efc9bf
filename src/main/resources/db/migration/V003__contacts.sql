CREATE TABLE contact (
    account_id       bigint      NOT NULL,
    id               bigint      GENERATED ALWAYS AS IDENTITY,
    audience_id      bigint      NOT NULL,
    uid              text        NOT NULL,
    -- Lower-cased by the program, whose Unicode rules and the database's may differ: no CHECK.
    email            text        NOT NULL,
    status           text        NOT NULL CHECK (status IN ('subscribed', 'unsubscribed', 'unconfirmed')),
    source           text        NOT NULL,
    ip_address       text,
    tags             text[]      NOT NULL DEFAULT '{}',
    -- Values of custom fields by field tag. One jsonb, not a row per value: a message and a
    -- segment read them together, and a list would otherwise join once per field.
    fields           jsonb       NOT NULL DEFAULT '{}',
    created_at       timestamptz NOT NULL,
    updated_at       timestamptz NOT NULL,
    unsubscribed_at  timestamptz,

    PRIMARY KEY (account_id, id),
    UNIQUE (account_id, audience_id, email),
    UNIQUE (account_id, uid),
    FOREIGN KEY (account_id, audience_id) REFERENCES audience ON DELETE CASCADE,
    CHECK ((status = 'unsubscribed') = (unsubscribed_at IS NOT NULL))
);

-- The list of an audience and the recipients of a mailing are both read in this order.
CREATE INDEX contact_of_audience ON contact (account_id, audience_id, id);

-- Of the whole account, and outliving the contact: a deleted address stays suppressed.
CREATE TABLE blacklist (
    account_id  bigint      NOT NULL REFERENCES account ON DELETE CASCADE,
    email       text        NOT NULL,
    reason      text        NOT NULL CHECK (reason IN ('bounced', 'complained', 'unsubscribed', 'manual')),
    created_at  timestamptz NOT NULL,

    PRIMARY KEY (account_id, email)
);

CREATE TABLE contact_import (
    account_id   bigint      NOT NULL,
    id           bigint      GENERATED ALWAYS AS IDENTITY,
    uid          text        NOT NULL,
    audience_id  bigint      NOT NULL,
    file_name    text        NOT NULL,
    created      int         NOT NULL,
    updated      int         NOT NULL,
    rejected     int         NOT NULL,
    finished_at  timestamptz NOT NULL,

    PRIMARY KEY (account_id, id),
    UNIQUE (account_id, uid),
    FOREIGN KEY (account_id, audience_id) REFERENCES audience ON DELETE CASCADE
);

-- Where in the file and why; never what stood there, which would outlive a contact's erasure.
CREATE TABLE contact_import_rejection (
    account_id  bigint NOT NULL,
    import_id   bigint NOT NULL,
    line        bigint NOT NULL,
    reason      text   NOT NULL,

    PRIMARY KEY (account_id, import_id, line),
    FOREIGN KEY (account_id, import_id) REFERENCES contact_import ON DELETE CASCADE
);
