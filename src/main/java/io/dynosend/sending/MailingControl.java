package io.dynosend.sending;

import static io.dynosend.common.Sql.instantOrNull;
import static io.dynosend.common.Sql.utc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** What its owner may decide about a mailing that is under way or done. */
public final class MailingControl {

    /**
     * How a mailing is held or slowed.
     *
     * @param pausedBecause relay, bounces, complaints or restored; null: its owner has paused it,
     *     or nobody
     * @param perHour messages that may go out; null: no limit
     */
    public record Standing(
            @Nullable String pausedBecause,
            @Nullable Instant cancelledAt,
            @Nullable Integer perHour) {}

    /**
     * A message whose dot was written and never answered.
     *
     * @param contactUid null once the contact is erased, as is the address
     * @param at when that was found
     * @param relay its uid
     */
    public record UnknownDelivery(
            int number,
            @Nullable String contactUid,
            @Nullable String address,
            @Nullable Instant at,
            @Nullable String relay,
            @Nullable String reason) {}

    private static final String STANDING =
            """
            SELECT CASE WHEN state = 'paused' THEN paused_because END AS paused_because,
                   cancelled_at, per_hour
            FROM mailing
            WHERE account_id = :account AND id = :mailing
            """;

    private static final String LIMIT =
            "UPDATE mailing SET per_hour = :perHour WHERE account_id = :account AND id = :mailing";

    // Nothing passes the barrier from here on.
    private static final String STOP =
            """
            UPDATE mailing
            SET state = 'paused', paused_because = NULL, cancelled_at = :now
            WHERE account_id = :account AND id = :mailing AND kind = 'campaign'
              AND state IN ('queued', 'sending', 'paused')
            """;

    private static final String LOCK_CHUNKS =
            """
            SELECT first_number
            FROM mailing_chunk
            WHERE account_id = :account AND mailing_id = :mailing
            ORDER BY first_number
            FOR UPDATE
            """;

    // What is behind the barrier gets the outcome that its relay answers.
    private static final String SKIP_WAITING =
            """
            UPDATE delivery d
            SET state = 'skipped', reason = 'cancelled', finished_at = clock_timestamp()
            FROM mailing_chunk k
            WHERE k.account_id = :account AND k.mailing_id = :mailing
              AND d.account_id = k.account_id AND d.mailing_id = k.mailing_id
              AND d.number BETWEEN k.first_number AND k.last_number AND d.state = 'waiting'
              AND d.number IS DISTINCT FROM k.in_flight
            """;

    private static final String END_CHUNKS =
            """
            UPDATE mailing_chunk
            SET due_at = NULL
            WHERE account_id = :account AND mailing_id = :mailing AND node IS NULL
            """;

    private static final String LET_END =
            """
            UPDATE mailing
            SET state = 'sending', recipients_written_at = coalesce(recipients_written_at, :now)
            WHERE account_id = :account AND id = :mailing AND state = 'paused'
            """;

    private static final String UNKNOWN =
            """
            SELECT d.number, c.uid, d.address, d.finished_at, d.relay, d.reason
            FROM unknown_delivery u
            JOIN delivery d USING (account_id, mailing_id, number)
            LEFT JOIN contact c ON c.account_id = d.account_id AND c.id = d.contact_id
            WHERE u.account_id = :account AND u.mailing_id = :mailing
            ORDER BY d.number
            LIMIT :limit OFFSET :offset
            """;

    private static final String CHOSEN =
            """
            d.account_id = :account AND d.mailing_id = :mailing AND d.state = 'unknown'
              AND d.number IN (
                  SELECT u.number
                  FROM unknown_delivery u
                  WHERE u.account_id = :account AND u.mailing_id = :mailing)
              AND (:contact::text IS NULL OR d.contact_id = (
                  SELECT c.id
                  FROM contact c
                  WHERE c.account_id = :account AND c.uid = :contact))
            """;

    private static final String COUNT_AS_SENT =
            "UPDATE delivery d SET state = 'sent', reason = 'counted as sent' WHERE " + CHOSEN;

    private static final String RESEND =
            """
            WITH again AS (
                UPDATE delivery d
                SET state = 'waiting', finished_at = NULL, due_at = NULL, relay = NULL,
                    reason = 'sent again'
            """
                    + " WHERE d.address IS NOT NULL AND "
                    + CHOSEN
                    + """
                        RETURNING d.number
                    ), due AS (
                        UPDATE mailing_chunk k
                        SET due_at = clock_timestamp()
                        FROM again a
                        WHERE k.account_id = :account AND k.mailing_id = :mailing
                          AND a.number BETWEEN k.first_number AND k.last_number
                          AND k.node IS NULL
                    )
                    SELECT count(*) FROM again
                    """;

    // What was given back to the quota when it was done is not given back once more.
    private static final String REOPEN =
            """
            UPDATE mailing m
            SET state = 'sending', done_at = NULL, reserved = (
                SELECT count(*)
                FROM delivery d
                WHERE d.account_id = m.account_id AND d.mailing_id = m.id
                  AND d.state <> 'skipped')
            WHERE m.account_id = :account AND m.id = :mailing AND m.state = 'done'
            """;

    private final Jdbi jdbi;
    private final InstantSource clock;

    public MailingControl(Jdbi jdbi, InstantSource clock) {
        this.jdbi = jdbi;
        this.clock = clock;
    }

    /** How it is held or slowed; empty if the account has no such mailing. */
    public Optional<Standing> standing(long account, long mailing) {
        return jdbi.withHandle(db ->
                db.createQuery(STANDING)
                        .bind("account", account)
                        .bind("mailing", mailing)
                        .map((row, _) ->
                                new Standing(
                                        row.getString("paused_because"),
                                        instantOrNull(row, "cancelled_at"),
                                        row.getObject("per_hour", Integer.class)))
                        .findOne());
    }

    /**
     * Sets how fast it goes out, within the caller's transaction.
     *
     * @param perHour null: no limit
     */
    public void limit(Handle tx, long account, long mailing, @Nullable Integer perHour) {
        tx.createUpdate(LIMIT)
                .bind("account", account)
                .bind("mailing", mailing)
                .bind("perHour", perHour)
                .execute();
    }

    /**
     * Ends it: who has not got it yet is skipped. A message whose dot is written gets the outcome
     * that its relay answers. When this dies half-way, the mailing is paused and can be cancelled
     * again.
     *
     * @return false if it is neither queued, sending nor paused; then nothing is changed
     */
    public boolean cancel(long account, long mailing) {
        boolean stopped =
                jdbi.withHandle(db ->
                        db.createUpdate(STOP)
                                        .bind("account", account)
                                        .bind("mailing", mailing)
                                        .bind("now", utc(clock.instant()))
                                        .execute()
                                == 1);
        if (!stopped) return false;
        jdbi.useTransaction(tx -> {
            tx.createQuery(LOCK_CHUNKS)
                    .bind("account", account)
                    .bind("mailing", mailing)
                    .mapTo(Integer.class)
                    .list();
            for (var statement : List.of(SKIP_WAITING, END_CHUNKS)) {
                tx.createUpdate(statement)
                        .bind("account", account)
                        .bind("mailing", mailing)
                        .execute();
            }
            tx.createUpdate(LET_END)
                    .bind("account", account)
                    .bind("mailing", mailing)
                    .bind("now", utc(clock.instant()))
                    .execute();
        });
        return true;
    }

    /**
     * The messages that nobody knows of, in the order of the recipients.
     *
     * @param page from 1
     */
    public List<UnknownDelivery> unknown(long account, long mailing, long page, long perPage) {
        return jdbi.withHandle(db ->
                db.createQuery(UNKNOWN)
                        .bind("account", account)
                        .bind("mailing", mailing)
                        .bind("limit", perPage)
                        .bind("offset", Math.multiplyExact(page - 1, perPage))
                        .map((row, _) -> unknown(row))
                        .list());
    }

    /**
     * Sends unknown messages again: the same, with the same Message-ID. Who has got it gets it
     * twice; the caller has decided that this is better than never.
     *
     * @param contactUid null: all of them
     * @return how many
     */
    public int resend(long account, long mailing, @Nullable String contactUid) {
        return jdbi.inTransaction(tx -> {
            int again =
                    tx.createQuery(RESEND)
                            .bind("account", account)
                            .bind("mailing", mailing)
                            .bind("contact", contactUid)
                            .mapTo(Integer.class)
                            .one();
            if (again > 0) {
                tx.createUpdate(REOPEN).bind("account", account).bind("mailing", mailing).execute();
            }
            return again;
        });
    }

    /**
     * Counts unknown messages as sent.
     *
     * @param contactUid null: all of them
     * @return how many
     */
    public int countAsSent(long account, long mailing, @Nullable String contactUid) {
        return jdbi.withHandle(db ->
                db.createUpdate(COUNT_AS_SENT)
                        .bind("account", account)
                        .bind("mailing", mailing)
                        .bind("contact", contactUid)
                        .execute());
    }

    private static UnknownDelivery unknown(ResultSet row) throws SQLException {
        return new UnknownDelivery(
                row.getInt("number"),
                row.getString("uid"),
                row.getString("address"),
                instantOrNull(row, "finished_at"),
                row.getString("relay"),
                row.getString("reason"));
    }
}
