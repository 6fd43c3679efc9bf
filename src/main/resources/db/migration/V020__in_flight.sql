-- The chunk says which of its messages is behind the barrier: its final dot may have been written.
-- One worker delivers one chunk, message after message, so it is one at most. Each change stays
-- within its page (heap-only tuples): no index holds the column, and the fillfactor leaves room.
ALTER TABLE mailing_chunk ADD COLUMN in_flight int;
ALTER TABLE mailing_chunk SET (fillfactor = 40);

UPDATE mailing_chunk k
SET in_flight = d.number
FROM delivery d
WHERE d.account_id = k.account_id AND d.mailing_id = k.mailing_id
  AND d.number BETWEEN k.first_number AND k.last_number AND d.state = 'in_flight';

UPDATE delivery SET state = 'waiting' WHERE state = 'in_flight';

ALTER TYPE delivery_state RENAME TO delivery_state_with_in_flight;
CREATE TYPE delivery_state AS ENUM ('waiting', 'sent', 'failed', 'skipped', 'unknown');
ALTER TABLE delivery ALTER COLUMN state DROP DEFAULT;
ALTER TABLE delivery ALTER COLUMN state TYPE delivery_state USING state::text::delivery_state;
ALTER TABLE delivery ALTER COLUMN state SET DEFAULT 'waiting';
DROP TYPE delivery_state_with_in_flight;

COMMENT ON COLUMN delivery.attempt IS 'Of the chunk, when this row was given up behind the barrier.';
ALTER TABLE delivery SET (fillfactor = 75);
