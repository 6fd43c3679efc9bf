package io.dynosend.sending;

/** Why a message must not go out any more: by what it is for, and how its recipient stands now. */
final class Obstacle {

    /**
     * Null: none. Of the rows d (delivery, or one asked about), m (mailing), c (contact) and b
     * (blacklist).
     */
    static final String SQL =
            """
            CASE WHEN d.address IS NULL OR c.id IS NULL AND m.kind NOT IN ('test', 'user')
                 THEN 'deleted'
                 WHEN m.kind IN ('campaign', 'welcome') AND c.status <> 'subscribed'
                   OR m.kind = 'confirmation' AND c.status <> 'unconfirmed' THEN c.status
                 WHEN b.email IS NOT NULL AND m.kind <> 'user' THEN 'blacklisted' END
            """;

    private Obstacle() {}
}
