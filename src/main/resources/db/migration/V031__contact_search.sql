-- Contacts are searched for as somebody types: by any part of their address, by tag, and by status,
-- of which nearly all have the first.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE INDEX contact_email_trigrams ON contact USING gin (email gin_trgm_ops);
CREATE INDEX contact_tags ON contact USING gin (tags);
CREATE INDEX contact_not_subscribed ON contact (account_id, audience_id, status, id)
    WHERE status <> 'subscribed';
