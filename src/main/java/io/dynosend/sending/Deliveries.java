package io.dynosend.sending;

import static io.dynosend.common.Sql.instantOrNull;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** Reads the ledger: who got it, who did not, and why. */
public final class Deliveries {

    /** Where a recipient stands, as the API spells it. Behind the barrier is still waiting. */
    public enum State {
        WAITING,
        SENT,
        FAILED,
        SKIPPED,
        UNKNOWN;

        public static State of(String wire) {
            return valueOf(wire.toUpperCase(Locale.ROOT));
        }

        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** recipients = waiting + sent + failed + skipped + unknown. */
    public record Counts(
            long recipients,
            long waiting,
            long sent,
            long failed,
            long skipped,
            long unknown,
            long bounced) {}

    /**
     * One line of the ledger.
     *
     * @param contactUid null once the contact is erased, and so is the address
     * @param reason why it was skipped, failed, deferred or is unknown
     * @param reply the receiver's last answer
     */
    public record Recipient(
            int number,
            @Nullable String contactUid,
            @Nullable String address,
            State state,
            @Nullable String reason,
            @Nullable String reply,
            int tries,
            @Nullable Instant finishedAt) {}

    private static final String COUNTS =
            """
            SELECT mailing_id,
                   count(*) AS recipients,
                   count(*) FILTER (WHERE state = 'waiting') AS waiting,
                   count(*) FILTER (WHERE state = 'sent') AS sent,
                   count(*) FILTER (WHERE state = 'failed') AS failed,
                   count(*) FILTER (WHERE state = 'skipped') AS skipped,
                   count(*) FILTER (WHERE state = 'unknown') AS unknown,
                   count(*) FILTER (WHERE bounced_at IS NOT NULL) AS bounced
            FROM delivery
            WHERE account_id = :account AND mailing_id = :mailing
            GROUP BY mailing_id
            """;

    private static final String PAGE =
            """
            SELECT d.number, c.uid, d.address,
                   d.state::text AS state,
                   d.reason, d.reply, d.tries, d.finished_at
            FROM delivery d
            LEFT JOIN contact c ON c.account_id = d.account_id AND c.id = d.contact_id
            WHERE d.account_id = :account AND d.mailing_id = :mailing
              AND (cast(:state AS text) IS NULL
                   OR d.state = :state::delivery_state)
            ORDER BY d.number
            LIMIT :limit OFFSET :offset
            """;

    private final Jdbi jdbi;

    public Deliveries(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** How many recipients stand where. All zero for a mailing without recipients. */
    public Counts counts(long account, long mailing) {
        return jdbi.withHandle(db ->
                db.createQuery(COUNTS)
                        .bind("account", account)
                        .bind("mailing", mailing)
                        .map((row, _) -> counts(row))
                        .findOne()
                        .orElse(new Counts(0, 0, 0, 0, 0, 0, 0)));
    }

    /**
     * One page of the ledger in the order of the recipients.
     *
     * @param state null for all
     * @param page from 1
     */
    public List<Recipient> page(
            long account, long mailing, @Nullable State state, long page, long perPage) {
        return jdbi.withHandle(db ->
                db.createQuery(PAGE)
                        .bind("account", account)
                        .bind("mailing", mailing)
                        .bind("state", state == null ? null : state.wire())
                        .bind("limit", perPage)
                        .bind("offset", Math.multiplyExact(page - 1, perPage))
                        .map((row, _) -> recipient(row))
                        .list());
    }

    private static Counts counts(ResultSet row) throws SQLException {
        return new Counts(
                row.getLong("recipients"),
                row.getLong("waiting"),
                row.getLong("sent"),
                row.getLong("failed"),
                row.getLong("skipped"),
                row.getLong("unknown"),
                row.getLong("bounced"));
    }

    private static Recipient recipient(ResultSet row) throws SQLException {
        return new Recipient(
                row.getInt("number"),
                row.getString("uid"),
                row.getString("address"),
                State.of(row.getString("state")),
                row.getString("reason"),
                row.getString("reply"),
                row.getInt("tries"),
                instantOrNull(row, "finished_at"));
    }
}
