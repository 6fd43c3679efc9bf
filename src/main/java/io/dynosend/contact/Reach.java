package io.dynosend.contact;

import io.dynosend.audience.Audience.Statistics;
import org.jdbi.v3.core.Jdbi;

/** Who of an audience a campaign would reach now, and why it would not reach the others. */
public final class Reach {

    /**
     * All contacts of an audience.
     *
     * @param reached who would get it
     * @param blacklisted who is subscribed, and would not
     */
    public record Reached(long reached, long unsubscribed, long unconfirmed, long blacklisted) {

        /** Who would not get it. */
        public long leftOut() {
            return unsubscribed + unconfirmed + blacklisted;
        }
    }

    // Those who are not subscribed have an index of their own.
    private static final String BLACKLISTED =
            """
            SELECT count(*)
            FROM contact_blacklisted k
            WHERE k.account_id = :account AND k.audience_id = :audience
              AND NOT EXISTS (
                  SELECT FROM contact c
                  WHERE c.account_id = :account AND c.audience_id = :audience
                    AND c.id = k.contact_id AND c.status <> 'subscribed')
            """;

    private final Jdbi jdbi;

    public Reach(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** Counts over the audience as it is now. */
    public Reached of(long account, long audience, Statistics statistics) {
        long blacklisted =
                jdbi.withHandle(db ->
                        db.createQuery(BLACKLISTED)
                                .bind("account", account)
                                .bind("audience", audience)
                                .mapTo(Long.class)
                                .one());
        long unconfirmed =
                statistics.contacts() - statistics.subscribed() - statistics.unsubscribed();
        return new Reached(
                statistics.subscribed() - blacklisted,
                statistics.unsubscribed(),
                unconfirmed,
                blacklisted);
    }
}
