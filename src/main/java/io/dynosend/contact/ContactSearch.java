package io.dynosend.contact;

import io.dynosend.audience.Schema;
import java.util.List;
import java.util.Locale;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Finds contacts of an audience by what somebody types. Only reads. */
public final class ContactSearch {

    /**
     * What the contacts have in common.
     *
     * @param text a part of the address; empty: any
     * @param status null: any
     * @param tag empty: any
     */
    public record Filter(String text, @Nullable ContactStatus status, String tag) {

        public Filter {
            text = text.strip().toLowerCase(Locale.ROOT);
            tag = tag.strip();
        }

        public boolean isEmpty() {
            return text.isEmpty() && status == null && tag.isEmpty();
        }
    }

    /** More than so many are not counted one by one. */
    public static final int MOST_COUNTED = 10_000;

    private static final String OF_AUDIENCE =
            """
            FROM contact c
            WHERE c.account_id = :account AND c.audience_id = :audience
            """;

    private final Jdbi jdbi;

    public ContactSearch(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /**
     * Contacts that match, the newest first.
     *
     * @param before the id of the last one of the page before; {@link Long#MAX_VALUE} for the first
     */
    public List<Contact> page(
            long account, Schema audience, Filter filter, long before, int limit) {
        String page =
                "SELECT "
                        + ContactRows.COLUMNS
                        + OF_AUDIENCE
                        + conditions(filter)
                        + " AND c.id < :before ORDER BY c.id DESC LIMIT :limit";
        return jdbi.withHandle(db ->
                bind(db.createQuery(page), account, audience, filter)
                        .bind("before", before)
                        .bind("limit", limit)
                        .map((row, _) -> ContactRows.contact(row))
                        .list());
    }

    /** How many match; one more than {@link #MOST_COUNTED} stands for all that are more. */
    public int count(long account, Schema audience, Filter filter) {
        String matching = "SELECT " + OF_AUDIENCE + conditions(filter) + " LIMIT :most";
        return jdbi.withHandle(db ->
                bind(
                                db.createQuery(
                                        "SELECT count(*) FROM (" + matching + ") AS counted"),
                                account,
                                audience,
                                filter)
                        .bind("most", MOST_COUNTED + 1)
                        .mapTo(Integer.class)
                        .one());
    }

    // Only what is asked for, so that each has a plan, and an index, of its own.
    private static String conditions(Filter filter) {
        var conditions = new StringBuilder();
        if (!filter.text().isEmpty()) conditions.append(" AND c.email LIKE :pattern");
        if (filter.status() != null) {
            conditions.append(" AND c.status = '%s'".formatted(filter.status().wire()));
        }
        if (!filter.tag().isEmpty()) conditions.append(" AND c.tags @> ARRAY[:tag]::text[]");
        return conditions.toString();
    }

    private static Query bind(Query query, long account, Schema audience, Filter filter) {
        query.bind("account", account).bind("audience", audience.id());
        if (!filter.text().isEmpty()) query.bind("pattern", pattern(filter.text()));
        if (!filter.tag().isEmpty()) query.bind("tag", filter.tag());
        return query;
    }

    // Too short for the trigrams of the index, it is taken for the beginning.
    private static String pattern(String text) {
        String literal = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_");
        return (text.length() < 3 ? "" : "%") + literal + "%";
    }
}
