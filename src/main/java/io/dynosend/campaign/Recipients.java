package io.dynosend.campaign;

import static io.dynosend.common.Sql.containing;
import static io.dynosend.common.Sql.instantOrNull;

import io.dynosend.contact.ContactSearch;
import io.dynosend.sending.Deliveries.State;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * The recipients of a campaign, what became of each and what they did. Only reads, and never all of
 * a million: a page begins where the last one ended, and what is rare is found by the sums of the
 * chunks.
 */
public final class Recipients {

    /** Which of them. */
    public enum Which {
        ALL,
        SENT,
        FAILED,
        BOUNCED,
        SKIPPED,
        UNKNOWN,
        WAITING,
        OPENED,
        NOT_OPENED,
        CLICKED,
        UNSUBSCRIBED,
        COMPLAINED;

        /** As addresses and forms spell it. */
        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** That of {@link #wire}; all for anything else. */
        public static Which of(String wire) {
            for (var each : values()) {
                if (each.wire().equals(wire)) return each;
            }
            return ALL;
        }
    }

    /**
     * One of them.
     *
     * @param contactUid null once the contact is erased, as is the address
     * @param reason why it was skipped, failed, deferred or is unknown
     * @param reply the receiver's words
     */
    public record Recipient(
            int number,
            @Nullable String contactUid,
            @Nullable String address,
            State state,
            @Nullable String reason,
            @Nullable String reply,
            int tries,
            @Nullable Instant finishedAt,
            @Nullable Instant bouncedAt,
            int opens,
            @Nullable Instant firstOpenAt,
            int clicks,
            @Nullable Instant firstClickAt,
            @Nullable Instant unsubscribedAt,
            @Nullable Instant complainedAt) {}

    // So many contacts are found, and their recipients looked up one by one. Of more the recipients
    // are gone through in their order instead: a page of them is soon full.
    private static final int MOST_LOOKED_UP = 10_000;

    private static final String COLUMNS =
            """
            SELECT d.number, c.uid, d.address, d.state::text AS state, d.reason, d.reply, d.tries,
                   d.finished_at, d.bounced_at, coalesce(e.open_count, 0) AS opens,
                   e.first_open_at, coalesce(e.click_count, 0) AS clicks, e.first_click_at,
                   e.unsubscribed_at, e.complained_at
            """;

    private static final String CONTACT =
            " LEFT JOIN contact c ON c.account_id = d.account_id AND c.id = d.contact_id ";

    // Each by its key (OFFSET 0), whatever the planner thinks of reading all contacts.
    private static final String CONTACT_THAT_MATCHES =
            """
             CROSS JOIN LATERAL (
                SELECT f.uid, f.email
                FROM contact f
                WHERE f.account_id = d.account_id AND f.id = d.contact_id
                OFFSET 0
            ) c
            """;
    private static final String MATCHES = " AND c.email LIKE :pattern";

    // By a part of the address: by the index of what contacts are searched by, which has names,
    // too;
    // nobody who is erased.
    private static final String FOUND =
            """
            SELECT id
            FROM contact
            WHERE account_id = :account AND audience_id = :audience
              AND searched LIKE :pattern AND email LIKE :pattern
            LIMIT :found
            """;

    // For the few on a page each by its key (OFFSET 0): else a planner that has seen large ones
    // reads all of a campaign.
    private static final String ENGAGEMENT =
            """
            LEFT JOIN LATERAL (
                SELECT r.open_count, r.first_open_at, r.click_count, r.first_click_at,
                       r.unsubscribed_at, r.complained_at
                FROM engagement r
                WHERE r.account_id = d.account_id AND r.mailing_id = d.mailing_id
                  AND r.number = d.number
                OFFSET 0
            ) e ON true
            """;

    // In the order of the recipients, from either end of a page.
    private static final String AFTER = " AND %s.number > :edge ORDER BY %s LIMIT :limit";
    private static final String BEFORE = " AND %s.number < :edge ORDER BY %s LIMIT :limit";

    // Only the chunks that have one, or that a worker has and may.
    @SuppressWarnings("InlineFormatString") // read better beside the others
    private static final String OF_CHUNKS =
            """
            FROM mailing_chunk k
            CROSS JOIN LATERAL (
                SELECT *
                FROM delivery w
                WHERE w.account_id = k.account_id AND w.mailing_id = k.mailing_id
                  AND w.number BETWEEN k.first_number AND k.last_number AND %s
                OFFSET 0
            ) d
            """;

    @SuppressWarnings("InlineFormatString") // read better beside the others
    private static final String WHERE_CHUNKS =
            """
            WHERE k.account_id = :account AND k.mailing_id = :mailing
              AND (k.sent IS NULL OR %s)
            """;

    // Each by its key, as above.
    private static final String OF_CONTACTS =
            COLUMNS
                    + """
                    FROM unnest(:contacts) AS f (id)
                    CROSS JOIN LATERAL (
                        SELECT *
                        FROM delivery w
                        WHERE w.account_id = :account AND w.contact_id = f.id
                          AND w.mailing_id = :mailing
                        OFFSET 0
                    ) d
                    """
                    + CONTACT
                    + ENGAGEMENT
                    + """
                    WHERE CASE :which
                              WHEN 'all' THEN true
                              WHEN 'bounced' THEN d.bounced_at IS NOT NULL
                              WHEN 'opened' THEN e.first_open_at IS NOT NULL
                              WHEN 'not_opened' THEN d.state = 'sent' AND e.first_open_at IS NULL
                              WHEN 'clicked' THEN e.first_click_at IS NOT NULL
                              WHEN 'unsubscribed' THEN e.unsubscribed_at IS NOT NULL
                              WHEN 'complained' THEN e.complained_at IS NOT NULL
                              ELSE d.state::text = :which END
                    """;

    // Within the chunk, so that not all that a million readers did is read for a page.
    private static final String NOT_OPENED =
            """
            w.state = 'sent' AND NOT EXISTS (
                SELECT
                FROM engagement r
                WHERE r.account_id = k.account_id AND r.mailing_id = k.mailing_id
                  AND r.number BETWEEN k.first_number AND k.last_number
                  AND r.number = w.number AND r.first_open_at IS NOT NULL)
            """;

    private record Pair(String after, String before) {}

    private static final Map<Which, Pair> PAGES = pages(CONTACT, "");
    private static final Map<Which, Pair> PAGES_THAT_MATCH = pages(CONTACT_THAT_MATCHES, MATCHES);

    private final Jdbi jdbi;

    public Recipients(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /**
     * Those that come after one.
     *
     * @param audience of the campaign, in which addresses are searched
     * @param text part of the address; empty: all
     * @param edge the number of the last one of the page before; 0 for the first page
     */
    public List<Recipient> after(
            long account,
            long mailing,
            long audience,
            Which which,
            String text,
            int edge,
            int limit) {
        return jdbi.withHandle(db ->
                new Search(db, account, mailing, audience, which, text)
                        .page(AFTER.formatted("d", "d.number"), Pair::after, edge, limit));
    }

    /** Those that come before one, in the order of the recipients. */
    public List<Recipient> before(
            long account,
            long mailing,
            long audience,
            Which which,
            String text,
            int edge,
            int limit) {
        return jdbi.withHandle(db ->
                new Search(db, account, mailing, audience, which, text)
                        .page(BEFORE.formatted("d", "d.number DESC"), Pair::before, edge, limit)
                        .reversed());
    }

    private record Search(
            Handle db, long account, long mailing, long audience, Which which, String text) {

        List<Recipient> page(
                String ofContacts, Function<Pair, String> inOrder, int edge, int limit) {
            return query(ofContacts, inOrder, edge, limit).map((row, _) -> recipient(row)).list();
        }

        private Query query(
                String ofContacts, Function<Pair, String> inOrder, int edge, int limit) {
            if (!ContactSearch.isSearched(text)) {
                return bound(inOrder.apply(of(PAGES)), edge, limit);
            }
            var found = found();
            return found.size() <= MOST_LOOKED_UP
                    ? bound(OF_CONTACTS + ofContacts, edge, limit)
                            .bindArray("contacts", Long.class, found)
                    : bound(inOrder.apply(of(PAGES_THAT_MATCH)), edge, limit);
        }

        private Pair of(Map<Which, Pair> pages) {
            return Objects.requireNonNull(pages.get(which));
        }

        private List<Long> found() {
            return db.createQuery(FOUND)
                    .bind("account", account)
                    .bind("audience", audience)
                    .bind("pattern", pattern())
                    .bind("found", MOST_LOOKED_UP + 1)
                    .mapTo(Long.class)
                    .list();
        }

        // Not every statement has all of them.
        private Query bound(String statement, int edge, int limit) {
            return db.createQuery(statement)
                    .bind("account", account)
                    .bind("mailing", mailing)
                    .bind("edge", edge)
                    .bind("limit", limit)
                    .bindMap(Map.of("pattern", pattern(), "which", which.wire()));
        }

        private String pattern() {
            return containing(text.toLowerCase(Locale.ROOT));
        }
    }

    private static Map<Which, Pair> pages(String contact, String matches) {
        var pages = new EnumMap<Which, Pair>(Which.class);
        pages.put(
                Which.ALL,
                of(
                        "d",
                        "d.number",
                        "FROM delivery d" + contact + ENGAGEMENT,
                        ofMailing("d", "true") + matches));
        pages.put(Which.NOT_OPENED, ofChunks(NOT_OPENED, "k.sent > 0", contact, matches));
        pages.put(Which.SENT, ofState("sent", "k.sent > 0", contact, matches));
        pages.put(Which.FAILED, ofState("failed", "k.failed > 0", contact, matches));
        pages.put(Which.SKIPPED, ofState("skipped", "k.skipped > 0", contact, matches));
        pages.put(Which.UNKNOWN, ofState("unknown", "k.unknown > 0", contact, matches));
        pages.put(
                Which.WAITING,
                ofState(
                        "waiting",
                        "k.sent + k.failed + k.skipped + k.unknown"
                                + " < k.last_number - k.first_number + 1",
                        contact,
                        matches));
        pages.put(
                Which.BOUNCED,
                ofChunks("w.bounced_at IS NOT NULL", "k.bounced > 0", contact, matches));
        pages.put(Which.OPENED, ofReaders("e.first_open_at IS NOT NULL", contact, matches));
        pages.put(Which.CLICKED, ofReaders("e.first_click_at IS NOT NULL", contact, matches));
        pages.put(Which.UNSUBSCRIBED, ofReaders("e.unsubscribed_at IS NOT NULL", contact, matches));
        pages.put(Which.COMPLAINED, ofReaders("e.complained_at IS NOT NULL", contact, matches));
        return pages;
    }

    private static Pair ofState(String state, String chunks, String contact, String matches) {
        return ofChunks("w.state = '" + state + "'", chunks, contact, matches);
    }

    private static Pair ofChunks(String recipients, String chunks, String contact, String matches) {
        String from = OF_CHUNKS.formatted(recipients);
        String where = WHERE_CHUNKS.formatted(chunks);
        String head = COLUMNS + from + contact + ENGAGEMENT + where + matches;
        return new Pair(
                head
                        + " AND k.last_number > :edge"
                        + AFTER.formatted("d", "k.first_number, d.number"),
                head
                        + " AND k.first_number < :edge"
                        + BEFORE.formatted("d", "k.first_number DESC, d.number DESC"));
    }

    private static Pair ofReaders(String which, String contact, String matches) {
        return of(
                "e",
                "e.number",
                "FROM engagement e JOIN delivery d USING (account_id, mailing_id, number)"
                        + contact,
                ofMailing("e", which) + matches);
    }

    private static String ofMailing(String table, String which) {
        return "WHERE %s.account_id = :account AND %s.mailing_id = :mailing AND %s"
                .formatted(table, table, which);
    }

    private static Pair of(String table, String order, String from, String where) {
        String head = COLUMNS + from + where;
        return new Pair(
                head + AFTER.formatted(table, order),
                head + BEFORE.formatted(table, order + " DESC"));
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
                instantOrNull(row, "finished_at"),
                instantOrNull(row, "bounced_at"),
                row.getInt("opens"),
                instantOrNull(row, "first_open_at"),
                row.getInt("clicks"),
                instantOrNull(row, "first_click_at"),
                instantOrNull(row, "unsubscribed_at"),
                instantOrNull(row, "complained_at"));
    }
}
