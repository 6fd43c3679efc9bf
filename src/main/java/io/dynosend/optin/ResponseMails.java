package io.dynosend.optin;

import static java.util.stream.Collectors.groupingBy;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.dynosend.audience.Audience;
import io.dynosend.audience.Audiences;
import io.dynosend.audience.Field;
import io.dynosend.audience.ResponseMail;
import io.dynosend.audience.ResponseMail.Occasion;
import io.dynosend.common.EmailAddress;
import io.dynosend.common.Problem.BadInput;
import io.dynosend.contact.Contact;
import io.dynosend.content.CompiledMessage;
import io.dynosend.content.ContactVariables;
import io.dynosend.content.Draft;
import io.dynosend.content.Header;
import io.dynosend.content.Heading;
import io.dynosend.content.PersonalMessage;
import io.dynosend.content.PersonalTemplate;
import io.dynosend.content.PostalAddress;
import io.dynosend.content.Sender;
import io.dynosend.content.Wording;
import io.dynosend.sending.Outbox;
import io.dynosend.sending.Outbox.Kind;
import io.dynosend.sending.Outbox.NewMessage;
import io.dynosend.sending.OutgoingMessage;
import io.dynosend.tracking.DeliveryRef;
import io.dynosend.tracking.ListHeaders;
import io.dynosend.tracking.TrackingTokens;
import io.dynosend.tracking.UnsubscribeLink;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends welcome and goodbye mails. Neither is tracked. A welcome mail is commercial: it has the
 * footer and the headers of a list. Whatever stands in a mail's way, joining and leaving go on.
 */
public final class ResponseMails {

    private static final Logger log = LoggerFactory.getLogger(ResponseMails.class);

    private static final int IN_MEMORY = 200;
    // So many finished messages are in memory together.
    private static final int AT_ONCE = 100;
    private static final EmailAddress NOBODY = new EmailAddress("nobody@example.org");

    private record Key(ResponseMail mail, List<String> address) {}

    /** What all copies share. */
    private record Prepared(
            long account,
            Audience audience,
            List<Field> fields,
            Occasion occasion,
            ResponseMail mail) {}

    private final InstantSource clock;
    private final Audiences audiences;
    private final Outbox outbox;
    private final TrackingTokens tokens;
    private final String baseUrl;
    private final ListHeaders listHeaders;
    private final Cache<Key, CompiledMessage> welcomes =
            Caffeine.newBuilder().maximumSize(IN_MEMORY).build();

    /**
     * @param baseUrl of this server as readers reach it, without a slash at its end
     * @param inboundDomain where mail to {@code u-TOKEN} unsubscribes, if anywhere
     */
    public ResponseMails(
            InstantSource clock,
            Audiences audiences,
            Outbox outbox,
            TrackingTokens tokens,
            String baseUrl,
            Optional<String> inboundDomain) {
        this.clock = clock;
        this.audiences = audiences;
        this.outbox = outbox;
        this.tokens = tokens;
        this.baseUrl = baseUrl;
        this.listHeaders = new ListHeaders(baseUrl, inboundDomain);
    }

    /**
     * Lets a mail pass that can be rendered.
     *
     * @param name of the setting, for the message
     * @throws BadInput with code {@code template_error}, such as {@code welcome_mail.html: line 3,
     *     column 7: …}
     */
    public static ResponseMail checked(String name, ResponseMail mail) {
        try {
            compiled(mail, List.of());
            PersonalTemplate.compile(mail.subject(), mail.html(), mail.text());
            return mail;
        } catch (BadInput e) {
            throw new BadInput(name + "." + e.getMessage(), e.code());
        }
    }

    /** Queues the mail of an occasion, if their audiences have one. None is on a blacklist. */
    void send(Handle tx, Occasion occasion, long account, List<Contact> contacts) {
        contacts.stream()
                .collect(groupingBy(Contact::audience))
                .forEach((audience, theirs) ->
                        audiences
                                .responseMail(account, audience, occasion)
                                .map(mail -> prepared(account, audience, occasion, mail))
                                .ifPresent(shared -> send(tx, shared, theirs)));
    }

    private Prepared prepared(long account, long audience, Occasion occasion, ResponseMail mail) {
        return new Prepared(
                account,
                audiences.get(account, audience),
                audiences.fields(account, audience),
                occasion,
                mail);
    }

    private void send(Handle tx, Prepared shared, List<Contact> contacts) {
        int unsent = 0;
        for (int from = 0; from < contacts.size(); from += AT_ONCE) {
            var some = contacts.subList(from, Math.min(from + AT_ONCE, contacts.size()));
            var messages =
                    some.stream()
                            .map(contact -> message(shared, contact))
                            .flatMap(Optional::stream);
            var queued = outbox.enqueueEach(tx, messages.toList());
            unsent += some.size() - (int) queued.stream().filter(Optional::isEmpty).count();
        }
        if (unsent > 0) {
            log.warn(
                    "{} contacts of audience {} get no {} mail: it could not be written, or the"
                            + " monthly quota of account {} is used up. It is not sent later",
                    unsent,
                    shared.audience().id(),
                    shared.occasion(),
                    shared.account());
        }
    }

    private Optional<NewMessage> message(Prepared shared, Contact contact) {
        var audience = shared.audience();
        var delivery = new DeliveryRef(shared.account(), outbox.nextId(), 1);
        try {
            return Optional.of(
                    new NewMessage(
                            delivery.mailing(),
                            shared.account(),
                            audience.id(),
                            contact.id(),
                            contact.email(),
                            kind(shared.occasion()),
                            null,
                            new OutgoingMessage(
                                    audience.fromEmail(), content(shared, contact, delivery))));
        } catch (BadInput e) {
            log.warn(
                    "The {} mail of audience {} cannot be written: {}",
                    shared.occasion(),
                    audience.id(),
                    e.getMessage());
            return Optional.empty();
        }
    }

    private byte[] content(Prepared shared, Contact contact, DeliveryRef delivery) {
        var audience = shared.audience();
        var now = clock.instant();
        String unsubscribe = new UnsubscribeLink(baseUrl, tokens, delivery, contact.id()).url();
        String messageId =
                "%s@%s".formatted(tokens.messageId(delivery), audience.fromEmail().domain());
        var heading =
                new Heading(
                        new Sender(audience.fromName(), audience.fromEmail(), null),
                        contact.email(),
                        messageId,
                        now,
                        headers(shared, unsubscribe));
        var wording =
                switch (shared.occasion()) {
                    case WELCOME -> welcome(shared, contact, unsubscribe, now);
                    case GOODBYE -> goodbye(shared, contact, now);
                };
        return new PersonalMessage(heading, wording, List.of()).composed();
    }

    // Auto-Submitted: RFC 3834 §5.
    private List<Header> headers(Prepared shared, String unsubscribe) {
        return switch (shared.occasion()) {
            case WELCOME -> {
                var headers =
                        new ArrayList<>(
                                listHeaders.shared(shared.audience().uid(), "welcome", "welcome"));
                headers.add(listHeaders.unsubscribe(unsubscribe));
                yield headers;
            }
            case GOODBYE -> List.of(new Header("Auto-Submitted", "auto-generated"));
        };
    }

    private Wording welcome(Prepared shared, Contact contact, String unsubscribe, Instant now) {
        var address = shared.audience().contactInformation().postalAddress();
        var message =
                welcomes.get(
                        new Key(shared.mail(), address),
                        key -> compiled(key.mail(), key.address()));
        var variables = variables(shared, contact);
        variables.put("unsubscribe_url", unsubscribe);
        var wording = message.wording(variables, now);
        return shared.mail().html() == null
                ? new Wording(wording.subject(), wording.text(), null)
                : wording;
    }

    private static Wording goodbye(Prepared shared, Contact contact, Instant now) {
        var mail = shared.mail();
        return PersonalTemplate.compile(mail.subject(), mail.html(), mail.text())
                .wording(null, variables(shared, contact), now);
    }

    private static Map<String, Object> variables(Prepared shared, Contact contact) {
        var variables = new LinkedHashMap<>(ContactVariables.fields(contact, shared.fields()));
        variables.put("EMAIL", contact.email().value());
        variables.put("contact", ContactVariables.contact(contact));
        variables.put("audience", ContactVariables.audience(shared.audience()));
        return variables;
    }

    // The sender is looked at when there is one.
    private static CompiledMessage compiled(ResponseMail mail, List<String> address) {
        String html = Objects.requireNonNullElse(mail.html(), "");
        var draft = new Draft(mail.subject(), "", NOBODY, null, html, mail.text());
        return CompiledMessage.compile(draft, new PostalAddress(address));
    }

    private static Kind kind(Occasion occasion) {
        return switch (occasion) {
            case WELCOME -> Kind.WELCOME;
            case GOODBYE -> Kind.GOODBYE;
        };
    }
}
