-- A link that somebody asked for by mail must not make an invitation worthless.
ALTER TABLE password_link
    ADD COLUMN purpose text NOT NULL DEFAULT 'given' CHECK (purpose IN ('given', 'asked_for')),
    DROP CONSTRAINT password_link_pkey,
    ADD PRIMARY KEY (account_id, user_id, purpose);
