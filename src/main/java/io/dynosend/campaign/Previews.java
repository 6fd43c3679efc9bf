package io.dynosend.campaign;

import io.dynosend.audience.Audiences;
import io.dynosend.common.EmailAddress;
import io.dynosend.common.Problem.BadInput;
import io.dynosend.common.Problem.Conflict;
import io.dynosend.common.Problem.NotFound;
import io.dynosend.common.Problem.QuotaExceeded;
import io.dynosend.contact.ContactRef;
import io.dynosend.contact.Contacts;
import io.dynosend.content.Heading;
import io.dynosend.content.PersonalMessage;
import io.dynosend.content.Sender;
import io.dynosend.content.Wording;
import io.dynosend.sending.Outbox;
import io.dynosend.sending.Outbox.Kind;
import io.dynosend.sending.Outbox.NewMessage;
import io.dynosend.sending.OutgoingMessage;
import io.dynosend.tracking.DeliveryRef;
import io.dynosend.tracking.TrackingTokens;
import java.time.InstantSource;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** A campaign as its author sees it before anyone else: on a page, or in their own mailbox. */
public final class Previews {

    private static final EmailAddress NOBODY = new EmailAddress("jane@example.com");
    private static final String MARK = "[Test] ";

    private final Jdbi jdbi;
    private final InstantSource clock;
    private final Campaigns campaigns;
    private final Audiences audiences;
    private final Contacts contacts;
    private final Outbox outbox;
    private final TrackingTokens tokens;
    private final CopyUrls urls;

    /**
     * @param baseUrl of this server as readers reach it, without a slash at its end
     */
    public Previews(
            Jdbi jdbi,
            InstantSource clock,
            Campaigns campaigns,
            Audiences audiences,
            Contacts contacts,
            Outbox outbox,
            TrackingTokens tokens,
            String baseUrl) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.campaigns = campaigns;
        this.audiences = audiences;
        this.contacts = contacts;
        this.outbox = outbox;
        this.tokens = tokens;
        // Whoever a preview is shown to must not end somebody's subscription with it.
        this.urls =
                new CopyUrls(
                        baseUrl + "/u/preview", baseUrl + "/p/preview", baseUrl + "/v/preview");
    }

    /**
     * What the campaign says to one contact, without tracking: links lead where they lead.
     *
     * @param contactUid null: a made-up contact
     * @throws NotFound if the account has no such campaign, or its audience no such contact
     * @throws BadInput if the rendering passes a limit
     */
    public Wording of(long account, String uid, @Nullable String contactUid) {
        return wording(account, campaigns.get(account, uid), contactUid, NOBODY);
    }

    /**
     * Sends the same to one address, as a test.
     *
     * @param contactUid null: a made-up contact with that address
     * @throws NotFound if the account has no such campaign, or its audience no such contact
     * @throws Conflict if there is nothing to send yet
     * @throws QuotaExceeded if the account may not send another mail this month
     */
    public void send(long account, String uid, EmailAddress to, @Nullable String contactUid) {
        var campaign = campaigns.get(account, uid);
        var wording = wording(account, campaign, contactUid, to);
        Readiness.requireContent(campaign);
        var message = message(outbox.nextId(), account, campaign, to, wording);
        jdbi.useTransaction(tx -> outbox.enqueue(tx, List.of(message)));
    }

    private Wording wording(
            long account, Campaign campaign, @Nullable String contactUid, EmailAddress address) {
        var audience = audiences.get(account, campaign.audience());
        var fields = audiences.fields(account, audience.id());
        var now = clock.instant();
        var contact =
                contactUid == null
                        ? MadeUp.contact(address, audience, fields, now)
                        : contacts.get(account, audience.uid(), new ContactRef.ByUid(contactUid))
                                .contact();
        var variables = new CampaignVariables(campaign, audience, fields).of(contact, urls);
        return CampaignMessage.compile(campaign, audience, campaigns.blocks(account, campaign))
                .wording(variables, now);
    }

    private NewMessage message(
            long id, long account, Campaign campaign, EmailAddress to, Wording wording) {
        var from = campaign.fromEmail();
        var sender = new Sender(campaign.fromName(), from, campaign.replyTo());
        String messageId =
                "%s@%s".formatted(tokens.messageId(new DeliveryRef(account, id, 1)), from.domain());
        var marked = new Wording(MARK + wording.subject(), wording.text(), wording.html());
        var heading = new Heading(sender, to, messageId, clock.instant(), List.of());
        byte[] bytes = new PersonalMessage(heading, marked, List.of()).composed();
        return new NewMessage(
                id,
                account,
                campaign.audience(),
                null,
                to,
                Kind.TEST,
                null,
                new OutgoingMessage(from, bytes));
    }
}
