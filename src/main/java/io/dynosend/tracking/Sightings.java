package io.dynosend.tracking;

import static io.dynosend.common.Sql.column;
import static io.dynosend.common.Sql.utc;

import io.dynosend.database.Batcher;
import io.dynosend.sending.Ledger;
import io.dynosend.tracking.Engagements.Visitor;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** Opens and clicks: those of the same moment are one statement and one commit. */
final class Sightings {

    /**
     * What somebody did.
     *
     * @param number of the recipient; null: nobody knows who
     */
    record Sighting(
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
            return visitor == null ? null : visitor.shortUserAgent();
        }
    }

    /** That a message arrived of which the ledger does not know. */
    private record Proof(DeliveryRef delivery, String kind) {}

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
                    first_click_at, last_at)
                SELECT account_id, mailing_id, number,
                       count(*) FILTER (WHERE kind = 'open'),
                       CASE WHEN bool_or(kind = 'open') THEN :now END,
                       count(*) FILTER (WHERE kind = 'click'),
                       CASE WHEN bool_or(kind = 'click') THEN :now END,
                       :now
                FROM personal
                GROUP BY account_id, mailing_id, number
                ORDER BY account_id, mailing_id, number
                ON CONFLICT (account_id, mailing_id, number) DO UPDATE
                SET open_count = e.open_count + excluded.open_count,
                    first_open_at = coalesce(e.first_open_at, excluded.first_open_at),
                    click_count = e.click_count + excluded.click_count,
                    first_click_at = coalesce(e.first_click_at, excluded.first_click_at),
                    last_at = excluded.last_at
            )
            SELECT DISTINCT account_id, mailing_id, number, kind
            FROM personal
            WHERE state = 'unknown'
            """;

    private final InstantSource clock;
    private final Batcher<Sighting, Boolean> batcher;

    Sightings(Jdbi jdbi, InstantSource clock) {
        this.clock = clock;
        this.batcher = new Batcher<>(jdbi, this::record);
    }

    /** Counts it, as far as its reader may be counted; committed when this returns. */
    void add(Sighting sighting) {
        batcher.ask(sighting);
    }

    private List<Boolean> record(Handle db, List<Sighting> seen) {
        db.useTransaction(tx -> {
            for (var proof : recorded(tx, seen)) {
                confirm(tx, proof);
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

    private static void confirm(Handle tx, Proof proof) {
        var delivery = proof.delivery();
        Ledger.confirm(
                tx,
                delivery.account(),
                delivery.mailing(),
                delivery.number(),
                proof.kind().equals("open") ? "opened" : "clicked");
    }
}
