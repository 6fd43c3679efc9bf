package io.dynosend.contact;

import static io.dynosend.common.Sql.utc;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Sums up what happens to contacts, so that a page need not read a million of them. */
public final class ContactFigures {

    /** What happened on a day (UTC). */
    public record Day(LocalDate day, long joined, long unsubscribed, long bounced) {}

    private static final Duration OVERLAP = Duration.ofMinutes(2);

    private static final String CLAIM =
            """
            SELECT CASE WHEN isfinite(until) THEN until END AS until
            FROM contact_figures
            FOR UPDATE SKIP LOCKED
            """;

    private static final String MOVE = "UPDATE contact_figures SET until = :until";

    // Whole days are counted anew: counting a moment twice changes nothing.
    private static final String DAYS =
            """
            INSERT INTO audience_day (account_id, audience_id, day, joined, unsubscribed)
            SELECT c.account_id, c.audience_id, (a.at AT TIME ZONE 'UTC')::date,
                   count(*) FILTER (WHERE a.kind IN ('subscribed', 'confirmed')),
                   count(*) FILTER (WHERE a.kind = 'unsubscribed')
            FROM contact_activity a
            JOIN contact c ON c.account_id = a.account_id AND c.id = a.contact_id
            WHERE a.at >= :day AND a.kind IN ('subscribed', 'confirmed', 'unsubscribed')
            GROUP BY 1, 2, 3
            ORDER BY 1, 2, 3
            ON CONFLICT (account_id, audience_id, day) DO UPDATE
            SET joined = excluded.joined, unsubscribed = excluded.unsubscribed
            """;

    private static final String TAGS =
            """
            INSERT INTO audience_tag (account_id, audience_id, tag)
            SELECT DISTINCT c.account_id, c.audience_id, t.tag
            FROM contact_activity a
            JOIN contact c ON c.account_id = a.account_id AND c.id = a.contact_id
            CROSS JOIN unnest(c.tags) AS t (tag)
            WHERE a.at >= :since
            ORDER BY 1, 2, 3
            ON CONFLICT DO NOTHING
            """;

    private static final String ENGAGEMENT =
            """
            INSERT INTO contact_engagement AS e (
                account_id, contact_id, audience_id, last_open_at, last_click_at)
            SELECT c.account_id, c.id, c.audience_id,
                   max(v.at) FILTER (WHERE v.kind = 'open'),
                   max(v.at) FILTER (WHERE v.kind = 'click')
            FROM engagement_event v
            JOIN delivery d ON d.account_id = v.account_id AND d.mailing_id = v.mailing_id
                AND d.number = v.number
            JOIN contact c ON c.account_id = d.account_id AND c.id = d.contact_id
            WHERE v.at >= :since AND v.kind IN ('open', 'click')
            GROUP BY c.account_id, c.id, c.audience_id
            ORDER BY c.account_id, c.id
            ON CONFLICT (account_id, contact_id) DO UPDATE
            SET last_open_at = greatest(e.last_open_at, excluded.last_open_at),
                last_click_at = greatest(e.last_click_at, excluded.last_click_at)
            """;

    // Marks are kept with every change; of two changes at the same moment, neither has seen the
    // other.
    private static final String MISSED_MARKS =
            """
            INSERT INTO contact_blacklisted (account_id, contact_id, audience_id, reason, at)
            SELECT c.account_id, c.id, c.audience_id, b.reason, b.created_at
            FROM blacklist b
            JOIN audience a ON a.account_id = b.account_id
            JOIN contact c ON c.account_id = a.account_id AND c.audience_id = a.id
                AND c.email = b.email
            WHERE b.created_at >= :since
            ON CONFLICT DO NOTHING
            """;

    private static final String STALE_MARKS =
            """
            DELETE FROM contact_blacklisted k
            WHERE NOT EXISTS (
                SELECT
                FROM contact c
                JOIN blacklist b ON b.account_id = c.account_id AND b.email = c.email
                WHERE c.account_id = k.account_id AND c.id = k.contact_id)
            """;

    private static final String OF_DAYS =
            """
            SELECT day, joined, unsubscribed
            FROM audience_day
            WHERE account_id = :account AND audience_id = :audience AND day >= :from
            ORDER BY day
            """;

    private static final String CHANGES =
            """
            SELECT day, sum(joined - unsubscribed)::bigint AS change
            FROM audience_day
            WHERE account_id = :account AND day >= :from
            GROUP BY day
            """;

    private static final String BOUNCES =
            """
            SELECT (at AT TIME ZONE 'UTC')::date AS day, count(*) AS bounced
            FROM contact_blacklisted
            WHERE account_id = :account AND audience_id = :audience
              AND reason IN ('bounced', 'complained') AND at >= :since
            GROUP BY 1
            ORDER BY 1
            """;

    private static final String TAGS_OF =
            """
            SELECT tag
            FROM audience_tag
            WHERE account_id = :account AND audience_id = :audience
            ORDER BY lower(tag)
            LIMIT :limit
            """;

    private final Jdbi jdbi;
    private final InstantSource clock;

    public ContactFigures(Jdbi jdbi, InstantSource clock) {
        this.jdbi = jdbi;
        this.clock = clock;
    }

    /** Adds what happened since the last time; somebody else may be at it. */
    public void refresh() {
        var now = clock.instant();
        jdbi.useTransaction(tx -> {
            var claimed =
                    tx.createQuery(CLAIM)
                            .map((row, _) ->
                                    Optional.ofNullable(
                                            row.getObject("until", OffsetDateTime.class)))
                            .findOne();
            if (claimed.isEmpty()) return;
            var since =
                    claimed.get()
                            .map(until -> earlier(until.toInstant(), now).minus(OVERLAP))
                            .orElse(Instant.EPOCH);
            refresh(tx, since);
            tx.createUpdate(MOVE).bind("until", utc(now)).execute();
        });
    }

    private static void refresh(Handle tx, Instant since) {
        tx.createUpdate(DAYS)
                .bind(
                        "day",
                        since.atZone(ZoneOffset.UTC)
                                .toLocalDate()
                                .atStartOfDay()
                                .atOffset(ZoneOffset.UTC))
                .execute();
        tx.createUpdate(TAGS).bind("since", utc(since)).execute();
        tx.createUpdate(ENGAGEMENT).bind("since", utc(since)).execute();
        tx.createUpdate(MISSED_MARKS).bind("since", utc(since)).execute();
        tx.execute(STALE_MARKS);
    }

    /** What happened on each day since one; days on which nothing did are missing. */
    public List<Day> days(long account, long audience, LocalDate from) {
        return jdbi.withHandle(db -> {
            var bounced = new HashMap<LocalDate, Long>();
            db.createQuery(BOUNCES)
                    .bind("account", account)
                    .bind("audience", audience)
                    .bind("since", from.atStartOfDay().atOffset(ZoneOffset.UTC))
                    .map((row, _) ->
                            bounced.put(
                                    row.getObject("day", LocalDate.class), row.getLong("bounced")))
                    .list();
            var days = new TreeMap<LocalDate, Day>();
            db.createQuery(OF_DAYS)
                    .bind("account", account)
                    .bind("audience", audience)
                    .bind("from", from)
                    .map((row, _) -> {
                        var day = row.getObject("day", LocalDate.class);
                        return days.put(
                                day,
                                new Day(
                                        day,
                                        row.getLong("joined"),
                                        row.getLong("unsubscribed"),
                                        bounced.getOrDefault(day, 0L)));
                    })
                    .list();
            bounced.forEach((day, count) -> days.putIfAbsent(day, new Day(day, 0, 0, count)));
            return List.copyOf(days.values());
        });
    }

    /** By how many subscribers all audiences of the account grew on each day since one. */
    public Map<LocalDate, Long> changes(long account, LocalDate from) {
        var changes = new HashMap<LocalDate, Long>();
        jdbi.useHandle(db ->
                db.createQuery(CHANGES)
                        .bind("account", account)
                        .bind("from", from)
                        .map((row, _) ->
                                changes.put(
                                        row.getObject("day", LocalDate.class),
                                        row.getLong("change")))
                        .list());
        return changes;
    }

    /** Tags that contacts of the audience have or had, in alphabetical order. */
    public List<String> tags(long account, long audience, int limit) {
        return jdbi.withHandle(db ->
                db.createQuery(TAGS_OF)
                        .bind("account", account)
                        .bind("audience", audience)
                        .bind("limit", limit)
                        .mapTo(String.class)
                        .list());
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }
}
