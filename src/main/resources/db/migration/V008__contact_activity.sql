-- What happened to a contact: the evidence of its consent (GDPR Art. 7(1)) and its timeline in one.
-- Only ever inserted into; gone with the contact.
CREATE TABLE contact_activity (
    account_id  bigint      NOT NULL,
    contact_id  bigint      NOT NULL,
    id          bigint      GENERATED ALWAYS AS IDENTITY,
    kind        text        NOT NULL CHECK (kind IN (
                    'subscribed', 'unconfirmed', 'confirmed', 'unsubscribed', 'tagged', 'untagged',
                    'updated')),
    at          timestamptz NOT NULL,
    -- How it came about: api, import, form, link, transactional …
    source      text        NOT NULL,
    -- Who asked for it; null when it was the contact. No foreign key: evidence outlives a user.
    user_id     bigint,
    ip_address  text,
    user_agent  text,
    -- The version of the text that was agreed to.
    wording     text,
    detail      jsonb       NOT NULL DEFAULT '{}',

    PRIMARY KEY (account_id, contact_id, id),
    FOREIGN KEY (account_id, contact_id) REFERENCES contact ON DELETE CASCADE
);

-- What a contact did elsewhere, as the customer's own programs report it. By month, as the events
-- of mails are.
CREATE TABLE contact_event (
    account_id  bigint      NOT NULL,
    contact_id  bigint      NOT NULL,
    id          bigint      GENERATED ALWAYS AS IDENTITY,
    name        text        NOT NULL CHECK (name ~ '^[A-Za-z0-9_]{1,100}$'),
    properties  jsonb,
    at          timestamptz NOT NULL,

    PRIMARY KEY (account_id, contact_id, at, id),
    FOREIGN KEY (account_id, contact_id) REFERENCES contact ON DELETE CASCADE
) PARTITION BY RANGE (at);

CREATE TABLE contact_event_default PARTITION OF contact_event DEFAULT;

-- The account's own list of suppressed addresses is read in this order.
CREATE INDEX blacklist_by_time ON blacklist (account_id, created_at, email);
