package io.dynosend.tracking;

import static io.dynosend.common.Sql.instant;
import static io.dynosend.common.Sql.utc;

import io.dynosend.tracking.Engagements.Totals;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;

/**
 * What readers did, by the hour: sums that PostgreSQL keeps with every change, so that nobody
 * counts a million readers to show a page. The same as {@link Engagements#totals}.
 */
public final class EngagementHours {

    /** What happened in an hour. */
    public record Hour(Instant at, long opens, long clicks) {}

    /** What happened on a day (UTC) with all campaigns of an account. */
    public record Day(LocalDate day, long opens, long clicks) {}

    private static final String TOTALS =
            """
            SELECT mailing_id, sum(opens)::bigint AS opens, sum(openers)::bigint AS unique_opens,
                   sum(clicks)::bigint AS clicks, sum(clickers)::bigint AS unique_clicks,
                   sum(unsubscribed)::bigint AS unsubscribed, sum(complained)::bigint AS complained
            FROM (
                SELECT mailing_id, opens, openers, clicks, clickers, unsubscribed, complained
                FROM engagement_hour
                WHERE account_id = :account AND mailing_id = ANY(:mailings)
                UNION ALL
                SELECT mailing_id, CASE kind WHEN 'open' THEN count ELSE 0 END, 0,
                       CASE kind WHEN 'click' THEN count ELSE 0 END, 0, 0, 0
                FROM anonymous_engagement
                WHERE account_id = :account AND mailing_id = ANY(:mailings)
            ) both_kinds
            GROUP BY mailing_id
            """;

    private static final String HOURS =
            """
            SELECT hour, sum(opens)::bigint AS opens, sum(clicks)::bigint AS clicks
            FROM engagement_hour
            WHERE account_id = :account AND mailing_id = :mailing
            GROUP BY hour
            ORDER BY hour
            """;

    private static final String DAYS =
            """
            SELECT (hour AT TIME ZONE 'UTC')::date AS day, sum(opens)::bigint AS opens,
                   sum(clicks)::bigint AS clicks
            FROM engagement_hour
            WHERE account_id = :account AND hour >= :from
            GROUP BY 1
            ORDER BY 1
            """;

    // Others may do the same: what they have taken is not there any more.
    private static final String FOLD =
            """
            WITH loose AS (
                DELETE FROM engagement_hour
                WHERE loose
                RETURNING *
            )
            INSERT INTO engagement_hour AS e (
                account_id, mailing_id, hour, opens, openers, clicks, clickers, unsubscribed,
                complained, loose)
            SELECT account_id, mailing_id, hour, sum(opens), sum(openers), sum(clicks),
                   sum(clickers), sum(unsubscribed), sum(complained), false
            FROM loose
            GROUP BY account_id, mailing_id, hour
            ORDER BY account_id, mailing_id, hour
            ON CONFLICT (account_id, mailing_id, hour) WHERE NOT loose DO UPDATE
            SET opens = e.opens + excluded.opens, openers = e.openers + excluded.openers,
                clicks = e.clicks + excluded.clicks, clickers = e.clickers + excluded.clickers,
                unsubscribed = e.unsubscribed + excluded.unsubscribed,
                complained = e.complained + excluded.complained
            """;

    private final Jdbi jdbi;

    public EngagementHours(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** Of each of these mailings; one of which nothing is known is missing. */
    public Map<Long, Totals> totals(long account, Collection<Long> mailings) {
        var totals = new HashMap<Long, Totals>();
        jdbi.useHandle(db ->
                db.createQuery(TOTALS)
                        .bind("account", account)
                        .bindArray("mailings", Long.class, mailings.toArray())
                        .map((row, _) -> totals.put(row.getLong("mailing_id"), totals(row)))
                        .list());
        return totals;
    }

    /** Of a mailing, the hours in which something happened. */
    public List<Hour> of(long account, long mailing) {
        return jdbi.withHandle(db ->
                db.createQuery(HOURS)
                        .bind("account", account)
                        .bind("mailing", mailing)
                        .map((row, _) ->
                                new Hour(
                                        instant(row, "hour"),
                                        row.getLong("opens"),
                                        row.getLong("clicks")))
                        .list());
    }

    /** Of an account, the days on which something happened. */
    public List<Day> days(long account, Instant from) {
        return jdbi.withHandle(db ->
                db.createQuery(DAYS)
                        .bind("account", account)
                        .bind("from", utc(from))
                        .map((row, _) ->
                                new Day(
                                        row.getObject("day", LocalDate.class),
                                        row.getLong("opens"),
                                        row.getLong("clicks")))
                        .list());
    }

    /** Puts the sums of each hour together; they stay what they are. */
    public void fold() {
        jdbi.useHandle(db -> db.execute(FOLD));
    }

    private static Totals totals(ResultSet row) throws SQLException {
        return new Totals(
                row.getLong("opens"),
                row.getLong("unique_opens"),
                row.getLong("clicks"),
                row.getLong("unique_clicks"),
                row.getLong("unsubscribed"),
                row.getLong("complained"));
    }
}
