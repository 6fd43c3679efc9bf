-- What is recorded of the contacts of an audience when they open or click.
ALTER TABLE audience
    ADD COLUMN tracking text NOT NULL DEFAULT 'individual'
        CHECK (tracking IN ('individual', 'aggregate', 'off'));

-- The audience's mode when the campaign started: what its links are made for. Null until then.
-- utm is what is appended to the links: {"source", "medium", "campaign", "term", "content"}.
ALTER TABLE campaign
    ADD COLUMN tracking text CHECK (tracking IN ('individual', 'aggregate', 'off')),
    ADD COLUMN utm jsonb;

UPDATE campaign SET tracking = 'individual' WHERE mailing_id IS NOT NULL;

-- Of a target with Liquid in it, which differs from copy to copy: what it begins and ends with.
-- Only what is between travels in the link. url is then what the author wrote.
ALTER TABLE link
    ADD COLUMN before text,
    ADD COLUMN after text,
    ADD CHECK ((before IS NULL) = (after IS NULL));

-- How often, by whom is not known: no recipient, no time, no address. link is the number of the
-- link that was followed; -1 where it is not known, and for opens.
CREATE TABLE anonymous_engagement (
    account_id  bigint NOT NULL,
    mailing_id  bigint NOT NULL,
    kind        text   NOT NULL CHECK (kind IN ('open', 'click')),
    link        int    NOT NULL,
    count       bigint NOT NULL,

    PRIMARY KEY (account_id, mailing_id, kind, link),
    FOREIGN KEY (account_id, mailing_id) REFERENCES mailing ON DELETE CASCADE
) WITH (fillfactor = 50);

-- Contacts who want their mail, but not to be watched reading it.
CREATE TABLE tracking_refusal (
    account_id  bigint      NOT NULL,
    contact_id  bigint      NOT NULL,
    refused_at  timestamptz NOT NULL,

    PRIMARY KEY (account_id, contact_id),
    FOREIGN KEY (account_id, contact_id) REFERENCES contact ON DELETE CASCADE
);
