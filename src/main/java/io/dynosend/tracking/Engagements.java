package io.dynosend.tracking;

import static io.dynosend.common.Sql.utc;

import io.dynosend.contact.Actor;
import io.dynosend.contact.Contacts;
import io.dynosend.sending.Ledger;
import io.dynosend.tracking.Sightings.Sighting;
import io.dynosend.tracking.TrackingTokens.Unsubscribe;
import java.time.InstantSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** What readers did, as they do it, and the sums for the insights. */
public final class Engagements {

    /**
     * Who was at the other end.
     *
     * @param ipAddress of the connection
     */
    public record Visitor(String ipAddress, @Nullable String userAgent) {

        private static final int LONGEST_USER_AGENT = 500;

        /** As it is kept. */
        @Nullable String shortUserAgent() {
            if (userAgent == null) return null;
            String text = userAgent.replace("\0", "");
            return text.length() <= LONGEST_USER_AGENT
                    ? text
                    : text.substring(0, LONGEST_USER_AGENT);
        }
    }

    /** All that the recipients of one mailing have done. */
    public record Totals(
            long opens,
            long uniqueOpens,
            long clicks,
            long uniqueClicks,
            long unsubscribed,
            long complained) {}

    // Why the contact left is theirs to know; where from, only where such things are recorded.
    private static final String UNSUBSCRIBE_EVENT =
            """
            INSERT INTO engagement_event (
                account_id, mailing_id, number, kind, at, ip_address, user_agent)
            SELECT d.account_id, d.mailing_id, d.number, 'unsubscribe', :now,
                   CASE WHEN w.watched THEN :ip END, CASE WHEN w.watched THEN :userAgent END
            FROM delivery d
            JOIN mailing m ON m.account_id = d.account_id AND m.id = d.mailing_id
            JOIN audience a ON a.account_id = m.account_id AND a.id = m.audience_id
            CROSS JOIN LATERAL (
                SELECT a.tracking = 'individual' AND NOT EXISTS (
                    SELECT FROM tracking_refusal r
                    WHERE r.account_id = d.account_id AND r.contact_id = d.contact_id)
            ) AS w (watched)
            WHERE d.account_id = :account AND d.mailing_id = :mailing AND d.number = :number
              AND d.contact_id IS NOT NULL
            """;

    private static final String UNSUBSCRIBED =
            """
            INSERT INTO engagement AS e (account_id, mailing_id, number, unsubscribed_at)
            VALUES (:account, :mailing, :number, :now)
            ON CONFLICT (account_id, mailing_id, number) DO UPDATE
            SET unsubscribed_at = coalesce(e.unsubscribed_at, excluded.unsubscribed_at)
            """;

    private static final String TOTALS =
            """
            SELECT coalesce(sum(open_count), 0) + (
                       SELECT coalesce(sum(count), 0)
                       FROM anonymous_engagement
                       WHERE account_id = :account AND mailing_id = :mailing AND kind = 'open'
                   ) AS opens,
                   count(first_open_at) AS unique_opens,
                   coalesce(sum(click_count), 0) + (
                       SELECT coalesce(sum(count), 0)
                       FROM anonymous_engagement
                       WHERE account_id = :account AND mailing_id = :mailing AND kind = 'click'
                   ) AS clicks,
                   count(first_click_at) AS unique_clicks,
                   count(unsubscribed_at) AS unsubscribed,
                   count(complained_at) AS complained
            FROM engagement
            WHERE account_id = :account AND mailing_id = :mailing
            """;

    private final Jdbi jdbi;
    private final InstantSource clock;
    private final Contacts contacts;
    private final Sightings sightings;

    public Engagements(Jdbi jdbi, InstantSource clock, Contacts contacts) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.contacts = contacts;
        this.sightings = new Sightings(jdbi, clock);
    }

    /** The message was displayed. */
    public void opened(DeliveryRef delivery, Visitor visitor) {
        seen(delivery, "open", null, visitor);
    }

    /**
     * A link was followed.
     *
     * @param link its number; null if its target was the recipient's own
     */
    public void clicked(DeliveryRef delivery, @Nullable Integer link, Visitor visitor) {
        seen(delivery, "click", link, visitor);
    }

    /** Some copy of the mailing was displayed. */
    public void openedBySomebody(long account, long mailing) {
        sightings.add(new Sighting(account, mailing, null, "open", null, null));
    }

    /** A link was followed in some copy of the mailing. */
    public void clickedBySomebody(long account, long mailing, int link) {
        sightings.add(new Sighting(account, mailing, null, "click", link, null));
    }

    /**
     * The reader wants no more of this audience: effective when this returns, and counted for the
     * mailing that brought it about. Idempotent.
     */
    public void unsubscribed(Unsubscribe link, Visitor visitor) {
        var delivery = link.delivery();
        jdbi.useTransaction(tx -> {
            var actor = new Actor("link", null, visitor.ipAddress(), visitor.userAgent());
            boolean left = contacts.unsubscribe(tx, delivery.account(), link.contact(), actor);
            if (!left || !unsubscribeEvent(tx, delivery, visitor)) return;
            tx.createUpdate(UNSUBSCRIBED)
                    .bind("account", delivery.account())
                    .bind("mailing", delivery.mailing())
                    .bind("number", delivery.number())
                    .bind("now", utc(clock.instant()))
                    .execute();
            Ledger.confirm(
                    tx, delivery.account(), delivery.mailing(), delivery.number(), "unsubscribed");
        });
    }

    public Totals totals(long account, long mailing) {
        return jdbi.withHandle(db ->
                db.createQuery(TOTALS)
                        .bind("account", account)
                        .bind("mailing", mailing)
                        .map((row, _) ->
                                new Totals(
                                        row.getLong("opens"),
                                        row.getLong("unique_opens"),
                                        row.getLong("clicks"),
                                        row.getLong("unique_clicks"),
                                        row.getLong("unsubscribed"),
                                        row.getLong("complained")))
                        .one());
    }

    private void seen(DeliveryRef delivery, String kind, @Nullable Integer link, Visitor visitor) {
        sightings.add(
                new Sighting(
                        delivery.account(),
                        delivery.mailing(),
                        delivery.number(),
                        kind,
                        link,
                        visitor));
    }

    private boolean unsubscribeEvent(Handle tx, DeliveryRef delivery, Visitor visitor) {
        return tx.createUpdate(UNSUBSCRIBE_EVENT)
                        .bind("account", delivery.account())
                        .bind("mailing", delivery.mailing())
                        .bind("number", delivery.number())
                        .bind("now", utc(clock.instant()))
                        .bind("ip", visitor.ipAddress())
                        .bind("userAgent", visitor.shortUserAgent())
                        .execute()
                == 1;
    }
}
