-- Contacts are searched for as somebody types, by any part of their address.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE INDEX contact_email_trigrams ON contact USING gin (email gin_trgm_ops);
