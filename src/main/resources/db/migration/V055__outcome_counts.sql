-- How many of a chunk's recipients have which outcome, so that the figures of a campaign are the sum
-- of its chunks and not of a million rows. Null while a worker has the chunk: then its recipients
-- are counted themselves. Every outcome stays within its page, as before: only the end of a loan
-- counts, once for 250 messages, and what changes afterwards (evidence, a late bounce, an erasure)
-- moves one. Whoever is not waiting, sent, failed, skipped or unknown does not exist, so what is
-- left is waiting.
ALTER TABLE mailing_chunk
    ADD COLUMN sent     int,
    ADD COLUMN failed   int,
    ADD COLUMN skipped  int,
    ADD COLUMN unknown  int,
    ADD COLUMN bounced  int;

CREATE FUNCTION count_chunk() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    found_rows int;
BEGIN
    NEW.sent := NULL; NEW.failed := NULL; NEW.skipped := NULL; NEW.unknown := NULL;
    NEW.bounced := NULL;
    IF NEW.node IS NOT NULL THEN
        RETURN NEW;
    END IF;
    SELECT count(*), count(*) FILTER (WHERE d.state = 'sent'),
           count(*) FILTER (WHERE d.state = 'failed'), count(*) FILTER (WHERE d.state = 'skipped'),
           count(*) FILTER (WHERE d.state = 'unknown'), count(d.bounced_at)
    INTO found_rows, NEW.sent, NEW.failed, NEW.skipped, NEW.unknown, NEW.bounced
    FROM (
        -- By its key, whatever the statistics say.
        SELECT w.state, w.bounced_at
        FROM delivery w
        WHERE w.account_id = NEW.account_id AND w.mailing_id = NEW.mailing_id
          AND w.number BETWEEN NEW.first_number AND NEW.last_number
        OFFSET 0
    ) d;
    -- Its recipients are not written yet.
    IF found_rows <> NEW.last_number - NEW.first_number + 1 THEN
        NEW.sent := NULL;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER chunk_is_written BEFORE INSERT ON mailing_chunk
    FOR EACH ROW WHEN (NEW.bulk) EXECUTE FUNCTION count_chunk();
CREATE TRIGGER chunk_is_lent_or_back BEFORE UPDATE OF node, due_at ON mailing_chunk
    FOR EACH ROW WHEN (
        NEW.bulk AND (OLD.node IS DISTINCT FROM NEW.node
                      OR (OLD.due_at IS NULL) <> (NEW.due_at IS NULL)))
    EXECUTE FUNCTION count_chunk();

CREATE FUNCTION move_outcome() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE mailing_chunk k
    SET sent = k.sent + (NEW.state = 'sent')::int - (OLD.state = 'sent')::int,
        failed = k.failed + (NEW.state = 'failed')::int - (OLD.state = 'failed')::int,
        skipped = k.skipped + (NEW.state = 'skipped')::int - (OLD.state = 'skipped')::int,
        unknown = k.unknown + (NEW.state = 'unknown')::int - (OLD.state = 'unknown')::int,
        bounced = k.bounced + (NEW.bounced_at IS NOT NULL)::int - (OLD.bounced_at IS NOT NULL)::int
    WHERE k.account_id = NEW.account_id AND k.mailing_id = NEW.mailing_id
      AND k.first_number = (
          SELECT max(o.first_number)
          FROM mailing_chunk o
          WHERE o.account_id = NEW.account_id AND o.mailing_id = NEW.mailing_id
            AND o.first_number <= NEW.number)
      AND k.bulk AND k.sent IS NOT NULL AND k.node IS NULL;
    RETURN NULL;
END $$;

-- Not for the outcome of a message that was waiting: its chunk is lent, and counted when it is back.
CREATE TRIGGER outcome_is_changed AFTER UPDATE OF state, bounced_at, address ON delivery
    FOR EACH ROW WHEN (
        (OLD.state <> 'waiting' OR NEW.address IS NULL)
        AND (OLD.state <> NEW.state OR (OLD.bounced_at IS NULL) <> (NEW.bounced_at IS NULL)))
    EXECUTE FUNCTION move_outcome();

UPDATE mailing_chunk k
SET sent = d.sent, failed = d.failed, skipped = d.skipped, unknown = d.unknown, bounced = d.bounced
FROM (
    SELECT c.account_id, c.mailing_id, c.first_number,
           count(*) FILTER (WHERE w.state = 'sent') AS sent,
           count(*) FILTER (WHERE w.state = 'failed') AS failed,
           count(*) FILTER (WHERE w.state = 'skipped') AS skipped,
           count(*) FILTER (WHERE w.state = 'unknown') AS unknown,
           count(w.bounced_at) AS bounced
    FROM mailing_chunk c
    JOIN delivery w ON w.account_id = c.account_id AND w.mailing_id = c.mailing_id
        AND w.number BETWEEN c.first_number AND c.last_number
    WHERE c.bulk AND c.node IS NULL
    GROUP BY c.account_id, c.mailing_id, c.first_number
) d
WHERE k.account_id = d.account_id AND k.mailing_id = d.mailing_id
  AND k.first_number = d.first_number;
