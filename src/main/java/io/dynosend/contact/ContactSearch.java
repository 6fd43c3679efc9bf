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

    private static final String MATCHING =
            """
            FROM contact c
            WHERE c.account_id = :account AND c.audience_id = :audience
              AND (:pattern = '' OR c.email LIKE :pattern)
              AND (:status = '' OR c.status = :status)
              AND (:tag = '' OR :tag = ANY (c.tags))
            """;

    private static final String PAGE =
            "SELECT "
                    + ContactRows.COLUMNS
                    + MATCHING
                    + """
                      AND c.id < :before
                    ORDER BY c.id DESC
                    LIMIT :limit
                    """;

    private static final String COUNT =
            "SELECT count(*) FROM (SELECT 1 " + MATCHING + " LIMIT :most) AS counted";

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
        return jdbi.withHandle(db ->
                bind(db.createQuery(PAGE), account, audience, filter)
                        .bind("before", before)
                        .bind("limit", limit)
                        .map((row, _) -> ContactRows.contact(row))
                        .list());
    }

    /** How many match; one more than {@link #MOST_COUNTED} stands for all that are more. */
    public int count(long account, Schema audience, Filter filter) {
        return jdbi.withHandle(db ->
                bind(db.createQuery(COUNT), account, audience, filter)
                        .bind("most", MOST_COUNTED + 1)
                        .mapTo(Integer.class)
                        .one());
    }

    private static Query bind(Query query, long account, Schema audience, Filter filter) {
        return query.bind("account", account)
                .bind("audience", audience.id())
                .bind("pattern", pattern(filter.text()))
                .bind("status", filter.status() == null ? "" : filter.status().wire())
                .bind("tag", filter.tag());
    }

    // Too short for the trigrams of the index, it is taken for the beginning.
    private static String pattern(String text) {
        if (text.isEmpty()) return "";
        String literal = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_");
        return (text.length() < 3 ? "" : "%") + literal + "%";
    }
}
