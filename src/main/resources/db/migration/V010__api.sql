-- What a token may do beyond its user's role. Null: all of it.
ALTER TABLE api_token
    ADD COLUMN scopes        text[] CHECK (scopes <@ '{contacts,campaigns,transactional}'),
    ADD COLUMN read_only     boolean NOT NULL DEFAULT false,
    ADD COLUMN last_used_at  timestamptz;

-- The last requests of each user. Unlogged: after a crash everybody begins with an empty second.
CREATE UNLOGGED TABLE user_rate (
    account_id  bigint        NOT NULL,
    user_id     bigint        NOT NULL,
    -- When each was, or will be, let in, the oldest first; at most as many as a second has.
    admitted    timestamptz[] NOT NULL DEFAULT '{}',

    PRIMARY KEY (account_id, user_id)
) WITH (fillfactor = 50);

-- Lets each request in, at once or when a second has passed since the one that was "most" before
-- it. Who would have to wait longer than "patience" (seconds) is refused, and not counted.
CREATE FUNCTION take_requests(
    places int[], accounts bigint[], users bigint[], most int, patience double precision,
    -- Null: the clock of the database, which all nodes share.
    at timestamptz)
RETURNS TABLE (place int, delay double precision, refused boolean, remaining int)
LANGUAGE plpgsql AS $$
DECLARE
    times    timestamptz[];
    now_     timestamptz;
    turn     timestamptz;
BEGIN
    FOR i IN 1 .. cardinality(places) LOOP
        SELECT r.admitted INTO times
        FROM user_rate r
        WHERE r.account_id = accounts[i] AND r.user_id = users[i]
        FOR UPDATE;
        IF NOT FOUND THEN
            INSERT INTO user_rate AS r (account_id, user_id) VALUES (accounts[i], users[i])
            ON CONFLICT (account_id, user_id) DO UPDATE SET admitted = r.admitted
            RETURNING r.admitted INTO times;
        END IF;

        -- Only now: before, others may have been let in while this one waited for the row.
        now_ := coalesce(at, clock_timestamp());
        turn := now_;
        IF cardinality(times) >= most THEN
            turn := greatest(now_, times[cardinality(times) - most + 1] + interval '1 second');
        END IF;
        place := places[i];
        delay := extract(epoch FROM turn - now_);
        refused := delay > patience;
        IF NOT refused THEN
            times := times || turn;
            times := times[greatest(1, cardinality(times) - most + 1):];
            UPDATE user_rate r SET admitted = times
            WHERE r.account_id = accounts[i] AND r.user_id = users[i];
        END IF;
        SELECT most - count(*) INTO remaining
        FROM unnest(times) AS t WHERE t > now_ - interval '1 second';
        RETURN NEXT;
    END LOOP;
END $$;

-- The first answer to each Idempotency-Key, kept in the transaction of what was done.
CREATE TABLE idempotent_answer (
    account_id  bigint      NOT NULL,
    user_id     bigint      NOT NULL,
    key         text        NOT NULL,
    -- SHA-256 of the operation and its parameters: a key stands for one request.
    request     bytea       NOT NULL,
    status      int         NOT NULL,
    answer      text,
    created_at  timestamptz NOT NULL,

    PRIMARY KEY (account_id, user_id, key),
    FOREIGN KEY (account_id, user_id) REFERENCES account_user ON DELETE CASCADE
);

CREATE INDEX idempotent_answer_by_age ON idempotent_answer (created_at);
