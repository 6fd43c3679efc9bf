package io.dynosend.tracking;

import java.util.List;
import org.jdbi.v3.core.Jdbi;

/** How often each link of a mailing was followed. */
public final class LinkClicks {

    /**
     * A link.
     *
     * @param url its target; with Liquid in it, as the author wrote it
     * @param unique recipients who followed it, of those who are told apart
     */
    public record Clicked(String url, long clicks, long unique) {}

    private static final String SELECT =
            """
            SELECT l.url, coalesce(e.clicks, 0) + coalesce(a.count, 0) AS clicks,
                   coalesce(e.readers, 0) AS readers
            FROM link l
            LEFT JOIN (
                SELECT link, count(*) AS clicks, count(DISTINCT number) AS readers
                FROM engagement_event
                WHERE account_id = :account AND mailing_id = :mailing AND kind = 'click'
                GROUP BY link
            ) e ON e.link = l.number
            LEFT JOIN anonymous_engagement a ON a.account_id = l.account_id
                AND a.mailing_id = l.mailing_id AND a.kind = 'click' AND a.link = l.number
            WHERE l.account_id = :account AND l.mailing_id = :mailing
            ORDER BY l.number
            """;

    private final Jdbi jdbi;

    public LinkClicks(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** In the order in which they stand in the message. */
    public List<Clicked> of(long account, long mailing) {
        return jdbi.withHandle(db ->
                db.createQuery(SELECT)
                        .bind("account", account)
                        .bind("mailing", mailing)
                        .map((row, _) ->
                                new Clicked(
                                        row.getString("url"),
                                        row.getLong("clicks"),
                                        row.getLong("readers")))
                        .list());
    }
}
