package io.dynosend.campaign;

import static io.dynosend.common.Sql.utc;

import io.dynosend.audience.Audience;
import io.dynosend.audience.Audiences;
import io.dynosend.audience.TrackingMode;
import io.dynosend.common.EmailAddress;
import io.dynosend.common.Problem.BadInput;
import io.dynosend.common.Problem.Conflict;
import io.dynosend.common.Problem.NotFound;
import io.dynosend.common.Problem.QuotaExceeded;
import io.dynosend.common.SingleLine;
import io.dynosend.common.Uid;
import io.dynosend.content.Blocks;
import io.dynosend.content.LinkPolicy;
import io.dynosend.content.Utm;
import io.dynosend.sending.Deliveries;
import io.dynosend.sending.Mailings;
import io.dynosend.sending.StateChange;
import io.dynosend.template.Authoring;
import io.dynosend.template.Authoring.Authored;
import io.dynosend.template.Content;
import io.dynosend.template.ContentChange;
import io.dynosend.template.ContentColumns;
import io.dynosend.template.SharedBlocks;
import io.dynosend.tracking.EngagementEvents;
import io.dynosend.tracking.Engagements;
import io.dynosend.tracking.Links;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
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
     * @param content may be none yet; then it cannot be started
     */
    public record NewCampaign(
            String name,
            String audienceUid,
            @Nullable String subject,
            @Nullable EmailAddress fromEmail,
            @Nullable String fromName,
            @Nullable EmailAddress replyTo,
            ContentChange content,
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
                html, text, format, source, layout_id, inline_css, text_is_made, block_names, utm,
                created_at, updated_at)
            VALUES (
                :account, :uid, :audience, :name, :subject, :fromEmail, :fromName, :replyTo,
                coalesce(:html, ''), :text, :format, :source, :layout, :inlineCss, :textIsMade,
                :blockNames, :utm::jsonb, :now, :now)
            """;

    private static final String COPY = " (copy)";

    private static final String DUPLICATE =
            """
            INSERT INTO campaign (
                account_id, uid, audience_id, name, subject, from_email, from_name, reply_to,
                html, text, format, source, layout_id, inline_css, text_is_made, block_names, utm,
                created_at, updated_at)
            SELECT account_id, :copy, audience_id, name || :suffix, subject, from_email, from_name,
                   reply_to, html, text, format, source, layout_id, inline_css, text_is_made,
                   block_names, utm, :now, :now
            FROM campaign
            WHERE account_id = :account AND id = :id
            """;

    // Whoever changes a campaign waits here for whoever does so now, and then sees what they did.
    private static final String LOCK =
            "SELECT id FROM campaign WHERE account_id = :account AND id = :id FOR UPDATE";

    private static final String UPDATE =
            """
            UPDATE campaign
            SET audience_id = :audience, name = :name, subject = :subject, from_email = :fromEmail,
                from_name = :fromName, reply_to = :replyTo, html = coalesce(:html, ''),
                text = :text, format = :format, source = :source, layout_id = :layout,
                inline_css = :inlineCss, text_is_made = :textIsMade, block_names = :blockNames,
                utm = :utm::jsonb, updated_at = :now, version = version + 1
            WHERE account_id = :account AND id = :id
            """;

    private static final String START =
            """
            UPDATE campaign
            SET mailing_id = :mailing, tracking = :tracking, blocks = :blocks::jsonb,
                scheduled_at = NULL, updated_at = :now
            WHERE account_id = :account AND id = :id
            """;

    private static final String HAND_ON_LIMIT =
            """
            UPDATE mailing m
            SET per_hour = c.per_hour
            FROM campaign c
            WHERE c.account_id = :account AND c.id = :id AND c.per_hour IS NOT NULL
              AND m.account_id = c.account_id AND m.id = c.mailing_id
            """;

    private static final String BLOCKS =
            "SELECT blocks FROM campaign WHERE account_id = :account AND id = :id";

    private static final String DELETE =
            "DELETE FROM campaign WHERE account_id = :account AND id = :id";

    private final Jdbi jdbi;
    private final InstantSource clock;
    private final Audiences audiences;
    private final Mailings mailings;
    private final Deliveries deliveries;
    private final Engagements engagements;
    private final Links links;
    private final Authoring authoring;

    public Campaigns(
            Jdbi jdbi,
            InstantSource clock,
            Audiences audiences,
            Mailings mailings,
            Deliveries deliveries,
            Engagements engagements,
            Links links,
            Authoring authoring) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.audiences = audiences;
        this.mailings = mailings;
        this.deliveries = deliveries;
        this.engagements = engagements;
        this.links = links;
        this.authoring = authoring;
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
        var authored = authoring.changed(account, Content.EMPTY, wanted.content());
        String subject = subject(wanted, authored, audience);
        var content = authored.content();
        var liquid = content.liquid(subject);
        var replyTo = wanted.replyTo() == null ? from : wanted.replyTo();
        CampaignMessage.compile(
                subject,
                fromName,
                from,
                replyTo,
                content.html() == null ? "" : content.html(),
                content.text(),
                new LinkPolicy(true, wanted.utm()),
                audience,
                authoring.blocks(account, liquid));

        String uid = Uid.random();
        jdbi.useTransaction(tx -> {
            hold(tx, account, content, liquid);
            ContentColumns.bind(tx.createUpdate(INSERT), content, subject)
                    .bind("account", account)
                    .bind("uid", uid)
                    .bind("audience", audience.id())
                    .bind("name", wanted.name())
                    .bind("subject", subject)
                    .bind("fromEmail", from.value())
                    .bind("fromName", fromName)
                    .bind("replyTo", replyTo.value())
                    .bind("utm", CampaignRows.json(wanted.utm()))
                    .bind("now", utc(clock.instant()))
                    .execute();
        });
        return uid;
    }

    /**
     * Makes a new campaign that says the same to the same audience, whatever became of the first.
     *
     * @return its uid
     * @throws NotFound if the account has no such campaign
     * @throws BadInput if it uses what is not there any more
     */
    public String duplicate(long account, String uid) {
        var campaign = get(account, uid);
        var content = campaign.content();
        String copy = Uid.random();
        jdbi.useTransaction(tx -> {
            hold(tx, account, content, content.liquid(campaign.subject()));
            tx.createUpdate(DUPLICATE)
                    .bind("account", account)
                    .bind("id", campaign.id())
                    .bind("copy", copy)
                    .bind("suffix", COPY)
                    .bind("now", utc(clock.instant()))
                    .execute();
        });
        return copy;
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
            var authored = authoring.changed(account, campaign.content(), changes.content());
            var changed = changes.applied(campaign, audience, authored);
            CampaignMessage.compile(changed, audience, blocks(account, changed));
            hold(tx, account, changed.content(), changed.liquid());
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
        String from =
                jdbi.inTransaction(tx -> {
                    var campaign = locked(tx, account, uid);
                    if (!campaign.status().isOpen()) throw refused(campaign, "started");
                    var audience = audiences.get(account, campaign.audience());
                    Readiness.require(campaign, audience);
                    var blocks = blocks(account, campaign);
                    var message = CampaignMessage.compile(campaign, audience, blocks);
                    long mailing = mailings.open(tx, account, campaign.audience());
                    tx.createUpdate(START)
                            .bind("account", account)
                            .bind("id", campaign.id())
                            .bind("mailing", mailing)
                            .bind("tracking", audience.tracking().wire())
                            .bind("blocks", blocks.json())
                            .bind("now", utc(clock.instant()))
                            .execute();
                    tx.createUpdate(HAND_ON_LIMIT)
                            .bind("account", account)
                            .bind("id", campaign.id())
                            .execute();
                    // Without a count the targets stand in the message itself.
                    if (audience.tracking() != TrackingMode.OFF) {
                        links.register(tx, account, mailing, message.links());
                    }
                    return campaign.status().wire();
                });
        new StateChange(uid, from, "queued", "everyone subscribed now is a recipient").log();
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
        new StateChange(uid, campaign.status().wire(), "paused", "paused by its owner").log();
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
        new StateChange(uid, "paused", "sending", "resumed by its owner").log();
    }

    Campaign ofMailing(long account, long mailing) {
        return sent(account, mailing).orElseThrow();
    }

    /** What a mailing sends; empty if that is no campaign, or it is deleted. */
    Optional<Campaign> sent(long account, long mailing) {
        return jdbi.withHandle(db ->
                db.createQuery(BY_MAILING)
                        .bind("account", account)
                        .bind("mailing", mailing)
                        .map((row, _) -> CampaignRows.campaign(row))
                        .findOne());
    }

    /** Of the layout around its Markdown; empty: the built-in one, or none. */
    public Optional<String> layoutUid(long account, Campaign campaign) {
        Long layout = campaign.content().layout();
        return layout == null
                ? Optional.empty()
                : Optional.of(authoring.layoutUid(account, layout));
    }

    /** The blocks it uses: as they were when it started, else as they are now. */
    Blocks blocks(long account, Campaign campaign) {
        String started =
                jdbi.withHandle(db ->
                        db.createQuery(BLOCKS)
                                .bind("account", account)
                                .bind("id", campaign.id())
                                .map((row, _) -> Optional.ofNullable(row.getString("blocks")))
                                .findOne()
                                .flatMap(each -> each)
                                .orElse(null));
        return started == null
                ? authoring.blocks(account, campaign.liquid())
                : Blocks.ofJson(started);
    }

    private static String subject(NewCampaign wanted, Authored authored, Audience audience) {
        if (wanted.subject() != null) return wanted.subject();
        return authored.subject() == null ? audience.defaultSubject() : authored.subject();
    }

    private static void hold(Handle tx, long account, Content content, List<String> liquid) {
        long layout = content.layout() == null ? 0 : content.layout();
        SharedBlocks.hold(tx, account, Blocks.named(liquid), layout);
    }

    private void update(Handle tx, long account, Campaign changed) {
        ContentColumns.bind(tx.createUpdate(UPDATE), changed.content(), changed.subject())
                .bind("account", account)
                .bind("id", changed.id())
                .bind("audience", changed.audience())
                .bind("name", changed.name())
                .bind("subject", changed.subject())
                .bind("fromEmail", changed.fromEmail().value())
                .bind("fromName", changed.fromName())
                .bind("replyTo", changed.replyTo().value())
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
