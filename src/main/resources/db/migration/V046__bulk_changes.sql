-- One change of all contacts that match: done some hundred at a time by whichever node comes by.
CREATE TABLE contact_bulk_change (
    account_id   bigint      NOT NULL,
    id           bigint      GENERATED ALWAYS AS IDENTITY,
    uid          text        NOT NULL,
    audience_id  bigint      NOT NULL,
    action       text        NOT NULL CHECK (action IN ('tag', 'untag', 'unsubscribe', 'delete', 'clear')),
    -- The tag, or the field that is cleared.
    value        text        NOT NULL DEFAULT '',
    filter       jsonb       NOT NULL,
    total        int         NOT NULL,
    done         int         NOT NULL DEFAULT 0,
    -- The cursor: contacts from here on were looked at. Who joins after the start is above it.
    before_id    bigint      NOT NULL,
    user_id      bigint,
    ip_address   text,
    user_agent   text,
    started_at   timestamptz NOT NULL,
    finished_at  timestamptz,

    PRIMARY KEY (account_id, id),
    UNIQUE (account_id, uid),
    FOREIGN KEY (account_id, audience_id) REFERENCES audience ON DELETE CASCADE
);

CREATE INDEX contact_bulk_change_under_way ON contact_bulk_change (account_id, audience_id, id)
    WHERE finished_at IS NULL;
