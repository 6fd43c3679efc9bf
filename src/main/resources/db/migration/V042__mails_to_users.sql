-- Who mails to the users of an account come from. Null: nobody has decided.
ALTER TABLE account
    ADD COLUMN sender_name text,
    ADD COLUMN sender_email text;

-- Mails to users belong to no audience.
ALTER TABLE mailing
    ALTER COLUMN audience_id DROP NOT NULL,
    DROP CONSTRAINT mailing_kind_check,
    ADD CONSTRAINT mailing_kind_check CHECK (kind IN (
        'campaign', 'transactional', 'confirmation', 'welcome', 'goodbye', 'test', 'user')),
    ADD CONSTRAINT mailing_audience_check CHECK ((audience_id IS NULL) = (kind = 'user'));
