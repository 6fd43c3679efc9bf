package io.dynosend.campaign;

import static io.dynosend.common.Sql.instant;
import static io.dynosend.common.Sql.instantOrNull;
import static io.dynosend.common.Sql.utc;

import io.dynosend.audience.Audience;
import io.dynosend.audience.Audiences;
import io.dynosend.common.EmailAddress;
import io.dynosend.common.Problem.BadInput;
import io.dynosend.common.Problem.Conflict;
import io.dynosend.common.Problem.NotFound;
import io.dynosend.common.Problem.QuotaExceeded;
import io.dynosend.common.SingleLine;
import io.dynosend.common.Uid;
import io.dynosend.content.CompiledMessage;
import io.dynosend.sending.Deliveries;
import io.dynosend.sending.MailingState;
import io.dynosend.sending.Mailings;
import io.dynosend.tracking.Engagements;
import io.dynosend.tracking.Links;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
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
            @Nullable String text) {

        public NewCampaign {
            SingleLine.checked("name", name);
            if (subject != null) SingleLine.checked("subject", subject);
            if (fromName != null) SingleLine.checked("from_name", fromName);
        }
    }

    private static final Logger log = LoggerFactory.getLogger(Campaigns.class);

    private static final String SELECT =
            """
            SELECT c.id, c.uid, c.audience_id, c.name, c.subject, c.from_email, c.from_name,
                   c.reply_to, c.html, c.text, c.mailing_id, c.created_at, c.updated_at,
                   m.state, m.done_at
            FROM campaign c
            LEFT JOIN mailing m ON m.account_id = c.account_id AND m.id = c.mailing_id
            """;

    private static final String LIST = SELECT + "WHERE c.account_id = :account ORDER BY c.id DESC";

    private static final String BY_UID = SELECT + "WHERE c.account_id = :account AND c.uid = :uid";

    private static final String BY_MAILING =
            SELECT + "WHERE c.account_id = :account AND c.mailing_id = :mailing";

    private static final String INSERT =
            """
            INSERT INTO campaign (
                account_id, uid, audience_id, name, subject, from_email, from_name, reply_to,
                html, text, created_at, updated_at)
            VALUES (
                :account, :uid, :audience, :name, :subject, :fromEmail, :fromName, :replyTo,
                :html, :text, :now, :now)
            """;

    // Of two starts at the same moment one waits here for the other, and then finds it started.
    private static final String LOCK_UNSTARTED =
            """
            SELECT id
            FROM campaign
            WHERE account_id = :account AND id = :id AND mailing_id IS NULL
            FOR UPDATE
            """;

    private static final String START =
            """
            UPDATE campaign
            SET mailing_id = :mailing, updated_at = :now
            WHERE account_id = :account AND id = :id
            """;

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
                        .map((row, _) -> campaign(row))
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
                        .map((row, _) -> campaign(row))
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
                subject, fromName, from, replyTo, wanted.html(), wanted.text(), audience);

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
                        .bind("now", utc(clock.instant()))
                        .execute());
        return uid;
    }

    /**
     * Starts sending to all who are subscribed now; returns at once.
     *
     * @throws Conflict if it is started already, or something that the law or the message needs is
     *     missing
     * @throws QuotaExceeded if it has more recipients than the account has mails left this month
     */
    public void start(long account, String uid) {
        var campaign = get(account, uid);
        if (campaign.status() != CampaignStatus.NEW) throw refused(campaign, "started");
        var audience = audiences.get(account, campaign.audience());
        refuseUnready(campaign, audience);
        var message = CampaignMessage.compile(campaign, audience);
        jdbi.useTransaction(tx -> start(tx, account, campaign, message));
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
                        .map((row, _) -> campaign(row))
                        .one());
    }

    private void start(Handle tx, long account, Campaign campaign, CompiledMessage message) {
        boolean mine =
                tx.createQuery(LOCK_UNSTARTED)
                        .bind("account", account)
                        .bind("id", campaign.id())
                        .mapTo(Long.class)
                        .findOne()
                        .isPresent();
        if (!mine) throw refused(get(account, campaign.uid()), "started");
        long mailing = mailings.open(tx, account, campaign.audience());
        tx.createUpdate(START)
                .bind("account", account)
                .bind("id", campaign.id())
                .bind("mailing", mailing)
                .bind("now", utc(clock.instant()))
                .execute();
        links.register(tx, account, mailing, message.links());
    }

    private static void refuseUnready(Campaign campaign, Audience audience) {
        var missing = new ArrayList<String>();
        if (campaign.subject().isBlank()) missing.add("subject");
        if (campaign.html().isBlank()) missing.add("html");
        if (audience.contactInformation().postalAddress().isEmpty()) {
            missing.add("the audience's postal address (contact_information.address_1)");
        }
        if (!missing.isEmpty()) {
            throw new Conflict(
                    "The campaign is not ready; missing: " + String.join(", ", missing),
                    "campaign_not_ready");
        }
    }

    private static Conflict refused(Campaign campaign, String verb) {
        return new Conflict(
                "A campaign that is %s cannot be %s".formatted(campaign.status().wire(), verb),
                "campaign_state");
    }

    private static Campaign campaign(ResultSet row) throws SQLException {
        String state = row.getString("state");
        return new Campaign(
                row.getLong("id"),
                row.getString("uid"),
                row.getLong("audience_id"),
                row.getString("name"),
                row.getString("subject"),
                new EmailAddress(row.getString("from_email")),
                row.getString("from_name"),
                new EmailAddress(row.getString("reply_to")),
                row.getString("html"),
                row.getString("text"),
                CampaignStatus.of(state == null ? null : MailingState.of(state)),
                row.getObject("mailing_id", Long.class),
                instantOrNull(row, "done_at"),
                instant(row, "created_at"),
                instant(row, "updated_at"));
    }
}
