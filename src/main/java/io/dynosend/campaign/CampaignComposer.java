package io.dynosend.campaign;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.dynosend.audience.Audiences;
import io.dynosend.contact.Contact;
import io.dynosend.contact.Contacts;
import io.dynosend.content.Addressee;
import io.dynosend.content.CompiledMessage;
import io.dynosend.content.Copies;
import io.dynosend.content.Header;
import io.dynosend.content.TrackedLinks;
import io.dynosend.dkim.DkimSigner;
import io.dynosend.domain.SendingDomains;
import io.dynosend.sending.Chunk;
import io.dynosend.sending.Composer;
import io.dynosend.sending.Delivery;
import io.dynosend.sending.OutgoingMessage;
import io.dynosend.tracking.DeliveryRef;
import io.dynosend.tracking.ListHeaders;
import io.dynosend.tracking.MailingLinks;
import io.dynosend.tracking.ReaderPages;
import io.dynosend.tracking.TrackingRefusals;
import io.dynosend.tracking.TrackingTokens;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Turns a campaign and one of its recipients into the message that goes out. */
public final class CampaignComposer implements Composer {

    private static final int CAMPAIGNS_IN_MEMORY = 100;

    private record Key(long account, long mailing) {}

    /** What all messages of a campaign share. A started campaign does not change any more. */
    private record Prepared(
            Campaign campaign,
            CampaignVariables variables,
            CompiledMessage message,
            List<Header> headers,
            MailingLinks links,
            Queue<Copies> idle,
            ReaderPages pages) {

        // What copies share is encoded once for each that makes them: as many as work at a moment.
        byte[] composed(Addressee addressee) {
            var found = idle.poll();
            var copies = found == null ? message.copies(headers) : found;
            byte[] copy = copies.compose(addressee);
            idle.add(copies);
            return copy;
        }

        boolean leadsTo(String url) {
            return message.variables().contains(url);
        }
    }

    private final Campaigns campaigns;
    private final Audiences audiences;
    private final Contacts contacts;
    private final TrackingRefusals refusals;
    private final TrackingTokens tokens;
    private final SendingDomains domains;
    private final String baseUrl;
    private final ListHeaders listHeaders;
    private final Cache<Key, Prepared> prepared =
            Caffeine.newBuilder().maximumSize(CAMPAIGNS_IN_MEMORY).build();

    /**
     * @param baseUrl of this server as readers reach it, without a slash at its end
     * @param inboundDomain where mail to {@code u-TOKEN} unsubscribes, if anywhere
     */
    public CampaignComposer(
            Campaigns campaigns,
            Audiences audiences,
            Contacts contacts,
            TrackingRefusals refusals,
            TrackingTokens tokens,
            SendingDomains domains,
            String baseUrl,
            Optional<String> inboundDomain) {
        this.campaigns = campaigns;
        this.audiences = audiences;
        this.contacts = contacts;
        this.refusals = refusals;
        this.tokens = tokens;
        this.domains = domains;
        this.baseUrl = baseUrl;
        this.listHeaders = new ListHeaders(baseUrl, inboundDomain);
    }

    @Override
    public Composition open(Chunk chunk) {
        var shared = prepared.get(new Key(chunk.account(), chunk.mailing()), this::prepare);
        var recipients = chunk.deliveries().stream().map(Delivery::contact).toList();
        var people = contacts.byId(chunk.account(), recipients);
        var untracked = refusals.among(chunk.account(), recipients);
        var signer = domains.signer(chunk.account(), shared.campaign().fromEmail().domain());
        return new Letters(shared, chunk, people, untracked, signer);
    }

    /** The messages to the recipients of one chunk. */
    private final class Letters implements Composition {

        private final Prepared shared;
        private final Chunk chunk;
        private final Map<Long, Contact> people;
        private final Set<Long> untracked;
        private final Optional<DkimSigner> signer;

        Letters(
                Prepared shared,
                Chunk chunk,
                Map<Long, Contact> people,
                Set<Long> untracked,
                Optional<DkimSigner> signer) {
            this.shared = shared;
            this.chunk = chunk;
            this.people = people;
            this.untracked = untracked;
            this.signer = signer;
        }

        @Override
        public Optional<OutgoingMessage> compose(Delivery delivery) {
            return Optional.ofNullable(people.get(delivery.contact()))
                    .map(contact -> composed(delivery, contact))
                    .map(message -> signed(signer, message, chunk.startedAt()));
        }

        @Override
        public String sendingDomain() {
            return shared.campaign().fromEmail().domain();
        }

        private OutgoingMessage composed(Delivery delivery, Contact contact) {
            boolean refused = untracked.contains(contact.id());
            var links = shared.links().of(delivery.number(), contact.id(), refused);
            var ref = new DeliveryRef(chunk.account(), chunk.mailing(), delivery.number());
            var urls = urls(shared, ref, contact.id(), links, refused);
            return CampaignComposer.this.compose(shared, chunk, delivery, contact, links, urls);
        }
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
        var fields = audiences.fields(key.account(), audience.id());
        var message =
                CampaignMessage.compile(
                        campaign, audience, campaigns.blocks(key.account(), campaign));
        return new Prepared(
                campaign,
                new CampaignVariables(campaign, audience, fields),
                message,
                listHeaders.shared(audience.uid(), campaign.uid(), "campaign"),
                new MailingLinks(
                        baseUrl,
                        tokens,
                        CampaignMessage.tracking(campaign, audience),
                        key.account(),
                        key.mailing(),
                        message.links()),
                new ConcurrentLinkedQueue<>(),
                new ReaderPages(baseUrl, tokens, CampaignMessage.tracking(campaign, audience)));
    }

    // What nobody reads is not signed.
    private static CopyUrls urls(
            Prepared shared, DeliveryRef ref, long contact, TrackedLinks links, boolean refused) {
        var pages = shared.pages();
        return new CopyUrls(
                links.unsubscribe(),
                shared.leadsTo("preferences_url") ? pages.preferences(ref, contact) : "",
                shared.leadsTo("view_url") ? pages.view(ref, contact, refused) : "");
    }

    private OutgoingMessage compose(
            Prepared shared,
            Chunk chunk,
            Delivery delivery,
            Contact contact,
            TrackedLinks links,
            CopyUrls urls) {
        var sender = shared.campaign().fromEmail();
        var ref = new DeliveryRef(chunk.account(), chunk.mailing(), delivery.number());
        var addressee =
                new Addressee(
                        delivery.address(),
                        shared.variables().of(contact, urls),
                        tokens.messageId(ref) + "@" + sender.domain(),
                        chunk.startedAt(),
                        links,
                        List.of(listHeaders.unsubscribe(urls.unsubscribe())));
        return new OutgoingMessage(sender, shared.composed(addressee));
    }
}
