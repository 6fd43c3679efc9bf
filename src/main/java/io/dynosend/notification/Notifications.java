package io.dynosend.notification;

import io.dynosend.account.AccountSettings;
import io.dynosend.account.AccountSettings.Sender;
import io.dynosend.account.Principal;
import io.dynosend.audience.Audience;
import io.dynosend.audience.Audiences;
import io.dynosend.common.EmailAddress;
import io.dynosend.content.Header;
import io.dynosend.content.Heading;
import io.dynosend.content.PersonalMessage;
import io.dynosend.content.PersonalTemplate;
import io.dynosend.sending.Outbox;
import io.dynosend.sending.Outbox.Kind;
import io.dynosend.sending.Outbox.NewMessage;
import io.dynosend.sending.OutgoingMessage;
import io.dynosend.tracking.DeliveryRef;
import io.dynosend.tracking.TrackingTokens;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jdbi.v3.core.Handle;

/**
 * Writes to the users of an account. Nothing in these mails was typed by somebody who is not signed
 * in, and their links begin with the configured base URL, whatever a request says.
 */
final class Notifications {

    private static final EmailAddress NOBODY = new EmailAddress("no-reply@localhost.localdomain");
    // RFC 3834 §5: no out-of-office notes in return.
    private static final List<Header> HEADERS =
            List.of(new Header("Auto-Submitted", "auto-generated"));

    static final PersonalTemplate RESET = template("Choose a new password for Dynosend", "reset");
    static final PersonalTemplate INVITATION =
            template("You are invited to Dynosend", "invitation");

    private final InstantSource clock;
    private final AccountSettings settings;
    private final Audiences audiences;
    private final Outbox outbox;
    private final TrackingTokens tokens;
    private final String host;

    Notifications(
            InstantSource clock,
            AccountSettings settings,
            Audiences audiences,
            Outbox outbox,
            TrackingTokens tokens,
            String baseUrl) {
        this.clock = clock;
        this.settings = settings;
        this.audiences = audiences;
        this.outbox = outbox;
        this.tokens = tokens;
        this.host = Objects.requireNonNullElse(URI.create(baseUrl).getHost(), "localhost");
    }

    /** Queues a mail to a user within the caller's transaction. */
    void send(
            Handle tx,
            Principal user,
            EmailAddress to,
            PersonalTemplate template,
            Map<String, Object> variables) {
        var now = clock.instant();
        var sender = sender(user.account());
        var delivery = new DeliveryRef(user.account(), outbox.nextId(), 1);
        var heading =
                new Heading(
                        new io.dynosend.content.Sender(sender.name(), sender.email(), null),
                        to,
                        "%s@%s".formatted(tokens.messageId(delivery), sender.email().domain()),
                        now,
                        HEADERS);
        byte[] content =
                new PersonalMessage(heading, template.wording(null, variables, now), List.of())
                        .composed();
        outbox.enqueue(
                tx,
                List.of(
                        new NewMessage(
                                delivery.mailing(),
                                user.account(),
                                null,
                                null,
                                to,
                                Kind.USER,
                                null,
                                new OutgoingMessage(sender.email(), content))));
    }

    /** Who these mails come from: as decided, else the first audience's sender, else nobody. */
    Sender sender(long account) {
        return settings.sender(account)
                .or(() ->
                        audiences.list(account).stream()
                                .min(Comparator.comparingLong(Audience::id))
                                .map(first -> new Sender(first.fromName(), first.fromEmail())))
                .orElseGet(() -> new Sender("Dynosend", ofHost()));
    }

    private EmailAddress ofHost() {
        String address = "no-reply@" + host;
        return EmailAddress.isValid(address) ? new EmailAddress(address) : NOBODY;
    }

    private static PersonalTemplate template(String subject, String name) {
        return PersonalTemplate.compile(subject, resource(name + ".html"), resource(name + ".txt"));
    }

    private static String resource(String name) {
        try (InputStream in = Notifications.class.getResourceAsStream("/notification/" + name)) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
