-- What a contact is found by as somebody types: worked out once, when it changes, and in one index.
ALTER TABLE contact ADD COLUMN searched text
    GENERATED ALWAYS AS (email || E'\n' || contact_name(fields)) STORED;

DROP INDEX contact_email_trigrams;
DROP INDEX contact_name_trigrams;
CREATE INDEX contact_searched ON contact USING gin (searched gin_trgm_ops);
