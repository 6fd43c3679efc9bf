package io.dynosend.sending;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.jdbi.v3.core.Jdbi;

/**
 * What waits, of all accounts and nodes together.
 *
 * @param bulk recipients of campaigns under way in chunks with somebody left to mail: at most that
 *     many
 * @param singles single messages
 * @param bulkSeconds for how long the oldest of the chunks has been due; likewise of singles
 * @param unknown messages without an answer that nobody has decided on
 */
public record Backlog(
        long bulk, long singles, double bulkSeconds, double singlesSeconds, long unknown) {

    private static final String READ =
            """
            SELECT coalesce(sum(k.last_number - k.first_number + 1) FILTER (WHERE k.bulk), 0)
                       AS bulk,
                   count(*) FILTER (WHERE NOT k.bulk) AS singles,
                   coalesce(extract(epoch FROM clock_timestamp()
                       - min(k.due_at) FILTER (WHERE k.bulk AND k.due_at < clock_timestamp())), 0)
                       AS bulk_seconds,
                   coalesce(extract(epoch FROM clock_timestamp()
                       - min(k.due_at) FILTER (WHERE NOT k.bulk AND k.due_at < clock_timestamp())),
                       0) AS singles_seconds,
                   (SELECT count(*) FROM unknown_delivery) AS unknown
            FROM mailing_chunk k
            JOIN mailing m ON m.account_id = k.account_id AND m.id = k.mailing_id
            WHERE k.due_at IS NOT NULL AND m.state IN ('queued', 'sending')
            """;

    /** As it is now. */
    public static Backlog read(Jdbi jdbi) {
        return jdbi.withHandle(db -> db.createQuery(READ).map((row, _) -> backlog(row)).one());
    }

    private static Backlog backlog(ResultSet row) throws SQLException {
        return new Backlog(
                row.getLong("bulk"),
                row.getLong("singles"),
                row.getDouble("bulk_seconds"),
                row.getDouble("singles_seconds"),
                row.getLong("unknown"));
    }
}
