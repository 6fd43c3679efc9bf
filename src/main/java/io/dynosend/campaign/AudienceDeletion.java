package io.dynosend.campaign;

import io.dynosend.audience.Audiences;
import io.dynosend.common.Problem.Conflict;
import io.dynosend.common.Problem.NotFound;
import io.dynosend.sending.Mailings;
import io.dynosend.tracking.EngagementEvents;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The end of an audience and of all that hangs on it; the blacklist is the account's and stays. */
public final class AudienceDeletion {

    private static final Logger log = LoggerFactory.getLogger(AudienceDeletion.class);

    // None of them is started until it is gone.
    private static final String LOCK_CAMPAIGNS =
            """
            SELECT id
            FROM campaign
            WHERE account_id = :account AND audience_id = :audience
            ORDER BY id
            FOR UPDATE
            """;

    private static final String DELETE_CAMPAIGNS =
            "DELETE FROM campaign WHERE account_id = :account AND audience_id = :audience";

    private final Jdbi jdbi;
    private final Audiences audiences;
    private final Mailings mailings;

    public AudienceDeletion(Jdbi jdbi, Audiences audiences, Mailings mailings) {
        this.jdbi = jdbi;
        this.audiences = audiences;
        this.mailings = mailings;
    }

    /**
     * Deletes an audience with its contacts, fields, campaigns and what came of them.
     *
     * @throws NotFound if the account has no such audience
     * @throws Conflict if a campaign of it is queued, sending or paused
     */
    public void delete(long account, String uid) {
        jdbi.useTransaction(tx -> {
            long audience = audiences.get(account, uid).id();
            // In the order in which a start locks them.
            lockCampaigns(tx, account, audience);
            audiences.lock(tx, account, audience);
            if (mailings.isUnderWay(tx, account, audience)) {
                throw new Conflict(
                        "A campaign of this audience is queued, sending or paused; let it end, or"
                                + " delete it",
                        "audience_in_use");
            }
            EngagementEvents.deleteOfAudience(tx, account, audience);
            deleteCampaigns(tx, account, audience);
            audiences.delete(tx, account, audience);
        });
        log.info("Audience {} is deleted with everything of it", uid);
    }

    private static void lockCampaigns(Handle tx, long account, long audience) {
        tx.createQuery(LOCK_CAMPAIGNS)
                .bind("account", account)
                .bind("audience", audience)
                .mapTo(Long.class)
                .list();
    }

    private static void deleteCampaigns(Handle tx, long account, long audience) {
        tx.createUpdate(DELETE_CAMPAIGNS)
                .bind("account", account)
                .bind("audience", audience)
                .execute();
    }
}
