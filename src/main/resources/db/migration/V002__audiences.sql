CREATE TABLE audience (
    account_id       bigint      NOT NULL REFERENCES account ON DELETE CASCADE,
    id               bigint      GENERATED ALWAYS AS IDENTITY,
    uid              text        NOT NULL,
    name             text        NOT NULL,
    default_subject  text        NOT NULL DEFAULT '',
    from_email       text        NOT NULL,
    from_name        text        NOT NULL,
    double_opt_in    boolean     NOT NULL DEFAULT false,
    company          text        NOT NULL DEFAULT '',
    address_1        text        NOT NULL DEFAULT '',
    address_2        text        NOT NULL DEFAULT '',
    country          text        NOT NULL DEFAULT '',
    state            text        NOT NULL DEFAULT '',
    zip              text        NOT NULL DEFAULT '',
    city             text        NOT NULL DEFAULT '',
    phone            text        NOT NULL DEFAULT '',
    website          text        NOT NULL DEFAULT '',
    contact_email    text        NOT NULL DEFAULT '',
    created_at       timestamptz NOT NULL,
    updated_at       timestamptz NOT NULL,

    PRIMARY KEY (account_id, id),
    UNIQUE (account_id, uid)
);

-- EMAIL is not among them: every audience has it, and it is the contact's own column.
CREATE TABLE audience_field (
    account_id   bigint  NOT NULL,
    id           bigint  GENERATED ALWAYS AS IDENTITY,
    audience_id  bigint  NOT NULL,
    label        text    NOT NULL,
    type         text    NOT NULL CHECK (type IN ('text', 'number', 'textarea', 'date', 'datetime', 'time')),
    tag          text    NOT NULL CHECK (tag ~ '^[A-Z][A-Z0-9_]{0,63}$' AND tag <> 'EMAIL'),
    visible      boolean NOT NULL DEFAULT true,
    required     boolean NOT NULL DEFAULT false,

    PRIMARY KEY (account_id, id),
    UNIQUE (account_id, audience_id, tag),
    FOREIGN KEY (account_id, audience_id) REFERENCES audience ON DELETE CASCADE
);
