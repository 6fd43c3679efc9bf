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
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** The two statements that every message passes, each for as many rows as are waiting. */
final class LedgerStatements {

    // The one statement that gives crash safety, fencing of nodes, pause and late unsubscribe: a
    // row that does not come back as in_flight is not sent.
    // The chunk is looked up for each row by itself (OFFSET 0), the verdicts are complete before
    // the
    // ledger is touched (MATERIALIZED): whatever the statistics say, each row is found by its key.
    private static final String BARRIER =
            """
            WITH verdict AS MATERIALIZED (
                SELECT d.*,
            """
                    + Obstacle.SQL
                    + """
                                AS obstacle
                        FROM unnest(:accounts, :mailings, :numbers, :firsts, :attempts, :contacts, :addresses)
                            AS d (account_id, mailing_id, number, first_number, attempt, contact_id, address)
                        CROSS JOIN LATERAL (
                            SELECT FROM mailing_chunk k
                            WHERE k.account_id = d.account_id AND k.mailing_id = d.mailing_id
                              AND k.first_number = d.first_number
                              AND k.attempt = d.attempt AND k.due_at > clock_timestamp()
                            OFFSET 0
                        ) borrowed
                        JOIN mailing m ON m.account_id = d.account_id AND m.id = d.mailing_id
                            AND m.state = 'sending'
                        LEFT JOIN contact c ON c.account_id = d.account_id AND c.id = d.contact_id
                        LEFT JOIN blacklist b ON b.account_id = d.account_id AND b.email = d.address
                    )
                    UPDATE delivery d
                    SET state = (CASE WHEN v.obstacle IS NULL THEN 'in_flight' ELSE 'skipped' END)
                                ::delivery_state,
                        attempt = v.attempt,
                        reason = v.obstacle,
                        finished_at = CASE WHEN v.obstacle IS NOT NULL THEN clock_timestamp() END
                    FROM verdict v
                    WHERE d.account_id = v.account_id AND d.mailing_id = v.mailing_id
                      AND d.number = v.number AND d.state = 'waiting'
                    RETURNING d.mailing_id, d.number, d.state = 'in_flight' AS passed
                    """;

    // Late, after the lease ran out, an answer still counts: unknown becomes what is known now, and
    // a single message that waits to be sent again need not be. Whose recipient has been erased
    // meanwhile keeps the state alone: words may hold the address.
    private static final String RECORD =
            """
            WITH outcome AS MATERIALIZED (
                SELECT o.*, chunk.attempt AS latest_attempt
                FROM unnest(:accounts, :mailings, :numbers, :firsts, :attempts, :states, :reasons,
                            :replies, :tries, :delays, :bounced)
                         AS o (account_id, mailing_id, number, first_number, attempt, state,
                               reason, reply, tries, delay, bounced)
                CROSS JOIN LATERAL (
                    SELECT k.attempt
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
                finished_at = CASE WHEN o.state <> 'waiting' THEN clock_timestamp() END,
                bounced_at = CASE WHEN o.bounced THEN clock_timestamp() END
            FROM outcome o
            WHERE d.account_id = o.account_id AND d.mailing_id = o.mailing_id
              AND d.number = o.number
              AND (d.state = 'waiting' AND o.attempt = o.latest_attempt
                   OR d.state IN ('in_flight', 'unknown') AND d.attempt = o.attempt
                   OR d.state = 'waiting' AND d.attempt = o.attempt AND o.state = 'sent')
            """;

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
    List<Verdict> pass(Handle tx, List<Barrier> asked) {
        if (asked.isEmpty()) return List.of();
        var answers = new HashMap<Key, Boolean>();
        bindKeys(tx.createQuery(BARRIER), asked)
                .bindArray("contacts", Long.class, column(asked, b -> b.delivery().contact()))
                .bindArray(
                        "addresses",
                        String.class,
                        column(asked, b -> b.delivery().address().value()))
                .map((row, _) ->
                        Map.entry(
                                new Key(row.getLong("mailing_id"), row.getInt("number")),
                                row.getBoolean("passed")))
                .forEach(answer -> answers.put(answer.getKey(), answer.getValue()));
        return asked.stream().map(barrier -> verdict(answers.get(key(barrier)))).toList();
    }

    void record(Handle tx, List<Result> results) {
        if (results.isEmpty()) return;
        var rows = results.stream().map(Row::of).toList();
        bindKeys(tx.createUpdate(RECORD), results)
                .bindArray("states", String.class, column(rows, Row::state))
                .bindArray("reasons", String.class, column(rows, Row::reason))
                .bindArray("replies", String.class, column(rows, Row::reply))
                .bindArray("tries", Integer.class, column(rows, Row::tries))
                .bindArray("delays", Double.class, column(rows, Row::delay))
                .bindArray("bounced", Boolean.class, column(rows, Row::bounced))
                .execute();
        hardBounced(results)
                .forEach((account, addresses) -> bounces.hardBounced(tx, account, addresses));
    }

    private static Map<Long, List<EmailAddress>> hardBounced(List<Result> results) {
        return results.stream()
                .filter(result ->
                        result.outcome() instanceof Failed failed && failed.bounce() == Bounce.HARD)
                .collect(
                        Collectors.groupingBy(
                                result -> result.chunk().account(),
                                Collectors.mapping(
                                        result -> result.delivery().address(),
                                        Collectors.toList())));
    }

    private static <S extends SqlStatement<S>> S bindKeys(
            S statement, List<? extends LedgerEntry> entries) {
        return statement
                .bindArray("accounts", Long.class, column(entries, e -> e.chunk().account()))
                .bindArray("mailings", Long.class, column(entries, e -> e.chunk().mailing()))
                .bindArray("numbers", Integer.class, column(entries, e -> delivery(e).number()))
                .bindArray("firsts", Integer.class, column(entries, e -> e.chunk().firstNumber()))
                .bindArray("attempts", Integer.class, column(entries, e -> e.chunk().attempt()));
    }

    private static Delivery delivery(LedgerEntry entry) {
        return switch (entry) {
            case Barrier barrier -> barrier.delivery();
            case Result result -> result.delivery();
            case LedgerEntry.Release _ -> throw new IllegalArgumentException("has no delivery");
        };
    }

    // Not a stream's toList: a column may hold nulls.
    private static <E, T> Object[] column(List<E> entries, Function<E, @Nullable T> value) {
        return entries.stream().map(value).toArray();
    }

    private static Verdict verdict(@Nullable Boolean passed) {
        if (passed == null) return Verdict.STOP;
        return passed ? Verdict.PASS : Verdict.SKIP;
    }

    private static Key key(Barrier barrier) {
        return new Key(barrier.chunk().mailing(), barrier.delivery().number());
    }
}
