-- Imports that run by themselves: first a draft, for which somebody decides what becomes of each
-- column; then some node takes it, some thousand rows at a time. What the API imports is done when
-- it is written.
ALTER TABLE contact_import
    ALTER COLUMN finished_at DROP NOT NULL,
    ADD COLUMN state text NOT NULL DEFAULT 'done'
        CHECK (state IN ('draft', 'queued', 'done', 'failed', 'cancelled')),
    ADD COLUMN created_at timestamptz,
    -- Who does it, and from where. No foreign key: the evidence outlives a user.
    ADD COLUMN user_id bigint,
    ADD COLUMN ip_address text,
    ADD COLUMN user_agent text,
    ADD COLUMN plan jsonb,
    ADD COLUMN bytes bigint NOT NULL DEFAULT 0,
    ADD COLUMN rows_total bigint,
    -- The cursor: rows up to here have become contacts or rejections.
    ADD COLUMN rows_done bigint NOT NULL DEFAULT 0,
    ADD COLUMN skipped int NOT NULL DEFAULT 0,
    ADD COLUMN problem text,
    ADD COLUMN leased_until timestamptz,
    ADD CHECK ((state IN ('draft', 'queued')) = (finished_at IS NULL));

UPDATE contact_import SET created_at = finished_at;

ALTER TABLE contact_import ALTER COLUMN created_at SET NOT NULL;

CREATE INDEX contact_import_of_audience ON contact_import (account_id, audience_id, id);
CREATE INDEX contact_import_under_way ON contact_import (id) WHERE state IN ('draft', 'queued');

-- The file of a draft and of an import that is under way, in pieces; gone with the last row.
CREATE TABLE contact_import_file (
    account_id  bigint NOT NULL,
    import_id   bigint NOT NULL,
    piece       int    NOT NULL,
    content     bytea  NOT NULL,

    PRIMARY KEY (account_id, import_id, piece),
    FOREIGN KEY (account_id, import_id) REFERENCES contact_import ON DELETE CASCADE
);

-- The row itself, so that it can be mended and imported again; dropped after 30 days, and with the
-- contact that it is about.
ALTER TABLE contact_import_rejection ADD COLUMN cells text[];
