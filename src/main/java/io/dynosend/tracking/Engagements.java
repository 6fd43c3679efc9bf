package io.dynosend.tracking;

import static io.dynosend.common.Sql.column;
import static io.dynosend.common.Sql.utc;

import io.dynosend.contact.Actor;
import io.dynosend.contact.Contacts;
import io.dynosend.database.Batcher;
import io.dynosend.sending.Ledger;
import io.dynosend.tracking.TrackingTokens.Unsubscribe;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
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

    // What an audience's mode is now counts, not what it was when the mail was sent. Joined with
    // the
    // ledger: what is no delivery, or of someone erased, leaves no trace. In the order of the keys,
    // so that two nodes do not wait for each other.
    private static final String RECORD =
            """
            WITH seen AS (
                SELECT s.*, a.tracking
                FROM unnest(:accounts, :mailings, :numbers, :kinds, :links, :addresses, :agents)
                    AS s (account_id, mailing_id, number, kind, link, ip_address, user_agent)
                JOIN mailing m ON m.account_id = s.account_id AND m.id = s.mailing_id
                JOIN audience a ON a.account_id = m.account_id AND a.id = m.audience_id
                WHERE a.tracking <> 'off'
            ), named AS (
                SELECT s.*, d.state
                FROM seen s
                JOIN delivery d ON d.account_id = s.account_id AND d.mailing_id = s.mailing_id
                    AND d.number = s.number
                WHERE d.contact_id IS NOT NULL
                  AND NOT EXISTS (
                      SELECT FROM tracking_refusal r
                      WHERE r.account_id = d.account_id AND r.contact_id = d.contact_id)
            ), personal AS (
                SELECT * FROM named WHERE tracking = 'individual'
            ), anonymous AS (
                SELECT account_id, mailing_id, kind, coalesce(link, -1) AS link
                FROM seen
                WHERE number IS NULL
                UNION ALL
                SELECT account_id, mailing_id, kind, coalesce(link, -1)
                FROM named
                WHERE tracking = 'aggregate'
            ), event AS (
                INSERT INTO engagement_event (
                    account_id, mailing_id, number, kind, link, at, ip_address, user_agent)
                SELECT account_id, mailing_id, number, kind, link, :now, ip_address, user_agent
                FROM personal
            ), counted AS (
                INSERT INTO anonymous_engagement AS e (account_id, mailing_id, kind, link, count)
                SELECT account_id, mailing_id, kind, link, count(*)
                FROM anonymous
                GROUP BY account_id, mailing_id, kind, link
                ORDER BY account_id, mailing_id, kind, link
                ON CONFLICT (account_id, mailing_id, kind, link) DO UPDATE
                SET count = e.count + excluded.count
            ), summed AS (
                INSERT INTO engagement AS e (
                    account_id, mailing_id, number, open_count, first_open_at, click_count,
                    first_click_at)
                SELECT account_id, mailing_id, number,
                       count(*) FILTER (WHERE kind = 'open'),
                       CASE WHEN bool_or(kind = 'open') THEN :now END,
                       count(*) FILTER (WHERE kind = 'click'),
                       CASE WHEN bool_or(kind = 'click') THEN :now END
                FROM personal
                GROUP BY account_id, mailing_id, number
                ORDER BY account_id, mailing_id, number
                ON CONFLICT (account_id, mailing_id, number) DO UPDATE
                SET open_count = e.open_count + excluded.open_count,
                    first_open_at = coalesce(e.first_open_at, excluded.first_open_at),
                    click_count = e.click_count + excluded.click_count,
                    first_click_at = coalesce(e.first_click_at, excluded.first_click_at)
            )
            SELECT DISTINCT account_id, mailing_id, number, kind
            FROM personal
            WHERE state = 'unknown'
            """;

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

    /**
     * What somebody did.
     *
     * @param number of the recipient; null: nobody knows who
     */
    private record Sighting(
            long account,
            long mailing,
            @Nullable Integer number,
            String kind,
            @Nullable Integer link,
            @Nullable Visitor visitor) {

        @Nullable String ipAddress() {
            return visitor == null ? null : visitor.ipAddress();
        }

        @Nullable String userAgent() {
            return visitor == null ? null : shortened(visitor.userAgent());
        }
    }

    /** That a message arrived of which the ledger does not know. */
    private record Proof(DeliveryRef delivery, String kind) {}

    private final Jdbi jdbi;
    private final InstantSource clock;
    private final Contacts contacts;
    private final Batcher<Sighting, Boolean> sightings;

    public Engagements(Jdbi jdbi, InstantSource clock, Contacts contacts) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.contacts = contacts;
        this.sightings = new Batcher<>(jdbi, this::record);
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
        sightings.ask(new Sighting(account, mailing, null, "open", null, null));
    }

    /** A link was followed in some copy of the mailing. */
    public void clickedBySomebody(long account, long mailing, int link) {
        sightings.ask(new Sighting(account, mailing, null, "click", link, null));
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

    private void seen(DeliveryRef delivery, String kind, @Nullable Integer link, Visitor visitor) {
        sightings.ask(
                new Sighting(
                        delivery.account(),
                        delivery.mailing(),
                        delivery.number(),
                        kind,
                        link,
                        visitor));
    }

    private List<Boolean> record(Handle db, List<Sighting> seen) {
        db.useTransaction(tx -> {
            for (var proof : recorded(tx, seen)) {
                confirm(tx, proof.delivery(), proof.kind().equals("open") ? "opened" : "clicked");
            }
        });
        return Collections.nCopies(seen.size(), true);
    }

    private List<Proof> recorded(Handle tx, List<Sighting> seen) {
        return tx.createQuery(RECORD)
                .bindArray("accounts", Long.class, column(seen, Sighting::account))
                .bindArray("mailings", Long.class, column(seen, Sighting::mailing))
                .bindArray("numbers", Integer.class, column(seen, Sighting::number))
                .bindArray("kinds", String.class, column(seen, Sighting::kind))
                .bindArray("links", Integer.class, column(seen, Sighting::link))
                .bindArray("addresses", String.class, column(seen, Sighting::ipAddress))
                .bindArray("agents", String.class, column(seen, Sighting::userAgent))
                .bind("now", utc(clock.instant()))
                .map((row, _) ->
                        new Proof(
                                new DeliveryRef(
                                        row.getLong("account_id"),
                                        row.getLong("mailing_id"),
                                        row.getInt("number")),
                                row.getString("kind")))
                .list();
    }

    private boolean unsubscribeEvent(Handle tx, DeliveryRef delivery, Visitor visitor) {
        return tx.createUpdate(UNSUBSCRIBE_EVENT)
                        .bind("account", delivery.account())
                        .bind("mailing", delivery.mailing())
                        .bind("number", delivery.number())
                        .bind("now", utc(clock.instant()))
                        .bind("ip", visitor.ipAddress())
                        .bind("userAgent", shortened(visitor.userAgent()))
                        .execute()
                == 1;
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
