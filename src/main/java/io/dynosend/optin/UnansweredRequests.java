package io.dynosend.optin;

import static io.dynosend.common.Sql.utc;

import io.dynosend.contact.Contacts;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Those who were asked to confirm, and never did: their data is not ours to keep. */
public final class UnansweredRequests {

    private static final Logger log = LoggerFactory.getLogger(UnansweredRequests.class);

    /** After the last mail; its link has not worked for weeks by then. */
    static final Duration KEPT = Duration.ofDays(30);

    private static final int AT_ONCE = 1_000;

    private static final String FIND =
            """
            SELECT c.account_id, c.id
            FROM opt_in_request r
            JOIN contact c ON c.account_id = r.account_id AND c.id = r.contact_id
            WHERE c.status = 'unconfirmed'
            GROUP BY c.account_id, c.id
            HAVING max(r.requested_at) < :before
            LIMIT :limit
            """;

    private record Unconfirmed(long account, long id) {}

    private final Jdbi jdbi;
    private final InstantSource clock;
    private final Contacts contacts;

    public UnansweredRequests(Jdbi jdbi, InstantSource clock, Contacts contacts) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.contacts = contacts;
    }

    /** Erases every contact that is still unconfirmed 30 days after it was last asked. */
    public void forget() {
        int erased = 0;
        List<Unconfirmed> found;
        do {
            found = find();
            for (var each : found) {
                if (stayAway(each)) continue;
                if (contacts.deleteUnconfirmed(each.account(), each.id())) erased++;
            }
        } while (found.size() == AT_ONCE);
        if (erased > 0) {
            log.info(
                    "Erased {} contacts who did not confirm within {} days", erased, KEPT.toDays());
        }
    }

    // Who had left before is not forgotten: an import would bring them back.
    private boolean stayAway(Unconfirmed contact) {
        return jdbi.inTransaction(tx -> contacts.stayAway(tx, contact.account(), contact.id()));
    }

    private List<Unconfirmed> find() {
        return jdbi.withHandle(db ->
                db.createQuery(FIND)
                        .bind("before", utc(clock.instant().minus(KEPT)))
                        .bind("limit", AT_ONCE)
                        .map((row, _) ->
                                new Unconfirmed(row.getLong("account_id"), row.getLong("id")))
                        .list());
    }
}
