-- Content that is kept for campaigns and messages to come: whole templates, layouts around Markdown,
-- and blocks within messages. Its content is that of its latest version.
CREATE TABLE template (
    account_id   bigint      NOT NULL REFERENCES account ON DELETE CASCADE,
    id           bigint      GENERATED ALWAYS AS IDENTITY,
    uid          text        NOT NULL,
    kind         text        NOT NULL CHECK (kind IN ('template', 'layout', 'block')),
    name         text        NOT NULL,
    version      int         NOT NULL,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,

    PRIMARY KEY (account_id, id),
    UNIQUE (account_id, uid)
);

-- By their names others use them.
CREATE UNIQUE INDEX template_block_name ON template (account_id, name) WHERE kind = 'block';

-- Never changed, so that nothing is lost. The content is what the author wrote; html, and of blocks
-- the text, what it compiled to. The names are those of the blocks that stand right in it.
CREATE TABLE template_version (
    account_id   bigint      NOT NULL,
    template_id  bigint      NOT NULL,
    version      int         NOT NULL,
    format       text        NOT NULL CHECK (format IN ('html', 'mjml', 'markdown')),
    subject      text,
    content      text        NOT NULL,
    text         text,
    inline_css   boolean     NOT NULL,
    html         text        NOT NULL,
    made_text    text,
    block_names  text[]      NOT NULL,
    created_at   timestamptz NOT NULL,

    PRIMARY KEY (account_id, template_id, version),
    FOREIGN KEY (account_id, template_id) REFERENCES template ON DELETE CASCADE
);

-- How the content was written; the html is what it compiled to, and is null-sourced when it was
-- written as it is. The blocks are those of a campaign that is started, as they were then.
ALTER TABLE campaign
    ADD COLUMN format text NOT NULL DEFAULT 'html' CHECK (format IN ('html', 'mjml', 'markdown')),
    ADD COLUMN source text,
    ADD COLUMN layout_id bigint,
    ADD COLUMN inline_css boolean NOT NULL DEFAULT false,
    ADD COLUMN text_is_made boolean NOT NULL DEFAULT false,
    ADD COLUMN block_names text[] NOT NULL DEFAULT '{}',
    ADD COLUMN blocks jsonb,
    ADD FOREIGN KEY (account_id, layout_id) REFERENCES template ON DELETE SET NULL (layout_id);

ALTER TABLE transactional
    ADD COLUMN format text NOT NULL DEFAULT 'html' CHECK (format IN ('html', 'mjml', 'markdown')),
    ADD COLUMN source text,
    ADD COLUMN layout_id bigint,
    ADD COLUMN inline_css boolean NOT NULL DEFAULT false,
    ADD COLUMN text_is_made boolean NOT NULL DEFAULT false,
    ADD COLUMN block_names text[] NOT NULL DEFAULT '{}',
    ADD FOREIGN KEY (account_id, layout_id) REFERENCES template ON DELETE SET NULL (layout_id);

CREATE INDEX campaign_of_layout ON campaign (account_id, layout_id) WHERE layout_id IS NOT NULL;
CREATE INDEX transactional_of_layout
    ON transactional (account_id, layout_id) WHERE layout_id IS NOT NULL;
