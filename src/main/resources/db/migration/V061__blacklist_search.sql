-- The blacklist is searched by any part of an address, and by reason.
CREATE INDEX blacklist_email_trigrams ON blacklist USING gin (email gin_trgm_ops);
CREATE INDEX blacklist_by_reason ON blacklist (account_id, reason, created_at, email);
