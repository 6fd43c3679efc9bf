package io.dynosend.tracking;

import static io.dynosend.common.Sql.utc;

import java.time.InstantSource;
import java.util.Collection;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;

/** Contacts who want their mail, but not to be watched reading it. */
public final class TrackingRefusals {

    // Joined with the contact: who is erased leaves nothing behind.
    private static final String REFUSE =
            """
            INSERT INTO tracking_refusal (account_id, contact_id, refused_at)
            SELECT account_id, id, :now
            FROM contact
            WHERE account_id = :account AND id = :contact
            ON CONFLICT DO NOTHING
            """;

    private static final String AMONG =
            """
            SELECT contact_id
            FROM tracking_refusal
            WHERE account_id = :account AND contact_id = ANY (:contacts)
            """;

    private final Jdbi jdbi;
    private final InstantSource clock;

    public TrackingRefusals(Jdbi jdbi, InstantSource clock) {
        this.jdbi = jdbi;
        this.clock = clock;
    }

    /**
     * From when this returns, nothing that the contact does with a mail is recorded, those sent
     * before included. Idempotent.
     */
    public void refuse(long account, long contact) {
        jdbi.useHandle(db ->
                db.createUpdate(REFUSE)
                        .bind("account", account)
                        .bind("contact", contact)
                        .bind("now", utc(clock.instant()))
                        .execute());
    }

    /** Those of these contacts who have refused. */
    public Set<Long> among(long account, Collection<Long> contacts) {
        return jdbi.withHandle(db ->
                db.createQuery(AMONG)
                        .bind("account", account)
                        .bindArray("contacts", Long.class, contacts.toArray())
                        .mapTo(Long.class)
                        .set());
    }
}
