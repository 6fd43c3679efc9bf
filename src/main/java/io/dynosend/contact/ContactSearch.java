package io.dynosend.contact;

import static io.dynosend.common.Sql.containing;
import static io.dynosend.common.Sql.utc;

import io.dynosend.common.Json;
import io.dynosend.contact.ContactFilter.Activity;
import io.dynosend.contact.ContactFilter.FieldCondition;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jspecify.annotations.Nullable;

/** Finds contacts of an audience by what they have in common. Only reads. */
public final class ContactSearch {

    /** In which order contacts are listed; an index gives each. */
    public enum Order {
        NEWEST(" AND c.id < :after", " ORDER BY c.id DESC"),
        OLDEST(" AND c.id > :after", " ORDER BY c.id"),
        ADDRESS(" AND c.email > :after", " ORDER BY c.email");

        private final String behind;
        private final String order;

        Order(String behind, String order) {
            this.behind = behind;
            this.order = order;
        }

        /** What the next page begins behind. */
        public String cursor(Contact last) {
            return this == ADDRESS ? last.email().value() : Long.toString(last.id());
        }
    }

    /**
     * How many match.
     *
     * @param more whether they are more than this
     */
    public record Matches(int count, boolean more) {}

    // More than so many are not counted one by one: fewer while somebody types.
    private static final int MOST_COUNTED = 10_000;
    private static final int MOST_COUNTED_OF_TEXT = 1_000;

    private static final String PATIENCE = "SET LOCAL statement_timeout = '50ms'";
    private static final String QUERY_CANCELED = "57014";

    private static final String OF_AUDIENCE =
            """
            FROM contact c
            WHERE c.account_id = :account AND c.audience_id = :audience
            """;

    // So many contacts that a text finds are looked up one by one, whatever the planner thinks of
    // going through all of them in their order until a page is full. Of more, a page is soon full.
    private static final int MOST_LOOKED_UP = 10_000;
    private static final int SHORTEST_IN_INDEX = 3;

    private static final String FOUND =
            "SELECT c.id " + OF_AUDIENCE + " AND c.searched LIKE :pattern LIMIT :most";

    private static final String OF_FOUND =
            """
            FROM unnest(:found) AS f (id)
            CROSS JOIN LATERAL (
                SELECT *
                FROM contact x
                WHERE x.account_id = :account AND x.id = f.id
                OFFSET 0
            ) c
            WHERE c.audience_id = :audience
            """;

    private static final String TEXT = " AND c.searched LIKE :pattern";
    private static final String TAG = " AND c.tags @> ARRAY[:tag]::text[]";
    private static final String FIELD_IS = " AND c.fields @> cast(:fieldValue AS jsonb)";
    private static final String FIELD_FILLED = " AND c.fields ?? :field";
    private static final String FIELD_EMPTY = " AND NOT c.fields ?? :field";

    private static final String OPENED =
            """
             AND EXISTS (
                 SELECT FROM contact_engagement g
                 WHERE g.account_id = c.account_id AND g.contact_id = c.id
                   AND g.audience_id = :audience AND g.last_open_at >= :since)
            """;

    private static final String CLICKED =
            """
             AND EXISTS (
                 SELECT FROM contact_engagement g
                 WHERE g.account_id = c.account_id AND g.contact_id = c.id
                   AND g.audience_id = :audience AND g.last_click_at >= :since)
            """;

    private static final String NEVER_OPENED =
            """
             AND NOT EXISTS (
                 SELECT FROM contact_engagement g
                 WHERE g.account_id = c.account_id AND g.contact_id = c.id
                   AND g.last_open_at IS NOT NULL)
            """;

    // Ids are given in the order of time, but for what happens at the same moment: so the listing,
    // which goes by id, need not read on to the first contact of all.
    private static final String JOINED =
            """
             AND c.created_at >= :since
             AND c.id >= coalesce((
                 SELECT f.id
                 FROM contact f
                 WHERE f.account_id = :account AND f.audience_id = :audience
                   AND f.created_at >= :since
                 ORDER BY f.created_at
                 LIMIT 1), 0) - 100000
            """;

    private static final String BOUNCED =
            """
             AND EXISTS (
                 SELECT FROM contact_blacklisted k
                 WHERE k.account_id = c.account_id AND k.contact_id = c.id
                   AND k.audience_id = :audience AND k.reason = 'bounced')
            """;

    private final Jdbi jdbi;
    private final InstantSource clock;

    public ContactSearch(Jdbi jdbi, InstantSource clock) {
        this.jdbi = jdbi;
        this.clock = clock;
    }

    /**
     * Contacts that match.
     *
     * @param after what {@link Order#cursor} said of the last one of the page before; empty for the
     *     first page
     */
    public List<Contact> page(
            long account,
            long audience,
            ContactFilter filter,
            Order order,
            String after,
            int limit) {
        return jdbi.withHandle(db -> {
            var rest = filter.withoutText();
            var query =
                    found(db, account, audience, filter, order)
                            .map(found ->
                                    query(
                                                    db, OF_FOUND, account, audience, rest, order,
                                                    after, limit)
                                            .bindArray("found", Long.class, found))
                            .orElseGet(() ->
                                    query(
                                            db,
                                            OF_AUDIENCE,
                                            account,
                                            audience,
                                            filter,
                                            order,
                                            after,
                                            limit));
            return query.map((row, _) -> ContactRows.contact(row)).list();
        });
    }

    /** Ids that the text finds; empty: they are too many, or there is no need to look them up. */
    private static Optional<List<Long>> found(
            Handle db, long account, long audience, ContactFilter filter, Order order) {
        boolean isAlone = filter.withoutText().isEmpty() && order != Order.ADDRESS;
        if (isAlone || filter.text().length() < SHORTEST_IN_INDEX) return Optional.empty();
        var found =
                db.createQuery(FOUND)
                        .bind("account", account)
                        .bind("audience", audience)
                        .bind("pattern", containing(filter.text()))
                        .bind("most", MOST_LOOKED_UP + 1)
                        .mapTo(Long.class)
                        .list();
        return Optional.of(found).filter(ids -> ids.size() <= MOST_LOOKED_UP);
    }

    /** As {@link #page}, but fewer where they are large; none only at the end. */
    public List<Contact> some(
            long account,
            long audience,
            ContactFilter filter,
            Order order,
            String after,
            int limit) {
        return jdbi.inTransaction(tx ->
                ContactRows.some(
                        query(tx, OF_AUDIENCE, account, audience, filter, order, after, limit)));
    }

    private Query query(
            Handle db,
            String from,
            long account,
            long audience,
            ContactFilter filter,
            Order order,
            String after,
            int limit) {
        String page =
                "SELECT "
                        + ContactRows.COLUMNS
                        + from
                        + conditions(filter)
                        + (after.isEmpty() ? "" : order.behind)
                        + order.order
                        + " LIMIT :limit";
        var query = bind(db.createQuery(page), account, audience, filter);
        if (!after.isEmpty()) bindCursor(query, order, after);
        return query.bind("limit", limit);
    }

    /**
     * How many match, as far as that can be said in no time.
     *
     * @param known so many do, and more
     */
    public Matches count(long account, long audience, ContactFilter filter, int known) {
        int most = isSearched(filter.text()) ? MOST_COUNTED_OF_TEXT : MOST_COUNTED;
        try {
            int count =
                    jdbi.inTransaction(tx -> {
                        tx.execute(PATIENCE);
                        return count(tx, account, audience, filter, most + 1);
                    });
            return new Matches(Math.min(most, count), count > most);
        } catch (UnableToExecuteStatementException e) {
            if (e.getCause() instanceof SQLException cause
                    && QUERY_CANCELED.equals(cause.getSQLState())) return new Matches(known, true);
            throw e;
        }
    }

    /** Whether a text tells one contact from another: each address has these. */
    public static boolean isSearched(String text) {
        return !text.isEmpty() && !text.equals("@") && !text.equals(".");
    }

    /** How many match, to the last one. */
    public int countAll(long account, long audience, ContactFilter filter) {
        return jdbi.withHandle(db -> count(db, account, audience, filter, Integer.MAX_VALUE));
    }

    private int count(Handle db, long account, long audience, ContactFilter filter, int most) {
        String matching = "SELECT " + OF_AUDIENCE + conditions(filter) + " LIMIT :most";
        return bind(
                        db.createQuery("SELECT count(*) FROM (" + matching + ") AS counted"),
                        account,
                        audience,
                        filter)
                .bind("most", most)
                .mapTo(Integer.class)
                .one();
    }

    /** Ids that match, the highest first, below one. */
    List<Long> ids(long account, long audience, ContactFilter filter, long before, int limit) {
        String ids =
                "SELECT c.id "
                        + OF_AUDIENCE
                        + conditions(filter)
                        + " AND c.id < :before ORDER BY c.id DESC LIMIT :limit";
        return jdbi.withHandle(db ->
                bind(db.createQuery(ids), account, audience, filter)
                        .bind("before", before)
                        .bind("limit", limit)
                        .mapTo(Long.class)
                        .list());
    }

    // Only what is asked for, so that each has a plan, and an index, of its own.
    private static String conditions(ContactFilter filter) {
        var conditions = new StringBuilder();
        if (isSearched(filter.text())) conditions.append(TEXT);
        if (filter.status() != null) {
            conditions.append(" AND c.status = '%s'".formatted(filter.status().wire()));
        }
        if (!filter.tag().isEmpty()) conditions.append(TAG);
        if (filter.field() != null) conditions.append(condition(filter.field()));
        if (filter.activity() != null) conditions.append(condition(filter.activity()));
        return conditions.toString();
    }

    private static String condition(FieldCondition field) {
        return switch (field) {
            case FieldCondition.Is _ -> FIELD_IS;
            case FieldCondition.Filled _ -> FIELD_FILLED;
            case FieldCondition.Empty _ -> FIELD_EMPTY;
        };
    }

    private static String condition(Activity activity) {
        return switch (activity) {
            case Activity.Opened _ -> OPENED;
            case Activity.Clicked _ -> CLICKED;
            case Activity.NeverOpened _ -> NEVER_OPENED;
            case Activity.Joined _ -> JOINED;
            case Activity.Bounced _ -> BOUNCED;
        };
    }

    private Query bind(Query query, long account, long audience, ContactFilter filter) {
        query.bind("account", account).bind("audience", audience);
        if (isSearched(filter.text())) query.bind("pattern", containing(filter.text()));
        if (!filter.tag().isEmpty()) query.bind("tag", filter.tag());
        if (filter.field() != null) bind(query, filter.field());
        bind(query, filter.activity());
        return query;
    }

    private static void bind(Query query, FieldCondition field) {
        switch (field) {
            case FieldCondition.Is(var tag, var value) ->
                    query.bind("fieldValue", Json.write(Map.of(tag, value)));
            case FieldCondition.Filled(var tag) -> query.bind("field", tag);
            case FieldCondition.Empty(var tag) -> query.bind("field", tag);
        }
    }

    private void bind(Query query, @Nullable Activity activity) {
        switch (activity) {
            case Activity.Opened(int days) -> query.bind("since", since(days));
            case Activity.Clicked(int days) -> query.bind("since", since(days));
            case Activity.Joined(int days) -> query.bind("since", since(days));
            case null -> {}
            case Activity.NeverOpened() -> {}
            case Activity.Bounced() -> {}
        }
    }

    private java.time.OffsetDateTime since(int days) {
        return utc(clock.instant().minus(Duration.ofDays(days)));
    }

    private static void bindCursor(Query query, Order order, String after) {
        if (order == Order.ADDRESS) query.bind("after", after.replace("\0", ""));
        else query.bind("after", number(after, order == Order.NEWEST ? Long.MAX_VALUE : 0));
    }

    private static long number(String given, long otherwise) {
        return given.matches("[0-9]{1,18}") ? Long.parseLong(given) : otherwise;
    }
}
