package io.dynosend.campaign;

import static io.dynosend.common.Sql.utc;

import io.dynosend.common.Problem.BadInput;
import io.dynosend.common.Problem.Conflict;
import io.dynosend.common.Problem.NotFound;
import io.dynosend.sending.MailingControl;
import io.dynosend.sending.MailingControl.Standing;
import io.dynosend.sending.MailingControl.UnknownDelivery;
import io.dynosend.sending.StateChange;
import io.dynosend.tracking.DeliveryRef;
import io.dynosend.tracking.TrackingTokens;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What its author may decide about a campaign beyond start, pause and resume. */
public final class CampaignControl {

    private static final Logger log = LoggerFactory.getLogger(CampaignControl.class);

    private static final int FASTEST = 1_000_000_000;

    private static final String LIMIT =
            """
            UPDATE campaign
            SET per_hour = :perHour, updated_at = :now
            WHERE account_id = :account AND id = :id
            """;

    private static final String LIMIT_OF =
            "SELECT per_hour FROM campaign WHERE account_id = :account AND id = :id";

    /**
     * A message that nobody knows of.
     *
     * @param messageId as it stands in the message, without angle brackets
     */
    public record UnknownMessage(UnknownDelivery delivery, String messageId) {}

    private final Jdbi jdbi;
    private final InstantSource clock;
    private final Campaigns campaigns;
    private final MailingControl mailings;
    private final TrackingTokens tokens;

    public CampaignControl(
            Jdbi jdbi,
            InstantSource clock,
            Campaigns campaigns,
            MailingControl mailings,
            TrackingTokens tokens) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.campaigns = campaigns;
        this.mailings = mailings;
        this.tokens = tokens;
    }

    /** How it is held or slowed; before its start, how fast it will go out. */
    public Standing standing(long account, Campaign campaign) {
        Long mailing = campaign.mailing();
        var started =
                mailing == null ? Optional.<Standing>empty() : mailings.standing(account, mailing);
        return started.orElseGet(() -> new Standing(null, null, limit(account, campaign)));
    }

    /**
     * Ends a campaign: who has not got it yet does not get it.
     *
     * @throws NotFound if the account has no such campaign
     * @throws Conflict if it is not under way
     */
    public void cancel(long account, String uid) {
        var campaign = campaigns.get(account, uid);
        if (campaign.mailing() == null || !mailings.cancel(account, campaign.mailing())) {
            throw Campaigns.refused(campaign, "cancelled");
        }
        new StateChange(uid, campaign.status().wire(), "cancelled", "cancelled by its owner").log();
    }

    /**
     * Sets how fast a campaign goes out, now and after its start.
     *
     * @param perHour messages, spread evenly; null: as fast as its relays take it
     * @throws NotFound if the account has no such campaign
     */
    public void limit(long account, String uid, @Nullable Long perHour) {
        if (perHour != null && perHour > FASTEST) {
            throw new BadInput("messages_per_hour must be at most " + FASTEST);
        }
        var campaign = campaigns.get(account, uid);
        Integer limit = perHour == null ? null : Math.toIntExact(perHour);
        jdbi.useTransaction(tx -> {
            tx.createUpdate(LIMIT)
                    .bind("account", account)
                    .bind("id", campaign.id())
                    .bind("perHour", limit)
                    .bind("now", utc(clock.instant()))
                    .execute();
            if (campaign.mailing() != null) mailings.limit(tx, account, campaign.mailing(), limit);
        });
    }

    /**
     * The messages whose dot was written and never answered.
     *
     * @param page from 1
     * @throws NotFound if the account has no such campaign
     */
    public List<UnknownMessage> unknown(long account, String uid, long page, long perPage) {
        var campaign = campaigns.get(account, uid);
        Long mailing = campaign.mailing();
        if (mailing == null) return List.of();
        return mailings.unknown(account, mailing, page, perPage).stream()
                .map(delivery ->
                        new UnknownMessage(
                                delivery, messageId(campaign, account, mailing, delivery)))
                .toList();
    }

    /**
     * Sends unknown messages again, the same with the same Message-ID.
     *
     * @param contactUid null: all of them
     * @return how many
     * @throws NotFound if the account has no such campaign
     */
    public int resend(long account, String uid, @Nullable String contactUid) {
        var campaign = campaigns.get(account, uid);
        Long mailing = campaign.mailing();
        int sent = mailing == null ? 0 : mailings.resend(account, mailing, contactUid);
        if (sent > 0 && campaign.status() == CampaignStatus.DONE) {
            new StateChange(uid, "done", "sending", "unknown messages are sent again").log();
        }
        log.info("Campaign {}: {} unknown messages are sent again, as its owner says", uid, sent);
        return sent;
    }

    /**
     * Counts unknown messages as sent.
     *
     * @param contactUid null: all of them
     * @return how many
     * @throws NotFound if the account has no such campaign
     */
    public int countAsSent(long account, String uid, @Nullable String contactUid) {
        var mailing = campaigns.get(account, uid).mailing();
        int counted = mailing == null ? 0 : mailings.countAsSent(account, mailing, contactUid);
        log.info("Campaign {}: {} unknown messages count as sent, as its owner says", uid, counted);
        return counted;
    }

    private @Nullable Integer limit(long account, Campaign campaign) {
        return jdbi.withHandle(db ->
                db.createQuery(LIMIT_OF)
                        .bind("account", account)
                        .bind("id", campaign.id())
                        .map((row, _) -> Optional.ofNullable(row.getObject(1, Integer.class)))
                        .one()
                        .orElse(null));
    }

    private String messageId(
            Campaign campaign, long account, long mailing, UnknownDelivery delivery) {
        var ref = new DeliveryRef(account, mailing, delivery.number());
        return tokens.messageId(ref) + "@" + campaign.fromEmail().domain();
    }
}
