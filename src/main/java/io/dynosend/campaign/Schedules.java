package io.dynosend.campaign;

import static io.dynosend.common.Sql.utc;

import io.dynosend.audience.Audiences;
import io.dynosend.common.Problem;
import io.dynosend.common.Problem.BadInput;
import io.dynosend.common.Problem.Conflict;
import io.dynosend.common.Problem.NotFound;
import io.dynosend.sending.StateChange;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Campaigns that start by themselves when their time has come. */
public final class Schedules {

    private static final Logger log = LoggerFactory.getLogger(Schedules.class);

    private static final Duration FARTHEST = Duration.ofDays(3_653);
    private static final int DUE_A_ROUND = 100;

    private static final String SET =
            """
            UPDATE campaign
            SET scheduled_at = :at, failure = NULL, updated_at = :now
            WHERE account_id = :account AND id = :id
            """;

    private static final String DUE =
            """
            SELECT account_id, uid
            FROM campaign
            WHERE scheduled_at <= :now
            ORDER BY scheduled_at
            LIMIT :limit
            """;

    // Another node may be about to start it, or its author to move it.
    private static final String LOCK_DUE =
            """
            SELECT id
            FROM campaign
            WHERE account_id = :account AND uid = :uid AND scheduled_at <= :now
            FOR UPDATE SKIP LOCKED
            """;

    private static final String FAIL =
            """
            UPDATE campaign
            SET scheduled_at = NULL, failure = :failure, updated_at = :now
            WHERE account_id = :account AND uid = :uid
            """;

    private static final String HOLD_DUE =
            """
            UPDATE campaign
            SET scheduled_at = NULL, failure = :failure, updated_at = :now
            WHERE scheduled_at <= :now
            RETURNING uid
            """;

    private record Due(long account, String uid) {}

    private final Jdbi jdbi;
    private final InstantSource clock;
    private final Campaigns campaigns;
    private final Audiences audiences;

    public Schedules(Jdbi jdbi, InstantSource clock, Campaigns campaigns, Audiences audiences) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.campaigns = campaigns;
        this.audiences = audiences;
    }

    /**
     * Has a campaign start by itself, or moves that time, or takes it back.
     *
     * @param at null: the campaign is new again
     * @throws BadInput unless it is in the future, and within ten years
     * @throws NotFound if the account has no such campaign
     * @throws Conflict if it is started, or something that it needs is missing
     */
    public void schedule(long account, String uid, @Nullable Instant at) {
        if (at != null) refuseUnlikely(at);
        jdbi.useTransaction(tx -> {
            var campaign = campaigns.locked(tx, account, uid);
            if (campaign.mailing() != null) throw Campaigns.refused(campaign, "scheduled");
            if (at != null) {
                Readiness.require(campaign, audiences.get(account, campaign.audience()));
            }
            tx.createUpdate(SET)
                    .bind("account", account)
                    .bind("id", campaign.id())
                    .bind("at", at == null ? null : utc(at))
                    .bind("now", utc(clock.instant()))
                    .execute();
        });
        if (at == null) new StateChange(uid, "scheduled", "new", "not scheduled any more").log();
        else new StateChange(uid, "new", "scheduled", "to start at " + at).log();
    }

    /**
     * One round of starting what is due. What cannot be started ends in error.
     *
     * @return how many were started
     */
    public int startDue() {
        int started = 0;
        RuntimeException bug = null;
        for (var due : due()) {
            try {
                if (start(due)) started++;
            } catch (RuntimeException e) {
                // The next one is not to wait for somebody to mend this one.
                if (bug == null) bug = e;
                else bug.addSuppressed(e);
            }
        }
        if (bug != null) throw bug;
        return started;
    }

    /**
     * Has what is due wait for its owner: in a database from a backup nobody knows whether it was
     * started already.
     */
    public void holdDue() {
        String failure = "restored from a backup after its time had come";
        var held =
                jdbi.withHandle(db ->
                        db.createQuery(HOLD_DUE)
                                .bind("failure", failure)
                                .bind("now", utc(clock.instant()))
                                .mapTo(String.class)
                                .list());
        for (String uid : held) new StateChange(uid, "scheduled", "error", failure).log();
    }

    private void refuseUnlikely(Instant at) {
        var now = clock.instant();
        if (!at.isAfter(now)) throw new BadInput("scheduled_at must be in the future");
        if (at.isAfter(now.plus(FARTHEST))) {
            throw new BadInput("scheduled_at must be within ten years");
        }
    }

    private List<Due> due() {
        return jdbi.withHandle(db ->
                db.createQuery(DUE)
                        .bind("now", utc(clock.instant()))
                        .bind("limit", DUE_A_ROUND)
                        .map((row, _) -> new Due(row.getLong("account_id"), row.getString("uid")))
                        .list());
    }

    private boolean start(Due due) {
        return jdbi.inTransaction(tx -> {
            if (!lock(tx, due)) return false;
            tx.savepoint("start");
            try {
                campaigns.start(due.account(), due.uid());
                return true;
            } catch (Problem problem) {
                tx.rollbackToSavepoint("start");
                fail(tx, due, problem.getMessage());
                return false;
            }
        });
    }

    private boolean lock(Handle tx, Due due) {
        return tx.createQuery(LOCK_DUE)
                .bind("account", due.account())
                .bind("uid", due.uid())
                .bind("now", utc(clock.instant()))
                .mapTo(Long.class)
                .findOne()
                .isPresent();
    }

    private void fail(Handle tx, Due due, String failure) {
        tx.createUpdate(FAIL)
                .bind("account", due.account())
                .bind("uid", due.uid())
                .bind("failure", failure)
                .bind("now", utc(clock.instant()))
                .execute();
        log.warn("Campaign {} was to start now and is not: {}", due.uid(), failure);
        new StateChange(due.uid(), "scheduled", "error", failure).log();
    }
}
