package io.dynosend.campaign;

import static io.dynosend.common.Sql.utc;

import io.dynosend.audience.Audiences;
import io.dynosend.audience.TrackingMode;
import io.dynosend.common.EmailAddress;
import io.dynosend.common.Problem.BadInput;
import io.dynosend.common.Problem.Conflict;
import io.dynosend.common.Problem.NotFound;
import io.dynosend.common.Problem.QuotaExceeded;
import io.dynosend.common.SingleLine;
import io.dynosend.common.Uid;
import io.dynosend.content.LinkPolicy;
import io.dynosend.content.Utm;
import io.dynosend.sending.Deliveries;
import io.dynosend.sending.Mailings;
import io.dynosend.tracking.EngagementEvents;
import io.dynosend.tracking.Engagements;
import io.dynosend.tracking.Links;
import java.time.InstantSource;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The campaigns of an account, and the only code that writes them. */
public final class Campaigns {

    /**
     * What a new campaign is made of. What is null comes from the audience.
     *
     * @param html may be empty; then it cannot be started yet
     */
    public record NewCampaign(
            String name,
            String audienceUid,
            @Nullable String subject,
            @Nullable EmailAddress fromEmail,
            @Nullable String fromName,
            @Nullable EmailAddress replyTo,
            String html,
            @Nullable String text,
            @Nullable Utm utm) {

        public NewCampaign {
            SingleLine.checked("name", name);
            if (subject != null) SingleLine.checked("subject", subject);
            if (fromName != null) SingleLine.checked("from_name", fromName);
        }
    }

    private static final Logger log = LoggerFactory.getLogger(Campaigns.class);

    private static final String LIST =
            CampaignRows.SELECT + "WHERE c.account_id = :account ORDER BY c.id DESC";

    private static final String BY_UID =
            CampaignRows.SELECT + "WHERE c.account_id = :account AND c.uid = :uid";

    private static final String BY_MAILING =
            CampaignRows.SELECT + "WHERE c.account_id = :account AND c.mailing_id = :mailing";

    private static final String INSERT =
            """
            INSERT INTO campaign (
                account_id, uid, audience_id, name, subject, from_email, from_name, reply_to,
                html, text, utm, created_at, updated_at)
            VALUES (
                :account, :uid, :audience, :name, :subject, :fromEmail, :fromName, :replyTo,
                :html, :text, :utm::jsonb, :now, :now)
            """;

    // Whoever changes a campaign waits here for whoever does so now, and then sees what they did.
    private static final String LOCK =
            "SELECT id FROM campaign WHERE account_id = :account AND id = :id FOR UPDATE";

    private static final String UPDATE =
            """
            UPDATE campaign
            SET audience_id = :audience, name = :name, subject = :subject, from_email = :fromEmail,
                from_name = :fromName, reply_to = :replyTo, html = :html, text = :text,
                utm = :utm::jsonb, updated_at = :now
            WHERE account_id = :account AND id = :id
            """;

    private static final String START =
            """
            UPDATE campaign
            SET mailing_id = :mailing, tracking = :tracking, scheduled_at = NULL, updated_at = :now
            WHERE account_id = :account AND id = :id
            """;

    private static final String DELETE =
            "DELETE FROM campaign WHERE account_id = :account AND id = :id";

    private final Jdbi jdbi;
    private final InstantSource clock;
    private final Audiences audiences;
    private final Mailings mailings;
    private final Deliveries deliveries;
    private final Engagements engagements;
    private final Links links;

    public Campaigns(
            Jdbi jdbi,
            InstantSource clock,
            Audiences audiences,
            Mailings mailings,
            Deliveries deliveries,
            Engagements engagements,
            Links links) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.audiences = audiences;
        this.mailings = mailings;
        this.deliveries = deliveries;
        this.engagements = engagements;
        this.links = links;
    }

    /** All campaigns of the account, newest first. */
    public List<Campaign> list(long account) {
        return jdbi.withHandle(db ->
                db.createQuery(LIST)
                        .bind("account", account)
                        .map((row, _) -> CampaignRows.campaign(row))
                        .list());
    }

    /**
     * The campaign of this uid.
     *
     * @throws NotFound if this account has none
     */
    public Campaign get(long account, String uid) {
        return jdbi.withHandle(db ->
                db.createQuery(BY_UID)
                        .bind("account", account)
                        .bind("uid", uid)
                        .map((row, _) -> CampaignRows.campaign(row))
                        .findOne()
                        .orElseThrow(() -> new NotFound("Campaign")));
    }

    /** What came of it so far; all zero before it is started. */
    public Insights insights(long account, Campaign campaign) {
        long mailing = campaign.mailing() == null ? 0 : campaign.mailing();
        return new Insights(
                deliveries.counts(account, mailing), engagements.totals(account, mailing));
    }

    /**
     * Keeps a new campaign; nothing is sent before it is started.
     *
     * @return its uid
     * @throws NotFound if the account has no such audience
     * @throws BadInput if the content does not compile, naming field, line and column
     */
    public String create(long account, NewCampaign wanted) {
        var audience = audiences.get(account, wanted.audienceUid());
        var from = wanted.fromEmail() == null ? audience.fromEmail() : wanted.fromEmail();
        String fromName = wanted.fromName() == null ? audience.fromName() : wanted.fromName();
        String subject = wanted.subject() == null ? audience.defaultSubject() : wanted.subject();
        var replyTo = wanted.replyTo() == null ? from : wanted.replyTo();
        CampaignMessage.compile(
                subject,
                fromName,
                from,
                replyTo,
                wanted.html(),
                wanted.text(),
                new LinkPolicy(true, wanted.utm()),
                audience);

        String uid = Uid.random();
        jdbi.useHandle(db ->
                db.createUpdate(INSERT)
                        .bind("account", account)
                        .bind("uid", uid)
                        .bind("audience", audience.id())
                        .bind("name", wanted.name())
                        .bind("subject", subject)
                        .bind("fromEmail", from.value())
                        .bind("fromName", fromName)
                        .bind("replyTo", replyTo.value())
                        .bind("html", wanted.html())
                        .bind("text", wanted.text())
                        .bind("utm", CampaignRows.json(wanted.utm()))
                        .bind("now", utc(clock.instant()))
                        .execute());
        return uid;
    }

    /**
     * Changes a campaign that is new or scheduled.
     *
     * @throws NotFound if the account has no such campaign, or no such audience
     * @throws Conflict if it is started
     * @throws BadInput if the content does not compile, naming field, line and column
     */
    public void update(long account, String uid, CampaignChanges changes) {
        jdbi.useTransaction(tx -> {
            var campaign = locked(tx, account, uid);
            var audience =
                    changes.audienceUid() == null
                            ? audiences.get(account, campaign.audience())
                            : audiences.get(account, changes.audienceUid());
            if (!campaign.status().isOpen()) throw refused(campaign, "updated");
            var changed = changes.applied(campaign, audience);
            CampaignMessage.compile(changed, audience);
            update(tx, account, changed);
        });
    }

    /**
     * Deletes a campaign and, if it was sent, its ledger and what its readers did.
     *
     * @throws NotFound if the account has no such campaign
     * @throws Conflict if it is queued or sending
     */
    public void delete(long account, String uid) {
        jdbi.useTransaction(tx -> {
            var campaign = locked(tx, account, uid);
            tx.createUpdate(DELETE).bind("account", account).bind("id", campaign.id()).execute();
            Long mailing = campaign.mailing();
            if (mailing == null) return;
            if (!mailings.delete(tx, account, mailing)) throw refused(campaign, "deleted");
            EngagementEvents.deleteOfMailing(tx, account, mailing);
        });
        log.info("Campaign {} is deleted, and what came of it", uid);
    }

    /**
     * Starts sending to all who are subscribed now; returns at once.
     *
     * @throws Conflict if it is started already, or something that the law or the message needs is
     *     missing
     * @throws QuotaExceeded if it has more recipients than the account has mails left this month
     */
    public void start(long account, String uid) {
        jdbi.useTransaction(tx -> {
            var campaign = locked(tx, account, uid);
            if (!campaign.status().isOpen()) throw refused(campaign, "started");
            var audience = audiences.get(account, campaign.audience());
            Readiness.require(campaign, audience);
            var message = CampaignMessage.compile(campaign, audience);
            long mailing = mailings.open(tx, account, campaign.audience());
            tx.createUpdate(START)
                    .bind("account", account)
                    .bind("id", campaign.id())
                    .bind("mailing", mailing)
                    .bind("tracking", audience.tracking().wire())
                    .bind("now", utc(clock.instant()))
                    .execute();
            // Without a count the targets stand in the message itself.
            if (audience.tracking() != TrackingMode.OFF) {
                links.register(tx, account, mailing, message.links());
            }
        });
        log.info("Campaign {} is started: everyone subscribed now is a recipient", uid);
    }

    /**
     * Holds a campaign that is queued or sending: nothing passes the barrier any more.
     *
     * @throws Conflict if it is neither
     */
    public void pause(long account, String uid) {
        var campaign = get(account, uid);
        if (campaign.mailing() == null || !mailings.pause(account, campaign.mailing())) {
            throw refused(campaign, "paused");
        }
        log.info("Campaign {} is paused: who has not got it yet waits", uid);
    }

    /**
     * Goes on where it stopped; nobody is mailed twice.
     *
     * @throws Conflict if it is not paused
     */
    public void resume(long account, String uid) {
        var campaign = get(account, uid);
        if (campaign.mailing() == null || !mailings.resume(account, campaign.mailing())) {
            throw refused(campaign, "resumed");
        }
        log.info("Campaign {} is resumed", uid);
    }

    Campaign ofMailing(long account, long mailing) {
        return jdbi.withHandle(db ->
                db.createQuery(BY_MAILING)
                        .bind("account", account)
                        .bind("mailing", mailing)
                        .map((row, _) -> CampaignRows.campaign(row))
                        .one());
    }

    private void update(Handle tx, long account, Campaign changed) {
        tx.createUpdate(UPDATE)
                .bind("account", account)
                .bind("id", changed.id())
                .bind("audience", changed.audience())
                .bind("name", changed.name())
                .bind("subject", changed.subject())
                .bind("fromEmail", changed.fromEmail().value())
                .bind("fromName", changed.fromName())
                .bind("replyTo", changed.replyTo().value())
                .bind("html", changed.html())
                .bind("text", changed.text())
                .bind("utm", CampaignRows.json(changed.utm()))
                .bind("now", utc(clock.instant()))
                .execute();
    }

    /**
     * The campaign, which nobody else changes until the transaction ends.
     *
     * @throws NotFound if this account has none
     */
    Campaign locked(Handle tx, long account, String uid) {
        // What is not there is said to those, too, who may lock nothing.
        long id = get(account, uid).id();
        tx.createQuery(LOCK).bind("account", account).bind("id", id).mapTo(Long.class).list();
        return get(account, uid);
    }

    static Conflict refused(Campaign campaign, String verb) {
        return new Conflict(
                "A campaign that is %s cannot be %s".formatted(campaign.status().wire(), verb),
                "campaign_state");
    }
}
