package io.dynosend.sending;

import static io.dynosend.common.Sql.instant;

import io.dynosend.common.EmailAddress;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The chunks of the ledger: claimed, kept while they are worked off, and given back. */
public final class Ledger {

    private static final Logger log = LoggerFactory.getLogger(Ledger.class);

    // By the database's clock, which all nodes share. Renewed three times before it runs out.
    private static final Duration LEASE = Duration.ofSeconds(15);

    // SKIP LOCKED lets many workers claim at once without waiting for, or doubling, each other.
    // The claim is a lease: what a dead worker held becomes due again when it runs out.
    private static final String CLAIM =
            """
            WITH due AS (
                SELECT k.account_id, k.mailing_id, k.first_number
                FROM mailing_chunk k
                JOIN mailing m ON m.account_id = k.account_id AND m.id = k.mailing_id
                WHERE k.due_at <= clock_timestamp() AND m.state = 'sending'
                ORDER BY k.due_at
                LIMIT 1
                FOR UPDATE OF k SKIP LOCKED
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
                      k.started_at
            """;

    // Behind the barrier with a claim that is over, and no outcome: the dot may have been written.
    // Not sent again by itself.
    private static final String GIVE_UP_IN_FLIGHT =
            """
            UPDATE delivery
            SET state = 'unknown', finished_at = clock_timestamp(),
                reason = 'the sender stopped between the end of the message and the answer'
            WHERE account_id = :account AND mailing_id = :mailing
              AND number BETWEEN :first AND :last
              AND state = 'in_flight' AND attempt <= :attempt
            """;

    // The barrier asks the same. Asking here too spares composing a message only to drop it.
    private static final String SKIP_SUPPRESSED =
            """
            UPDATE delivery d
            SET state = 'skipped', reason = v.obstacle, finished_at = clock_timestamp()
            FROM (
                SELECT w.number,
                       CASE WHEN c.id IS NULL THEN 'deleted'
                            WHEN c.status <> 'subscribed' THEN c.status
                            WHEN b.email IS NOT NULL THEN 'blacklisted' END AS obstacle
                FROM delivery w
                LEFT JOIN contact c ON c.account_id = w.account_id AND c.id = w.contact_id
                LEFT JOIN blacklist b ON b.account_id = w.account_id AND b.email = w.address
                WHERE w.account_id = :account AND w.mailing_id = :mailing
                  AND w.number BETWEEN :first AND :last AND w.state = 'waiting'
            ) v
            WHERE v.obstacle IS NOT NULL AND d.account_id = :account
              AND d.mailing_id = :mailing AND d.number = v.number AND d.state = 'waiting'
            """;

    private static final String DUE =
            """
            SELECT number, contact_id, address, tries
            FROM delivery
            WHERE account_id = :account AND mailing_id = :mailing
              AND number BETWEEN :first AND :last AND state = 'waiting' AND address IS NOT NULL
              AND (due_at IS NULL OR due_at <= clock_timestamp())
            ORDER BY number
            """;

    private static final String RENEW =
            """
            UPDATE mailing_chunk
            SET due_at = clock_timestamp() + make_interval(secs => :lease)
            WHERE node = :node AND due_at IS NOT NULL
            """;

    // Due again with its first deferred row; never, when each row has its outcome.
    private static final String RELEASE =
            """
            UPDATE mailing_chunk k
            SET node = NULL,
                due_at = (
                    SELECT greatest(
                               min(coalesce(d.due_at, clock_timestamp())),
                               clock_timestamp() + make_interval(secs => :pause))
                    FROM delivery d
                    WHERE d.account_id = k.account_id AND d.mailing_id = k.mailing_id
                      AND d.number BETWEEN k.first_number AND k.last_number
                      AND d.state = 'waiting'
                    HAVING count(*) > 0)
            WHERE k.account_id = :account AND k.mailing_id = :mailing
              AND k.first_number = :first AND k.attempt = :attempt
            """;

    private static final String CONFIRM =
            """
            UPDATE delivery
            SET state = 'sent', reason = :evidence
            WHERE account_id = :account AND mailing_id = :mailing AND number = :number
              AND state = 'unknown'
            """;

    private final Jdbi jdbi;
    private final UUID node;

    /**
     * @param node this process; new at each start
     */
    public Ledger(Jdbi jdbi, UUID node) {
        this.jdbi = jdbi;
        this.node = node;
    }

    /** Borrows the chunk that has been due the longest, if one is. */
    public Optional<Chunk> claim() {
        return jdbi.inTransaction(tx -> {
            var claimed = claimOne(tx);
            claimed.ifPresent(chunk -> giveUpInFlight(tx, chunk));
            claimed.ifPresent(chunk -> forRange(tx, SKIP_SUPPRESSED, chunk).execute());
            return claimed.map(chunk -> withDeliveries(tx, chunk));
        });
    }

    /** Keeps everything this node has borrowed. Must be called well within the lease. */
    public void renew() {
        jdbi.useHandle(db ->
                db.createUpdate(RENEW)
                        .bind("node", node)
                        .bind("lease", LEASE.toSeconds())
                        .execute());
    }

    /**
     * Gives a chunk back within the caller's transaction; does nothing if another has claimed it.
     *
     * @param pause how long nobody should try it again
     */
    static void release(Handle tx, Chunk chunk, Duration pause) {
        giveUpInFlight(tx, chunk);
        tx.createUpdate(RELEASE)
                .bind("account", chunk.account())
                .bind("mailing", chunk.mailing())
                .bind("first", chunk.firstNumber())
                .bind("attempt", chunk.attempt())
                .bind("pause", pause.toMillis() / 1000.0)
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

    private Optional<Chunk> claimOne(Handle tx) {
        return tx.createQuery(CLAIM)
                .bind("node", node)
                .bind("lease", LEASE.toSeconds())
                .map((row, _) -> chunk(row))
                .findOne();
    }

    private static void giveUpInFlight(Handle tx, Chunk chunk) {
        int unknown =
                forRange(tx, GIVE_UP_IN_FLIGHT, chunk).bind("attempt", chunk.attempt()).execute();
        if (unknown > 0) {
            log.warn(
                    "{} messages of mailing {} were on their way when their sender stopped: they"
                            + " are unknown and will not be sent again by themselves",
                    unknown,
                    chunk.mailing());
        }
    }

    private static Chunk withDeliveries(Handle tx, Chunk chunk) {
        var due =
                tx.createQuery(DUE)
                        .bind("account", chunk.account())
                        .bind("mailing", chunk.mailing())
                        .bind("first", chunk.firstNumber())
                        .bind("last", chunk.lastNumber())
                        .map((row, _) -> delivery(row))
                        .list();
        return new Chunk(
                chunk.account(),
                chunk.mailing(),
                chunk.firstNumber(),
                chunk.lastNumber(),
                chunk.attempt(),
                chunk.startedAt(),
                due);
    }

    private static org.jdbi.v3.core.statement.Update forRange(
            Handle tx, String statement, Chunk chunk) {
        return tx.createUpdate(statement)
                .bind("account", chunk.account())
                .bind("mailing", chunk.mailing())
                .bind("first", chunk.firstNumber())
                .bind("last", chunk.lastNumber());
    }

    private static Chunk chunk(ResultSet row) throws SQLException {
        return new Chunk(
                row.getLong("account_id"),
                row.getLong("mailing_id"),
                row.getInt("first_number"),
                row.getInt("last_number"),
                row.getInt("attempt"),
                instant(row, "started_at"),
                List.of());
    }

    private static Delivery delivery(ResultSet row) throws SQLException {
        return new Delivery(
                row.getInt("number"),
                row.getLong("contact_id"),
                new EmailAddress(row.getString("address")),
                row.getInt("tries"));
    }
}
