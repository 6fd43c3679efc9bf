package io.dynosend.campaign;

import static io.dynosend.common.Sql.instantOrNull;

import io.dynosend.audience.Audience;
import io.dynosend.common.Problem.BadInput;
import io.dynosend.common.Problem.Conflict;
import io.dynosend.common.Problem.NotFound;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** Campaigns while people write them, sometimes two at the same one. */
public final class Drafts {

    private static final String OF =
            """
            SELECT version, scheduled_at, time_zone, failure
            FROM campaign
            WHERE account_id = :account AND id = :id
            """;

    // Who comes second waits here, and then finds another version.
    private static final String HOLD_VERSION =
            """
            SELECT id
            FROM campaign
            WHERE account_id = :account AND uid = :uid AND version = :version
            FOR UPDATE
            """;

    private static final String VERSION =
            "SELECT version FROM campaign WHERE account_id = :account AND uid = :uid";

    private static final String ZONE =
            "UPDATE campaign SET time_zone = :zone WHERE account_id = :account AND uid = :uid";

    private final Jdbi jdbi;
    private final Campaigns campaigns;
    private final Schedules schedules;

    public Drafts(Jdbi jdbi, Campaigns campaigns, Schedules schedules) {
        this.jdbi = jdbi;
        this.campaigns = campaigns;
        this.schedules = schedules;
    }

    /** How far it is, for its audience. */
    public CampaignDraft of(long account, Campaign campaign, Audience audience) {
        return jdbi.withHandle(db ->
                db.createQuery(OF)
                        .bind("account", account)
                        .bind("id", campaign.id())
                        .map((row, _) -> draft(row, campaign, audience))
                        .one());
    }

    /**
     * Saves what somebody changed of the version that they saw.
     *
     * @param version null: whichever it is
     * @return the version that it is now
     * @throws Conflict with {@code campaign_changed} if it is another version by now; or if it is
     *     started
     * @throws NotFound if the account has no such campaign
     * @throws BadInput if the content does not compile, naming field, line and column
     */
    public int save(long account, String uid, @Nullable Integer version, CampaignChanges changes) {
        return jdbi.inTransaction(tx -> {
            campaigns.get(account, uid);
            boolean same =
                    version == null
                            || tx.createQuery(HOLD_VERSION)
                                    .bind("account", account)
                                    .bind("uid", uid)
                                    .bind("version", version)
                                    .mapTo(Long.class)
                                    .findOne()
                                    .isPresent();
            if (!same) {
                throw new Conflict(
                        "This campaign was saved in another window, or by somebody else, after you"
                                + " opened it here",
                        "campaign_changed");
            }
            campaigns.update(account, uid, changes);
            return version(account, uid);
        });
    }

    /** The version that it is now. */
    public int version(long account, String uid) {
        return jdbi.withHandle(db ->
                db.createQuery(VERSION)
                        .bind("account", account)
                        .bind("uid", uid)
                        .mapTo(Integer.class)
                        .one());
    }

    /**
     * Has it start by itself.
     *
     * @param zone kept, so that its author reads the moment as they chose it
     * @throws BadInput unless it is in the future, and within ten years
     * @throws Conflict if it is started, or something that it needs is missing
     */
    public void schedule(long account, String uid, Instant at, ZoneId zone) {
        jdbi.useTransaction(tx -> {
            schedules.schedule(account, uid, at);
            tx.createUpdate(ZONE)
                    .bind("account", account)
                    .bind("uid", uid)
                    .bind("zone", zone.getId())
                    .execute();
        });
    }

    private static CampaignDraft draft(ResultSet row, Campaign campaign, Audience audience)
            throws SQLException {
        return new CampaignDraft(
                row.getInt("version"),
                instantOrNull(row, "scheduled_at"),
                zone(row.getString("time_zone")),
                row.getString("failure"),
                Readiness.missing(campaign, audience));
    }

    private static ZoneId zone(@Nullable String id) {
        try {
            return id == null ? ZoneOffset.UTC : ZoneId.of(id);
        } catch (DateTimeException e) {
            return ZoneOffset.UTC; // a zone that this Java does not know any more
        }
    }
}
