-- Mails that go out by themselves when somebody joins or leaves; null: none.
ALTER TABLE audience
    ADD COLUMN welcome_subject text,
    ADD COLUMN welcome_html    text,
    ADD COLUMN welcome_text    text,
    ADD COLUMN goodbye_subject text,
    ADD COLUMN goodbye_html    text,
    ADD COLUMN goodbye_text    text,
    ADD CHECK ((welcome_subject IS NULL) = (welcome_html IS NULL AND welcome_text IS NULL)),
    ADD CHECK ((goodbye_subject IS NULL) = (goodbye_html IS NULL AND goodbye_text IS NULL)),
    -- It is commercial mail.
    ADD CHECK (welcome_subject IS NULL OR address_1 <> '');

-- A confirmation mail each, with what it said: evidence of consent, gone with the contact. A link
-- counts only as long as the contact has the address that it was sent to.
CREATE TABLE opt_in_request (
    account_id    bigint      NOT NULL,
    contact_id    bigint      NOT NULL,
    -- Nobody is asked more than twice.
    number        int         NOT NULL CHECK (number IN (1, 2)),
    recipient     text        NOT NULL,
    requested_at  timestamptz NOT NULL,
    expires_at    timestamptz NOT NULL,
    wording       text        NOT NULL,
    message_id    text        NOT NULL,

    PRIMARY KEY (account_id, contact_id, number),
    FOREIGN KEY (account_id, contact_id) REFERENCES contact ON DELETE CASCADE
);

-- When each mailbox was last asked, whatever the audience. Outlives the contact by a day, or
-- deleting it would let the next mail out; so it is no address but a keyed hash of one.
CREATE TABLE opt_in_limit (
    account_id  bigint      NOT NULL REFERENCES account ON DELETE CASCADE,
    mailbox     text        NOT NULL,
    mailed_at   timestamptz NOT NULL,

    PRIMARY KEY (account_id, mailbox)
);

CREATE INDEX opt_in_limit_by_age ON opt_in_limit (mailed_at);
