CREATE TABLE campaign (
    account_id   bigint      NOT NULL,
    id           bigint      GENERATED ALWAYS AS IDENTITY,
    uid          text        NOT NULL,
    audience_id  bigint      NOT NULL,
    name         text        NOT NULL,
    subject      text        NOT NULL,
    from_email   text        NOT NULL,
    from_name    text        NOT NULL,
    reply_to     text        NOT NULL,
    html         text        NOT NULL,
    text         text,
    -- Null until it is started. From then on the mailing tells how it stands.
    mailing_id   bigint,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,

    PRIMARY KEY (account_id, id),
    UNIQUE (account_id, uid),
    UNIQUE (account_id, mailing_id),
    FOREIGN KEY (account_id, audience_id) REFERENCES audience ON DELETE CASCADE,
    FOREIGN KEY (account_id, mailing_id) REFERENCES mailing
);
