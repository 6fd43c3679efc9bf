package io.dynosend.sending;

import static io.dynosend.common.Sql.instant;
import static io.dynosend.common.Sql.utc;

import io.dynosend.common.EmailAddress;
import io.dynosend.sending.LedgerEntry.Release;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The chunks of the ledger: claimed, kept while they are worked off, and given back. */
public final class Ledger {

    private static final Logger log = LoggerFactory.getLogger(Ledger.class);

    // By the database's clock, which all nodes share. Renewed three times before it runs out.
    private static final Duration LEASE = Duration.ofSeconds(15);
    static final Duration RENEWED_EVERY = LEASE.dividedBy(3);

    // Accounts take turns, whatever each has waiting. A mailing that rests has its turn later.
    private static final String NEXT_IN_TURN =
            """
            SELECT m.account_id, m.id
            FROM mailing m
            WHERE m.state = 'sending' AND m.kind = 'campaign' AND m.id <> ALL(:resting)
              AND EXISTS (
                  SELECT
                  FROM mailing_chunk k
                  WHERE k.account_id = m.account_id AND k.mailing_id = m.id AND k.bulk
                    AND k.due_at <= (SELECT clock_timestamp()))
            ORDER BY m.account_id <= :lastAccount, m.account_id, m.id
            LIMIT 1
            """;

    private static final String DUE_OF_MAILING =
            """
            SELECT k.account_id, k.mailing_id, k.first_number, m.per_hour,
                   k.node IS NOT NULL AS was_lent
            FROM mailing m
            JOIN mailing_chunk k ON k.account_id = m.account_id AND k.mailing_id = m.id
            WHERE m.account_id = :account AND m.id = :mailing AND m.state = 'sending'
              AND k.bulk AND k.due_at <= (SELECT clock_timestamp())
            ORDER BY k.due_at
            LIMIT :most
            FOR UPDATE OF k SKIP LOCKED
            """;

    private static final String DUE_SINGLES =
            """
            SELECT k.account_id, k.mailing_id, k.first_number, NULL::int AS per_hour,
                   k.node IS NOT NULL AS was_lent
            FROM mailing_chunk k
            WHERE NOT k.bulk AND k.due_at <= (SELECT clock_timestamp())
              AND 'sending' = (
                  SELECT m.state
                  FROM mailing m
                  WHERE m.account_id = k.account_id AND m.id = k.mailing_id)
            ORDER BY k.due_at
            LIMIT :most
            FOR UPDATE SKIP LOCKED
            """;

    // SKIP LOCKED lets many workers claim at once without waiting for, or doubling, each other.
    // The claim is a lease: what a dead worker held becomes due again when it runs out. The clock
    // is asked in a query of its own, once, so that the index serves the comparison.
    private static final String CLAIM =
            """
            WITH due AS (
                %s
            )
            UPDATE mailing_chunk k
            SET node = :node,
                attempt = attempt + 1,
                due_at = clock_timestamp() + make_interval(secs => :lease),
                started_at = coalesce(k.started_at, clock_timestamp())
            FROM due
            WHERE k.account_id = due.account_id AND k.mailing_id = due.mailing_id
              AND k.first_number = due.first_number
            RETURNING k.account_id, k.mailing_id, k.first_number, k.last_number, k.attempt,
                      due.per_hour, k.bulk, k.started_at, due.was_lent
            """;

    private static final String CLAIM_OF_MAILING = CLAIM.formatted(DUE_OF_MAILING);
    private static final String CLAIM_SINGLES = CLAIM.formatted(DUE_SINGLES);

    // Behind the barrier with a claim that is over, and no outcome: the dot may have been written.
    // Bulk is not sent again by itself; a single message is, the same bytes, at once after the
    // first time and then later and later, as it may be what makes its senders stop.
    private static final String GIVE_UP_IN_FLIGHT =
            """
            WITH stranded AS MATERIALIZED (
                SELECT k.account_id, k.mailing_id, k.first_number, k.in_flight AS number, k.bulk,
                       k.relay,
                       k.attempt - :since AS attempt
                FROM unnest(:accounts, :mailings, :firsts, :attempts, :unsent)
                    AS c (account_id, mailing_id, first_number, attempt, unsent)
                JOIN mailing_chunk k ON k.account_id = c.account_id
                    AND k.mailing_id = c.mailing_id AND k.first_number = c.first_number
                    AND k.attempt = c.attempt
                WHERE k.in_flight IS NOT NULL AND k.in_flight IS DISTINCT FROM c.unsent
            ), cleared AS (
                UPDATE mailing_chunk k
                SET in_flight = NULL, has_unknown = k.has_unknown OR s.bulk
                FROM stranded s
                WHERE k.account_id = s.account_id AND k.mailing_id = s.mailing_id
                  AND k.first_number = s.first_number
            )
            UPDATE delivery d
            SET state = (CASE WHEN s.bulk THEN 'unknown'
                              WHEN d.tries + 1 >= :mostTries THEN 'failed'
                              ELSE 'waiting' END)::delivery_state,
                attempt = s.attempt,
                tries = d.tries + CASE WHEN s.bulk THEN 0 ELSE 1 END,
                due_at = CASE WHEN NOT s.bulk THEN clock_timestamp()
                              + make_interval(mins => least(2 ^ d.tries - 1, 240)::int) END,
                finished_at = CASE WHEN s.bulk OR d.tries + 1 >= :mostTries
                                   THEN clock_timestamp() END,
                relay = CASE WHEN s.bulk THEN s.relay END,
                reason = 'the sender stopped between the end of the message and the answer'
            FROM stranded s
            WHERE d.account_id = s.account_id AND d.mailing_id = s.mailing_id
              AND d.number = s.number
              AND (d.state = 'waiting'
                   OR s.bulk AND d.state = 'skipped' AND d.address IS NULL)
            RETURNING d.mailing_id, d.number, d.state::text AS state
            """;

    // The barrier asks for obstacles, too. Asking here spares composing a message only to drop it.
    // OFFSET 0 and MATERIALIZED keep the range of the chunk where it is: joined freely, a planner
    // without statistics compares every recipient with every other.
    private static final String DUE =
            """
            WITH due AS MATERIALIZED (
                SELECT a.first_number, d.*,
            """
                    + Obstacle.SQL
                    + """
                                AS obstacle
                        FROM unnest(:accounts, :mailings, :firsts, :lasts)
                            AS a (account_id, mailing_id, first_number, last_number)
                        JOIN mailing m ON m.account_id = a.account_id AND m.id = a.mailing_id
                        CROSS JOIN LATERAL (
                            SELECT w.account_id, w.mailing_id, w.number, w.contact_id, w.address,
                                   w.tries, w.deferred_since
                            FROM delivery w
                            WHERE w.account_id = a.account_id AND w.mailing_id = a.mailing_id
                              AND w.number BETWEEN a.first_number AND a.last_number
                              AND w.state = 'waiting'
                              AND (w.due_at IS NULL OR w.due_at <= clock_timestamp())
                            OFFSET 0
                        ) d
                        LEFT JOIN contact c ON c.account_id = d.account_id AND c.id = d.contact_id
                        LEFT JOIN blacklist b ON b.account_id = d.account_id AND b.email = d.address
                    ), skipped AS (
                        UPDATE delivery d
                        SET state = 'skipped', reason = v.obstacle, finished_at = clock_timestamp()
                        FROM due v
                        WHERE v.obstacle IS NOT NULL AND d.account_id = v.account_id
                          AND d.mailing_id = v.mailing_id AND d.number = v.number
                          AND d.state = 'waiting'
                    )
                    SELECT mailing_id, first_number, number, contact_id, address, tries,
                           extract(epoch FROM clock_timestamp() - deferred_since)::int
                               AS deferred_for
                    FROM due
                    WHERE obstacle IS NULL
                    ORDER BY mailing_id, number
                    """;

    private static final String RENEW =
            """
            UPDATE mailing_chunk k
            SET due_at = clock_timestamp() + make_interval(secs => :lease)
            FROM unnest(:accounts, :mailings, :firsts, :attempts)
                AS c (account_id, mailing_id, first_number, attempt)
            WHERE k.account_id = c.account_id AND k.mailing_id = c.mailing_id
              AND k.first_number = c.first_number AND k.attempt = c.attempt
              AND k.node = :node AND k.due_at IS NOT NULL
            """;

    // Due again with its first deferred row; never, when each row has its outcome. A single message
    // is all of its mailing, and so closes it.
    private static final String RELEASE =
            """
            WITH released AS (
                UPDATE mailing_chunk k
                SET node = NULL,
                    in_flight = NULL,
                    due_at = (
                        SELECT greatest(
                                   min(coalesce(d.due_at, clock_timestamp())),
                                   clock_timestamp() + make_interval(secs => c.pause))
                        FROM delivery d
                        WHERE d.account_id = k.account_id AND d.mailing_id = k.mailing_id
                          AND d.number BETWEEN k.first_number AND k.last_number
                          AND d.state = 'waiting'
                        HAVING count(*) > 0)
                FROM unnest(:accounts, :mailings, :firsts, :attempts, :pauses)
                    AS c (account_id, mailing_id, first_number, attempt, pause)
                WHERE k.account_id = c.account_id AND k.mailing_id = c.mailing_id
                  AND k.first_number = c.first_number AND k.attempt = c.attempt
                RETURNING k.account_id, k.mailing_id, k.bulk, k.due_at
            )
            UPDATE mailing m
            SET state = 'done', done_at = :now
            FROM released r
            WHERE NOT r.bulk AND r.due_at IS NULL AND m.state <> 'done'
              AND m.account_id = r.account_id AND m.id = r.mailing_id
            """;

    private static final String CONFIRM =
            """
            UPDATE delivery
            SET state = 'sent', reason = :evidence
            WHERE account_id = :account AND mailing_id = :mailing AND number = :number
              AND state = 'unknown'
            """;

    private static final String BOUNCED =
            """
            UPDATE delivery
            SET bounced_at = coalesce(bounced_at, clock_timestamp()), reply = :report,
                reason = CASE WHEN state = 'unknown' THEN 'bounced' ELSE reason END,
                state = CASE WHEN state = 'unknown' THEN 'failed' ELSE state END
            WHERE account_id = :account AND mailing_id = :mailing AND number = :number
              AND state IN ('sent', 'unknown')
            """;

    private record Turn(long account, long mailing) {}

    private record Place(long mailing, int first) {}

    private record Loan(long mailing, int first, int attempt) {

        static Loan of(Chunk chunk) {
            return new Loan(chunk.mailing(), chunk.firstNumber(), chunk.attempt());
        }
    }

    private record Stranded(long mailing, int number, String state) {}

    private final Jdbi jdbi;
    private final UUID node;
    private final LedgerMeters meters = new LedgerMeters();

    // Only what a courier has got is kept: a claim whose commit was never answered is nobody's, and
    // has to run out.
    private final Map<Loan, Chunk> loans = new ConcurrentHashMap<>();
    private volatile long lastAccount;

    /**
     * @param node this process; new at each start
     */
    public Ledger(Jdbi jdbi, UUID node) {
        this.jdbi = jdbi;
        this.node = node;
    }

    LedgerMeters meters() {
        return meters;
    }

    UUID node() {
        return node;
    }

    /**
     * Borrows the chunks of bulk mail that have been due the longest, of the account whose turn it
     * is.
     *
     * @param resting mailings that are left alone
     * @return at most so many, of one mailing; empty if nothing is due
     */
    public List<Chunk> claim(Set<Long> resting, int most) {
        return lent(
                jdbi.inTransaction(tx -> {
                    var turn = nextInTurn(tx, resting);
                    if (turn.isEmpty()) return List.of();
                    lastAccount = turn.get().account();
                    var due =
                            tx.createQuery(CLAIM_OF_MAILING)
                                    .bind("account", turn.get().account())
                                    .bind("mailing", turn.get().mailing())
                                    .bind("most", most);
                    return prepared(tx, claimed(due));
                }));
    }

    /**
     * Borrows the single messages that have been due the longest.
     *
     * @return at most so many; none that must not be sent any more
     */
    public List<Chunk> claimSingles(int most) {
        return lent(
                jdbi.inTransaction(tx -> {
                    var due = tx.createQuery(CLAIM_SINGLES).bind("most", most);
                    return prepared(tx, claimed(due));
                }));
    }

    /**
     * Keeps everything this node has borrowed. Must be called well within the lease, and by the one
     * who writes this node's barriers: both hold rows of chunks.
     */
    void renew() {
        var kept = List.copyOf(loans.values());
        if (kept.isEmpty()) return;
        jdbi.useHandle(db ->
                bind(db.createUpdate(RENEW), kept)
                        .bindArray("attempts", Integer.class, column(kept, Chunk::attempt))
                        .bind("node", node)
                        .bind("lease", LEASE.toSeconds())
                        .execute());
    }

    /** It is not kept any more. */
    void givenBack(Chunk chunk) {
        loans.remove(Loan.of(chunk));
    }

    /**
     * Gives chunks back within the caller's transaction; those that another has claimed stay as
     * they are.
     *
     * @param now becomes the end of single messages that have their outcome
     */
    static void release(Handle tx, List<Release> releases, Instant now) {
        if (releases.isEmpty()) return;
        var chunks = releases.stream().map(Release::chunk).toList();
        giveUpInFlight(tx, chunks, column(releases, Release::unsent), 0);
        bind(tx.createUpdate(RELEASE), chunks)
                .bindArray("attempts", Integer.class, column(chunks, Chunk::attempt))
                .bindArray(
                        "pauses",
                        Double.class,
                        column(releases, release -> release.pause().toMillis() / 1000.0))
                .bind("now", utc(now))
                .execute();
    }

    /**
     * Counts an unknown delivery as sent, because the recipient has shown that it arrived.
     *
     * @param evidence such as "opened"
     */
    public static void confirm(Handle tx, long account, long mailing, int number, String evidence) {
        tx.createUpdate(CONFIRM)
                .bind("account", account)
                .bind("mailing", mailing)
                .bind("number", number)
                .bind("evidence", evidence)
                .execute();
    }

    /**
     * Counts a delivery as bounced, because a receiver has reported it after the relay had taken
     * the message. One that was unknown has failed.
     *
     * @param report what the receiver says
     */
    public static void bounced(Handle tx, long account, long mailing, int number, String report) {
        tx.createUpdate(BOUNCED)
                .bind("account", account)
                .bind("mailing", mailing)
                .bind("number", number)
                .bind("report", report)
                .execute();
    }

    private List<Chunk> lent(List<Chunk> chunks) {
        for (var chunk : chunks) loans.put(Loan.of(chunk), chunk.with(List.of()));
        return chunks;
    }

    private Optional<Turn> nextInTurn(Handle tx, Set<Long> resting) {
        return tx.createQuery(NEXT_IN_TURN)
                .bindArray("resting", Long.class, resting.toArray())
                .bind("lastAccount", lastAccount)
                .map((row, _) -> new Turn(row.getLong("account_id"), row.getLong("id")))
                .findOne();
    }

    private List<Chunk> claimed(Query due) {
        return due.bind("node", node)
                .bind("lease", LEASE.toSeconds())
                .map((row, _) -> {
                    // Who gives a chunk back leaves none.
                    if (row.getBoolean("was_lent")) meters.leaseLost();
                    return chunk(row);
                })
                .list();
    }

    private static List<Chunk> prepared(Handle tx, List<Chunk> claimed) {
        if (claimed.isEmpty()) return claimed;
        giveUpInFlight(tx, claimed, column(claimed, _ -> null), 1);
        return withDeliveries(tx, claimed);
    }

    /**
     * @param unsent of each chunk the number that is known not to have been sent, or null
     * @param since how many claims ago the message passed the barrier
     */
    private static void giveUpInFlight(
            Handle tx, List<Chunk> chunks, @Nullable Object[] unsent, int since) {
        bind(tx.createQuery(GIVE_UP_IN_FLIGHT), chunks)
                .bindArray("attempts", Integer.class, column(chunks, Chunk::attempt))
                .bindArray("unsent", Integer.class, unsent)
                .bind("since", since)
                .bind("mostTries", Retries.MOST_TRIES)
                .map((row, _) ->
                        new Stranded(
                                row.getLong("mailing_id"),
                                row.getInt("number"),
                                row.getString("state")))
                .forEach(Ledger::report);
    }

    private static void report(Stranded message) {
        String consequence =
                switch (message.state()) {
                    case "unknown" -> "it is unknown and will not be sent again by itself";
                    case "failed" -> "it has been tried often enough and is failed";
                    default -> "it is sent again, the same bytes";
                };
        log.warn(
                "Message {} of mailing {} was on its way when its sender stopped: {}",
                message.number(),
                message.mailing(),
                consequence);
    }

    private static List<Chunk> withDeliveries(Handle tx, List<Chunk> chunks) {
        var due = new HashMap<Place, List<Delivery>>();
        bind(tx.createQuery(DUE), chunks)
                .bindArray("lasts", Integer.class, column(chunks, Chunk::lastNumber))
                .map((row, _) ->
                        due.computeIfAbsent(
                                        new Place(
                                                row.getLong("mailing_id"),
                                                row.getInt("first_number")),
                                        _ -> new ArrayList<>())
                                .add(delivery(row)))
                .list();
        return chunks.stream()
                .map(chunk ->
                        chunk.with(
                                due.getOrDefault(
                                        new Place(chunk.mailing(), chunk.firstNumber()),
                                        List.of())))
                .toList();
    }

    private static <S extends SqlStatement<S>> S bind(S statement, List<Chunk> chunks) {
        return statement
                .bindArray("accounts", Long.class, column(chunks, Chunk::account))
                .bindArray("mailings", Long.class, column(chunks, Chunk::mailing))
                .bindArray("firsts", Integer.class, column(chunks, Chunk::firstNumber));
    }

    private static <E> @Nullable Object[] column(
            List<E> entries, Function<E, @Nullable Object> value) {
        return entries.stream().map(value).toArray();
    }

    private static Chunk chunk(ResultSet row) throws SQLException {
        return new Chunk(
                row.getLong("account_id"),
                row.getLong("mailing_id"),
                row.getInt("first_number"),
                row.getInt("last_number"),
                row.getInt("attempt"),
                row.getInt("per_hour"),
                row.getBoolean("bulk"),
                instant(row, "started_at"),
                List.of());
    }

    // Of a test without a contact the column is null: read as 0, which no contact has.
    private static Delivery delivery(ResultSet row) throws SQLException {
        return new Delivery(
                row.getInt("number"),
                row.getLong("contact_id"),
                new EmailAddress(row.getString("address")),
                row.getInt("tries"),
                Duration.ofSeconds(row.getInt("deferred_for")));
    }
}
