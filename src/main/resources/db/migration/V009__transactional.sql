-- A transactional message as its author set it up. The version counts its changes: what is compiled
-- of it is kept by version.
CREATE TABLE transactional (
    account_id   bigint      NOT NULL,
    id           bigint      GENERATED ALWAYS AS IDENTITY,
    uid          text        NOT NULL,
    audience_id  bigint      NOT NULL,
    name         text        NOT NULL,
    content      text        NOT NULL CHECK (content IN ('internal', 'external')),
    subject      text        NOT NULL,
    from_email   text        NOT NULL,
    from_name    text        NOT NULL,
    reply_to     text,
    html         text,
    text         text,
    version      int         NOT NULL,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,

    PRIMARY KEY (account_id, id),
    UNIQUE (account_id, uid),
    FOREIGN KEY (account_id, audience_id) REFERENCES audience ON DELETE CASCADE,
    CHECK (content = 'external' OR html IS NOT NULL OR text IS NOT NULL)
);

-- What was sent of it, beside the mailing that tells what became of it. The subject may name a
-- person: it goes with the contact. By uid, not id, of the message: the log outlives it, and no
-- insert waits for a lock on the one row that all of them would point at.
CREATE TABLE transactional_message (
    account_id         bigint      NOT NULL,
    mailing_id         bigint      NOT NULL,
    uid                text        NOT NULL,
    transactional_uid  text        NOT NULL,
    contact_id         bigint      NOT NULL,
    subject            text        NOT NULL,
    queued_at          timestamptz NOT NULL,

    PRIMARY KEY (account_id, mailing_id),
    UNIQUE (account_id, uid),
    FOREIGN KEY (account_id, mailing_id) REFERENCES mailing ON DELETE CASCADE,
    FOREIGN KEY (account_id, contact_id) REFERENCES contact ON DELETE CASCADE
);

CREATE INDEX transactional_message_in_time ON transactional_message (account_id, queued_at);
CREATE INDEX transactional_message_of_message
    ON transactional_message (account_id, transactional_uid, queued_at);
CREATE INDEX transactional_message_of_contact ON transactional_message (account_id, contact_id);
