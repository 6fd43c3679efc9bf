package io.dynosend.tracking;

import io.dynosend.contact.Erasure;
import org.jdbi.v3.core.Handle;

/**
 * What a reader did stays counted, without where they did it from. Before the ledger forgets the
 * contact: only that knows which messages were theirs.
 */
public final class EngagementErasure implements Erasure {

    private static final String FORGET =
            """
            UPDATE engagement_event e
            SET ip_address = NULL, user_agent = NULL
            FROM delivery d
            WHERE d.account_id = :account AND d.contact_id = :contact
              AND e.account_id = d.account_id AND e.mailing_id = d.mailing_id
              AND e.number = d.number
              AND (e.ip_address IS NOT NULL OR e.user_agent IS NOT NULL)
            """;

    @Override
    public void erase(Handle tx, Erased erased) {
        tx.createUpdate(FORGET)
                .bind("account", erased.account())
                .bind("contact", erased.contact())
                .execute();
    }
}
