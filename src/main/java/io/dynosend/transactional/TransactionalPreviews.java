package io.dynosend.transactional;

import io.dynosend.audience.Audiences;
import io.dynosend.audience.Field;
import io.dynosend.common.EmailAddress;
import io.dynosend.common.Problem.BadInput;
import io.dynosend.common.Problem.Conflict;
import io.dynosend.common.Problem.QuotaExceeded;
import io.dynosend.common.Uid;
import io.dynosend.contact.Contact;
import io.dynosend.contact.ContactStatus;
import io.dynosend.content.Heading;
import io.dynosend.content.PersonalMessage;
import io.dynosend.content.Wording;
import io.dynosend.sending.Outbox;
import io.dynosend.sending.Outbox.Kind;
import io.dynosend.sending.Outbox.NewMessage;
import io.dynosend.sending.OutgoingMessage;
import io.dynosend.tracking.DeliveryRef;
import io.dynosend.tracking.TrackingTokens;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Jdbi;

/** Shows what a transactional message says, and sends it as a test. Only of internal content. */
public final class TransactionalPreviews {

    private static final EmailAddress NOBODY = new EmailAddress("jane.doe@example.com");
    private static final String MARK = "[Test] ";

    private final Jdbi jdbi;
    private final InstantSource clock;
    private final Audiences audiences;
    private final Wordings wordings;
    private final Outbox outbox;
    private final TrackingTokens tokens;

    public TransactionalPreviews(
            Jdbi jdbi,
            InstantSource clock,
            Audiences audiences,
            Wordings wordings,
            Outbox outbox,
            TrackingTokens tokens) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.audiences = audiences;
        this.wordings = wordings;
        this.outbox = outbox;
        this.tokens = tokens;
    }

    /** The custom tags that the content reads, in the order they come. */
    public SequencedSet<String> customTags(long account, Transactional message) {
        return wordings.customTags(account, message);
    }

    /**
     * What the message says to a made-up contact.
     *
     * @param tags a custom tag that is missing here is filled with its own name
     * @throws BadInput if it cannot be rendered
     */
    public Wording of(long account, Transactional message, Map<String, String> tags) {
        return wording(account, message, NOBODY, tags);
    }

    /**
     * Sends the same to one address, as a test: it is not in the log.
     *
     * @throws BadInput if it cannot be rendered
     * @throws Conflict if the content comes with each request
     * @throws QuotaExceeded if the account may not send another mail this month
     */
    public void send(
            long account, Transactional message, EmailAddress to, Map<String, String> tags) {
        if (message.content() == ContentSetting.EXTERNAL) {
            throw new Conflict(
                    "Its content comes with each request of the API: there is nothing to send yet",
                    "nothing_to_send");
        }
        var wording = wording(account, message, to, tags);
        long id = outbox.nextId();
        String messageId =
                "%s@%s"
                        .formatted(
                                tokens.messageId(new DeliveryRef(account, id, 1)),
                                message.fromEmail().domain());
        var heading =
                new Heading(
                        Transactionals.sender(message), to, messageId, clock.instant(), List.of());
        var marked = new Wording(MARK + wording.subject(), wording.text(), wording.html());
        byte[] bytes = new PersonalMessage(heading, marked, List.of()).composed();
        var test =
                new NewMessage(
                        id,
                        account,
                        message.audience(),
                        null,
                        to,
                        Kind.TEST,
                        null,
                        new OutgoingMessage(message.fromEmail(), bytes));
        jdbi.useTransaction(tx -> outbox.enqueue(tx, List.of(test)));
    }

    private Wording wording(
            long account, Transactional message, EmailAddress to, Map<String, String> given) {
        var tags = new LinkedHashMap<String, String>();
        customTags(account, message)
                .forEach(tag -> tags.put(tag, given.getOrDefault(tag, "[" + tag + "]")));
        return wordings.of(account, message, contact(account, message, to), tags, clock.instant());
    }

    private Contact contact(long account, Transactional message, EmailAddress address) {
        var now = clock.instant();
        return new Contact(
                0,
                message.audience(),
                Uid.random(),
                address,
                ContactStatus.SUBSCRIBED,
                "transactional",
                null,
                List.of(),
                audiences.fields(account, message.audience()).stream()
                        .collect(Collectors.toMap(Field::tag, Field::label)),
                now,
                now);
    }
}
