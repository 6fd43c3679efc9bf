package io.dynosend.tracking;

import org.jdbi.v3.core.Handle;

/**
 * The raw events of mailings that are deleted. They are kept by month and without a foreign key, so
 * nothing else takes them away before their month is over.
 */
public final class EngagementEvents {

    private static final String DELETE_OF_MAILING =
            "DELETE FROM engagement_event WHERE account_id = :account AND mailing_id = :mailing";

    private static final String DELETE_OF_AUDIENCE =
            """
            DELETE FROM engagement_event e
            USING mailing m
            WHERE m.account_id = :account AND m.audience_id = :audience
              AND e.account_id = m.account_id AND e.mailing_id = m.id
            """;

    private EngagementEvents() {}

    /** Within the caller's transaction. */
    public static void deleteOfMailing(Handle tx, long account, long mailing) {
        tx.createUpdate(DELETE_OF_MAILING)
                .bind("account", account)
                .bind("mailing", mailing)
                .execute();
    }

    /** As above, of all mailings of an audience, before they are gone themselves. */
    public static void deleteOfAudience(Handle tx, long account, long audience) {
        tx.createUpdate(DELETE_OF_AUDIENCE)
                .bind("account", account)
                .bind("audience", audience)
                .execute();
    }
}
