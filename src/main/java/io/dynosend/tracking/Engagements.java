package io.dynosend.tracking;

import static io.dynosend.common.Sql.utc;

import io.dynosend.contact.Actor;
import io.dynosend.contact.Contacts;
import io.dynosend.sending.Ledger;
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
    public record Visitor(String ipAddress, @Nullable String userAgent) {}

    /** All that the recipients of one mailing have done. */
    public record Totals(
            long opens,
            long uniqueOpens,
            long clicks,
            long uniqueClicks,
            long unsubscribed,
            long complained) {}

    private static final int LONGEST_USER_AGENT = 500;

    // Joined with the ledger: what is no delivery, or of someone erased, leaves no trace.
    private static final String EVENT =
            """
            INSERT INTO engagement_event (
                account_id, mailing_id, number, kind, link, at, ip_address, user_agent)
            SELECT account_id, mailing_id, number, :kind, :link, :now, :ip, :userAgent
            FROM delivery
            WHERE account_id = :account AND mailing_id = :mailing AND number = :number
              AND contact_id IS NOT NULL
            """;

    private static final String OPENED =
            """
            INSERT INTO engagement AS e (account_id, mailing_id, number, open_count, first_open_at)
            VALUES (:account, :mailing, :number, 1, :now)
            ON CONFLICT (account_id, mailing_id, number) DO UPDATE
            SET open_count = e.open_count + 1,
                first_open_at = coalesce(e.first_open_at, excluded.first_open_at)
            """;

    private static final String CLICKED =
            """
            INSERT INTO engagement AS e (account_id, mailing_id, number, click_count, first_click_at)
            VALUES (:account, :mailing, :number, 1, :now)
            ON CONFLICT (account_id, mailing_id, number) DO UPDATE
            SET click_count = e.click_count + 1,
                first_click_at = coalesce(e.first_click_at, excluded.first_click_at)
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
            SELECT coalesce(sum(open_count), 0) AS opens,
                   count(first_open_at) AS unique_opens,
                   coalesce(sum(click_count), 0) AS clicks,
                   count(first_click_at) AS unique_clicks,
                   count(unsubscribed_at) AS unsubscribed,
                   count(complained_at) AS complained
            FROM engagement
            WHERE account_id = :account AND mailing_id = :mailing
            """;

    private final Jdbi jdbi;
    private final InstantSource clock;
    private final Contacts contacts;

    public Engagements(Jdbi jdbi, InstantSource clock, Contacts contacts) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.contacts = contacts;
    }

    /** The message was displayed. */
    public void opened(DeliveryRef delivery, Visitor visitor) {
        jdbi.useTransaction(tx -> {
            if (!event(tx, delivery, "open", null, visitor)) return;
            sum(tx, OPENED, delivery);
            confirm(tx, delivery, "opened");
        });
    }

    /**
     * A link was followed.
     *
     * @param link its number; null if its target was the recipient's own
     */
    public void clicked(DeliveryRef delivery, @Nullable Integer link, Visitor visitor) {
        jdbi.useTransaction(tx -> {
            if (!event(tx, delivery, "click", link, visitor)) return;
            sum(tx, CLICKED, delivery);
            confirm(tx, delivery, "clicked");
        });
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
            if (!left || !event(tx, delivery, "unsubscribe", null, visitor)) return;
            sum(tx, UNSUBSCRIBED, delivery);
            confirm(tx, delivery, "unsubscribed");
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

    private boolean event(
            Handle tx, DeliveryRef delivery, String kind, @Nullable Integer link, Visitor visitor) {
        return tx.createUpdate(EVENT)
                        .bind("account", delivery.account())
                        .bind("mailing", delivery.mailing())
                        .bind("number", delivery.number())
                        .bind("kind", kind)
                        .bind("link", link)
                        .bind("now", utc(clock.instant()))
                        .bind("ip", visitor.ipAddress())
                        .bind("userAgent", shortened(visitor.userAgent()))
                        .execute()
                == 1;
    }

    private void sum(Handle tx, String statement, DeliveryRef delivery) {
        tx.createUpdate(statement)
                .bind("account", delivery.account())
                .bind("mailing", delivery.mailing())
                .bind("number", delivery.number())
                .bind("now", utc(clock.instant()))
                .execute();
    }

    private static void confirm(Handle tx, DeliveryRef delivery, String evidence) {
        Ledger.confirm(tx, delivery.account(), delivery.mailing(), delivery.number(), evidence);
    }

    private static @Nullable String shortened(@Nullable String userAgent) {
        if (userAgent == null) return null;
        String text = userAgent.replace("\0", "");
        return text.length() <= LONGEST_USER_AGENT ? text : text.substring(0, LONGEST_USER_AGENT);
    }
}
