package io.dynosend.campaign;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.dynosend.audience.Audience;
import io.dynosend.audience.Audiences;
import io.dynosend.audience.Field;
import io.dynosend.contact.Contact;
import io.dynosend.contact.Contacts;
import io.dynosend.content.Addressee;
import io.dynosend.content.CompiledMessage;
import io.dynosend.content.Header;
import io.dynosend.dkim.DkimSigner;
import io.dynosend.domain.SendingDomains;
import io.dynosend.sending.Chunk;
import io.dynosend.sending.Composer;
import io.dynosend.sending.Delivery;
import io.dynosend.sending.OutgoingMessage;
import io.dynosend.tracking.DeliveryRef;
import io.dynosend.tracking.TrackedCopy;
import io.dynosend.tracking.TrackingTokens;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Turns a campaign and one of its recipients into the message that goes out. */
public final class CampaignComposer implements Composer {

    private static final int CAMPAIGNS_IN_MEMORY = 100;

    private record Key(long account, long mailing) {}

    /** What all messages of a campaign share. A started campaign does not change any more. */
    private record Prepared(
            Campaign campaign, Audience audience, List<Field> fields, CompiledMessage message) {}

    private final Campaigns campaigns;
    private final Audiences audiences;
    private final Contacts contacts;
    private final TrackingTokens tokens;
    private final SendingDomains domains;
    private final String baseUrl;
    private final Cache<Key, Prepared> prepared =
            Caffeine.newBuilder().maximumSize(CAMPAIGNS_IN_MEMORY).build();

    /**
     * @param baseUrl of this server as readers reach it, without a slash at its end
     */
    public CampaignComposer(
            Campaigns campaigns,
            Audiences audiences,
            Contacts contacts,
            TrackingTokens tokens,
            SendingDomains domains,
            String baseUrl) {
        this.campaigns = campaigns;
        this.audiences = audiences;
        this.contacts = contacts;
        this.tokens = tokens;
        this.domains = domains;
        this.baseUrl = baseUrl;
    }

    @Override
    public Composition open(Chunk chunk) {
        var shared = prepared.get(new Key(chunk.account(), chunk.mailing()), this::prepare);
        var people =
                contacts.byId(
                        chunk.account(),
                        chunk.deliveries().stream().map(Delivery::contact).toList());
        var signer = domains.signer(chunk.account(), shared.campaign().fromEmail().domain());
        return delivery ->
                Optional.ofNullable(people.get(delivery.contact()))
                        .map(contact -> compose(shared, chunk, delivery, contact))
                        .map(message -> signed(signer, message, chunk.startedAt()));
    }

    private static OutgoingMessage signed(
            Optional<DkimSigner> signer, OutgoingMessage message, Instant at) {
        return signer.map(each ->
                        new OutgoingMessage(
                                message.envelopeSender(), each.signed(message.content(), at)))
                .orElse(message);
    }

    private Prepared prepare(Key key) {
        var campaign = campaigns.ofMailing(key.account(), key.mailing());
        var audience = audiences.get(key.account(), campaign.audience());
        return new Prepared(
                campaign,
                audience,
                audiences.fields(key.account(), audience.id()),
                CampaignMessage.compile(campaign, audience));
    }

    private OutgoingMessage compose(
            Prepared shared, Chunk chunk, Delivery delivery, Contact contact) {
        var campaign = shared.campaign();
        var ref = new DeliveryRef(chunk.account(), chunk.mailing(), delivery.number());
        var links = new TrackedCopy(baseUrl, tokens, ref, contact.id());
        String messageId =
                "<%s@%s>".formatted(tokens.messageId(ref), campaign.fromEmail().domain());
        return new OutgoingMessage(
                campaign.fromEmail(),
                shared.message()
                        .compose(
                                new Addressee(
                                        delivery.address(),
                                        CampaignVariables.of(
                                                campaign,
                                                shared.audience(),
                                                shared.fields(),
                                                contact,
                                                links.unsubscribe()),
                                        messageId,
                                        chunk.startedAt(),
                                        links,
                                        headers(shared, links))));
    }

    // List-Id: RFC 2919. List-Unsubscribe: RFC 2369 §3.2; with one click: RFC 8058 §3.1.
    private List<Header> headers(Prepared shared, TrackedCopy links) {
        return List.of(
                new Header(
                        "List-Id",
                        "<%s.list.%s>"
                                .formatted(shared.audience().uid(), URI.create(baseUrl).getHost())),
                new Header("List-Unsubscribe", "<" + links.unsubscribe() + ">"),
                new Header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
                new Header(
                        "Feedback-ID",
                        "%s:%s:campaign:dynosend"
                                .formatted(shared.campaign().uid(), shared.audience().uid())));
    }
}
