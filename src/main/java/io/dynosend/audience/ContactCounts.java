package io.dynosend.audience;

import org.jdbi.v3.core.Jdbi;

/**
 * How many contacts each audience has: sums that PostgreSQL keeps with every change, which {@link
 * Audiences#statistics} reads.
 */
public final class ContactCounts {

    // Others may do the same: what they have taken is not there any more.
    private static final String FOLD =
            """
            WITH loose AS (
                DELETE FROM contact_count
                WHERE loose
                RETURNING *
            )
            INSERT INTO contact_count AS c (
                account_id, audience_id, contacts, subscribed, unsubscribed, loose)
            SELECT account_id, audience_id, sum(contacts), sum(subscribed), sum(unsubscribed), false
            FROM loose
            GROUP BY account_id, audience_id
            ORDER BY account_id, audience_id
            ON CONFLICT (account_id, audience_id) WHERE NOT loose DO UPDATE
            SET contacts = c.contacts + excluded.contacts,
                subscribed = c.subscribed + excluded.subscribed,
                unsubscribed = c.unsubscribed + excluded.unsubscribed
            """;

    private static final String FORGET =
            """
            DELETE FROM contact_count c
            WHERE NOT c.loose AND c.contacts = 0
              AND NOT EXISTS (SELECT FROM audience a
                              WHERE a.account_id = c.account_id AND a.id = c.audience_id)
            """;

    private final Jdbi jdbi;

    public ContactCounts(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** Puts the sums of each audience together; they stay what they are. */
    public void fold() {
        jdbi.useHandle(db -> {
            db.execute(FOLD);
            db.execute(FORGET);
        });
    }
}
