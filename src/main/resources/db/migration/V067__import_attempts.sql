-- How often somebody took the import since it last got further: a file that ends each run, or the
-- whole server, is given up after a few.
ALTER TABLE contact_import ADD COLUMN attempts int NOT NULL DEFAULT 0;
