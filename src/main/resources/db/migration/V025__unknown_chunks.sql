-- A column in the predicate of an index counts as indexed: with this one, the outcome of a message
-- could not stay within its page (heap-only tuples), and was written to every index.
DROP INDEX delivery_unknown;

-- Whether a delivery of it has become unknown, so that these are found without reading all.
ALTER TABLE mailing_chunk ADD COLUMN has_unknown boolean NOT NULL DEFAULT false;

UPDATE mailing_chunk k
SET has_unknown = true
FROM delivery d
WHERE d.account_id = k.account_id AND d.mailing_id = k.mailing_id
  AND d.number BETWEEN k.first_number AND k.last_number AND d.state = 'unknown';

CREATE INDEX mailing_chunk_unknown ON mailing_chunk (account_id, mailing_id, first_number)
    WHERE has_unknown;

CREATE VIEW unknown_delivery AS
SELECT k.account_id, k.mailing_id, d.number
FROM mailing_chunk k
CROSS JOIN LATERAL (
    SELECT w.number
    FROM delivery w
    WHERE w.account_id = k.account_id AND w.mailing_id = k.mailing_id
      AND w.number BETWEEN k.first_number AND k.last_number AND w.state = 'unknown'
    OFFSET 0
) d
WHERE k.has_unknown;
