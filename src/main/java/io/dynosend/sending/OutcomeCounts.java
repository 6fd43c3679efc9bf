package io.dynosend.sending;

import io.dynosend.sending.Deliveries.Counts;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;

/**
 * How many recipients of many mailings stand where: the sums that the chunks keep, and of those
 * that a worker has at the moment their recipients. The same as {@link Deliveries#counts}.
 */
public final class OutcomeCounts {

    /** Of a mailing without recipients. */
    public static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0, 0);

    private static final String SELECT =
            """
            SELECT k.mailing_id,
                   sum(CASE WHEN k.sent IS NULL THEN d.found
                            ELSE k.last_number - k.first_number + 1 END)::bigint AS recipients,
                   sum(coalesce(k.sent, d.sent))::bigint AS sent,
                   sum(CASE WHEN k.sent IS NULL THEN d.failed ELSE k.failed END)::bigint AS failed,
                   sum(CASE WHEN k.sent IS NULL THEN d.skipped ELSE k.skipped END)::bigint
                       AS skipped,
                   sum(CASE WHEN k.sent IS NULL THEN d.unknown ELSE k.unknown END)::bigint
                       AS unknown,
                   sum(CASE WHEN k.sent IS NULL THEN d.bounced ELSE k.bounced END)::bigint
                       AS bounced
            FROM mailing_chunk k
            CROSS JOIN LATERAL (
                SELECT count(*) AS found, count(*) FILTER (WHERE r.state = 'sent') AS sent,
                       count(*) FILTER (WHERE r.state = 'failed') AS failed,
                       count(*) FILTER (WHERE r.state = 'skipped') AS skipped,
                       count(*) FILTER (WHERE r.state = 'unknown') AS unknown,
                       count(r.bounced_at) AS bounced
                FROM (
                    SELECT w.state, w.bounced_at
                    FROM delivery w
                    WHERE k.sent IS NULL AND w.account_id = k.account_id
                      AND w.mailing_id = k.mailing_id
                      AND w.number BETWEEN k.first_number AND k.last_number
                    OFFSET 0
                ) r
            ) d
            WHERE k.account_id = :account AND k.mailing_id = ANY(:mailings)
            GROUP BY k.mailing_id
            """;

    private static final String UNKNOWN =
            "SELECT DISTINCT mailing_id FROM unknown_delivery WHERE account_id = :account";

    private final Jdbi jdbi;

    public OutcomeCounts(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** Of each of these mailings; one without recipients is missing. */
    public Map<Long, Counts> of(long account, Collection<Long> mailings) {
        var counts = new HashMap<Long, Counts>();
        jdbi.useHandle(db ->
                db.createQuery(SELECT)
                        .bind("account", account)
                        .bindArray("mailings", Long.class, mailings.toArray())
                        .map((row, _) -> {
                            long recipients = row.getLong("recipients");
                            long sent = row.getLong("sent");
                            long failed = row.getLong("failed");
                            long skipped = row.getLong("skipped");
                            long unknown = row.getLong("unknown");
                            return counts.put(
                                    row.getLong("mailing_id"),
                                    new Counts(
                                            recipients,
                                            recipients - sent - failed - skipped - unknown,
                                            sent,
                                            failed,
                                            skipped,
                                            unknown,
                                            row.getLong("bounced")));
                        })
                        .list());
        return counts;
    }

    /** The mailings of an account that have recipients of whom nobody knows whether they got it. */
    public Set<Long> unknown(long account) {
        return jdbi.withHandle(
                db -> db.createQuery(UNKNOWN).bind("account", account).mapTo(Long.class).set());
    }
}
