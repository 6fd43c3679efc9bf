package io.dynosend.sending;

import io.dynosend.common.EmailAddress;
import io.dynosend.sending.LedgerEntry.Barrier;
import io.dynosend.sending.LedgerEntry.Result;
import io.dynosend.sending.LedgerEntry.Verdict;
import io.dynosend.sending.Outcome.Bounce;
import io.dynosend.sending.Outcome.Deferred;
import io.dynosend.sending.Outcome.Failed;
import io.dynosend.sending.Outcome.Sent;
import io.dynosend.sending.Outcome.Unknown;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The two statements that every message passes, each for as many rows as are waiting. */
final class LedgerStatements {

    // The one statement that gives crash safety, fencing of nodes, pause and late unsubscribe: what
    // does not come back as passed is not sent. The chunk is the place that two workers meet: its
    // row lock makes one of them the first, and the attempt tells the other.
    // The verdicts are complete before a chunk is touched (MATERIALIZED), and each row is found by
    // its key whatever the statistics say (OFFSET 0).
    private static final String BARRIER =
            """
            WITH verdict AS MATERIALIZED (
                SELECT d.*,
            """
                    + Obstacle.SQL
                    + """
                                AS obstacle
                        FROM unnest(?, ?, ?, ?, ?, ?, ?, ?)
                            AS d (account_id, mailing_id, number, first_number, attempt,
                                  contact_id, address, relay)
                        CROSS JOIN LATERAL (
                            SELECT FROM delivery w
                            WHERE w.account_id = d.account_id AND w.mailing_id = d.mailing_id
                              AND w.number = d.number AND w.state = 'waiting'
                            OFFSET 0
                        ) waiting
                        JOIN mailing m ON m.account_id = d.account_id AND m.id = d.mailing_id
                            AND m.state = 'sending'
                        LEFT JOIN contact c ON c.account_id = d.account_id AND c.id = d.contact_id
                        LEFT JOIN blacklist b ON b.account_id = d.account_id AND b.email = d.address
                    ), passed AS (
                        UPDATE mailing_chunk k
                        SET in_flight = CASE WHEN v.obstacle IS NULL THEN v.number END,
                            relay = v.relay
                        FROM verdict v
                        WHERE k.account_id = v.account_id AND k.mailing_id = v.mailing_id
                          AND k.first_number = v.first_number AND k.attempt = v.attempt
                          AND k.due_at > clock_timestamp() AND k.in_flight IS DISTINCT FROM v.number
                        RETURNING v.account_id, v.mailing_id, v.number, v.obstacle
                    ), skipped AS (
                        UPDATE delivery d
                        SET state = 'skipped', reason = p.obstacle, finished_at = clock_timestamp()
                        FROM passed p
                        WHERE p.obstacle IS NOT NULL AND d.account_id = p.account_id
                          AND d.mailing_id = p.mailing_id AND d.number = p.number
                          AND d.state = 'waiting'
                    )
                    SELECT mailing_id, number, obstacle IS NULL AS passed FROM passed
                    """;

    // Late, after the lease ran out, an answer still counts: unknown becomes what is known now, and
    // a single message that waits to be sent again need not be. Whose recipient has been erased
    // meanwhile keeps the state alone: words may hold the address.
    private static final String RECORD =
            """
            WITH outcome AS MATERIALIZED (
                SELECT o.*, chunk.attempt AS latest_attempt, chunk.relay
                FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                         AS o (account_id, mailing_id, number, first_number, attempt, state,
                               reason, reply, tries, delay, bounced)
                CROSS JOIN LATERAL (
                    SELECT k.attempt, k.relay
                    FROM mailing_chunk k
                    WHERE k.account_id = o.account_id AND k.mailing_id = o.mailing_id
                      AND k.first_number = o.first_number
                    OFFSET 0
                ) chunk
            )
            UPDATE delivery d
            SET state = o.state::delivery_state,
                reason = CASE WHEN d.address IS NOT NULL THEN o.reason END,
                reply = CASE WHEN d.address IS NOT NULL THEN o.reply END,
                tries = d.tries + o.tries,
                due_at = clock_timestamp() + make_interval(secs => o.delay),
                deferred_since = CASE WHEN o.state = 'waiting'
                                      THEN coalesce(d.deferred_since, clock_timestamp()) END,
                finished_at = CASE WHEN o.state <> 'waiting' THEN clock_timestamp() END,
                bounced_at = CASE WHEN o.bounced THEN clock_timestamp() END,
                relay = CASE WHEN o.state = 'unknown' THEN o.relay END
            FROM outcome o
            WHERE d.account_id = o.account_id AND d.mailing_id = o.mailing_id
              AND d.number = o.number
              AND (d.state = 'waiting' AND o.attempt = o.latest_attempt
                   OR d.state = 'unknown' AND d.attempt = o.attempt
                   OR d.state = 'waiting' AND d.attempt = o.attempt AND o.state = 'sent'
                   OR d.state = 'skipped' AND d.address IS NULL AND o.state <> 'waiting'
                      AND o.attempt = o.latest_attempt)
            """;

    // What waits for its next try is not behind the barrier any more.
    private static final String TAKE_BACK =
            """
            UPDATE mailing_chunk k
            SET in_flight = NULL
            FROM unnest(?, ?, ?, ?, ?) AS o (account_id, mailing_id, number, first_number, attempt)
            WHERE k.account_id = o.account_id AND k.mailing_id = o.mailing_id
              AND k.first_number = o.first_number AND k.attempt = o.attempt
              AND k.in_flight = o.number
            """;

    private static final String HAS_UNKNOWN =
            """
            UPDATE mailing_chunk k
            SET has_unknown = true
            FROM unnest(?, ?, ?, ?, ?) AS o (account_id, mailing_id, number, first_number, attempt)
            WHERE k.account_id = o.account_id AND k.mailing_id = o.mailing_id
              AND k.first_number = o.first_number AND NOT k.has_unknown
            """;

    // The driver sends both before one Sync, which makes them one transaction (PostgreSQL,
    // Frontend/Backend Protocol, Extended Query): one way there and back instead of three.
    private static final String RECORD_AND_PASS = RECORD + ";" + BARRIER;

    private record Key(long mailing, int number) {}

    /** What an outcome is in the columns of the ledger. */
    private record Row(
            Result result,
            String state,
            @Nullable String reason,
            @Nullable String reply,
            int tries,
            double delay,
            boolean bounced) {

        static Row of(Result result) {
            return switch (result.outcome()) {
                case Sent(var reply) -> new Row(result, "sent", null, reply, 0, 0, false);
                case Deferred(var reply, var delay) ->
                        new Row(result, "waiting", "deferred", reply, 1, seconds(delay), false);
                case Failed(var reason, var reply, var bounce) ->
                        new Row(result, "failed", reason, reply, 0, 0, bounce != Bounce.NONE);
                case Unknown(var reason) -> new Row(result, "unknown", reason, null, 0, 0, false);
            };
        }

        private static double seconds(Duration delay) {
            return delay.toMillis() / 1000.0;
        }
    }

    private final BounceListener bounces;

    LedgerStatements(BounceListener bounces) {
        this.bounces = bounces;
    }

    /** The verdict on each, in the order asked. */
    List<Verdict> pass(Handle tx, List<Barrier> asked) throws SQLException {
        if (asked.isEmpty()) return List.of();
        try (var statement = tx.getConnection().prepareStatement(BARRIER)) {
            addBarriers(new Columns(statement), asked);
            try (var rows = statement.executeQuery()) {
                return verdicts(asked, rows);
            }
        }
    }

    /** Whether nothing else has to be written with these outcomes. */
    static boolean areFinal(List<Result> results) {
        return results.stream()
                .noneMatch(result ->
                        result.outcome() instanceof Deferred
                                || result.outcome() instanceof Unknown
                                || isHardBounce(result.outcome()));
    }

    /**
     * Records final outcomes, then answers as {@link #pass}: in a transaction of their own, which
     * is committed when this returns.
     *
     * @param db not in a transaction
     */
    List<Verdict> recordAndPass(Handle db, List<Result> results, List<Barrier> asked)
            throws SQLException {
        try (var statement = db.getConnection().prepareStatement(RECORD_AND_PASS)) {
            var columns = new Columns(statement);
            addResults(columns, results);
            addBarriers(columns, asked);
            statement.execute();
            statement.getMoreResults();
            try (var rows = statement.getResultSet()) {
                return verdicts(asked, rows);
            }
        }
    }

    void record(Handle tx, List<Result> results) throws SQLException {
        if (results.isEmpty()) return;
        try (var statement = tx.getConnection().prepareStatement(RECORD)) {
            addResults(new Columns(statement), results);
            statement.executeUpdate();
        }
        update(tx, TAKE_BACK, only(Deferred.class, results));
        update(tx, HAS_UNKNOWN, only(Unknown.class, results));
        hardBounced(results)
                .forEach((account, addresses) -> bounces.hardBounced(tx, account, addresses));
    }

    private static void addBarriers(Columns columns, List<Barrier> asked) throws SQLException {
        addKeys(columns, asked);
        columns.longs(asked, barrier -> barrier.delivery().contact());
        columns.texts(asked, barrier -> barrier.delivery().address().value());
        columns.texts(asked, Barrier::relay);
    }

    private static void addResults(Columns columns, List<Result> results) throws SQLException {
        var rows = results.stream().map(Row::of).toList();
        addKeys(columns, results);
        columns.texts(rows, Row::state);
        columns.texts(rows, Row::reason);
        columns.texts(rows, Row::reply);
        columns.ints(rows, Row::tries);
        columns.doubles(rows, Row::delay);
        columns.booleans(rows, Row::bounced);
    }

    private static List<Verdict> verdicts(List<Barrier> asked, ResultSet rows) throws SQLException {
        var answers = new HashMap<Key, Boolean>();
        while (rows.next()) {
            answers.put(new Key(rows.getLong(1), rows.getInt(2)), rows.getBoolean(3));
        }
        return asked.stream().map(barrier -> verdict(answers.get(key(barrier)))).toList();
    }

    private static boolean isHardBounce(Outcome outcome) {
        return outcome instanceof Failed failed && failed.bounce() == Bounce.HARD;
    }

    private static List<Result> only(Class<? extends Outcome> kind, List<Result> results) {
        return results.stream().filter(result -> kind.isInstance(result.outcome())).toList();
    }

    private static void update(Handle tx, String chunks, List<Result> results) throws SQLException {
        if (results.isEmpty()) return;
        try (var statement = tx.getConnection().prepareStatement(chunks)) {
            addKeys(new Columns(statement), results);
            statement.executeUpdate();
        }
    }

    private static Map<Long, List<EmailAddress>> hardBounced(List<Result> results) {
        return results.stream()
                .filter(result -> isHardBounce(result.outcome()))
                .collect(
                        Collectors.groupingBy(
                                result -> result.chunk().account(),
                                Collectors.mapping(
                                        result -> result.delivery().address(),
                                        Collectors.toList())));
    }

    private static void addKeys(Columns columns, List<? extends LedgerEntry> entries)
            throws SQLException {
        columns.longs(entries, entry -> entry.chunk().account());
        columns.longs(entries, entry -> entry.chunk().mailing());
        columns.ints(entries, entry -> delivery(entry).number());
        columns.ints(entries, entry -> entry.chunk().firstNumber());
        columns.ints(entries, entry -> entry.chunk().attempt());
    }

    private static Delivery delivery(LedgerEntry entry) {
        return switch (entry) {
            case Barrier barrier -> barrier.delivery();
            case Result result -> result.delivery();
            case LedgerEntry.Release _ -> throw new IllegalArgumentException("has no delivery");
        };
    }

    private static Verdict verdict(@Nullable Boolean passed) {
        if (passed == null) return Verdict.STOP;
        return passed ? Verdict.PASS : Verdict.SKIP;
    }

    private static Key key(Barrier barrier) {
        return new Key(barrier.chunk().mailing(), barrier.delivery().number());
    }
}
