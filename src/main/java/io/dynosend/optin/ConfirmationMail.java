package io.dynosend.optin;

import io.dynosend.audience.Audience;
import io.dynosend.common.EmailAddress;
import io.dynosend.common.Problem.BadInput;
import io.dynosend.content.Header;
import io.dynosend.content.Heading;
import io.dynosend.content.PersonalMessage;
import io.dynosend.content.PersonalTemplate;
import io.dynosend.content.Sender;
import io.dynosend.sending.OutgoingMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The one mail that goes to somebody who has not agreed to any. Every word is ours but the name of
 * the audience: what a stranger typed into a form is never carried on to the address they typed.
 */
final class ConfirmationMail {

    /** Names the text, as evidence. Another text has another version, and both files stay. */
    static final String WORDING = "confirmation-1";

    /** For so many days its link works. */
    static final int DAYS = 7;

    private static final String SUBJECT = "Please confirm your subscription";
    // RFC 3834 §5: no out-of-office notes in return.
    private static final List<Header> HEADERS =
            List.of(new Header("Auto-Submitted", "auto-generated"));
    private static final PersonalTemplate TEMPLATE =
            PersonalTemplate.compile(
                    SUBJECT, resource(WORDING + ".html"), resource(WORDING + ".txt"));

    private ConfirmationMail() {}

    /**
     * The finished message.
     *
     * @param messageId {@code left@right}
     * @param link to the page that asks for the click
     * @throws BadInput if nobody can be written to in the audience's name
     */
    static OutgoingMessage of(
            Audience audience, EmailAddress to, String messageId, String link, Instant now) {
        var sender = new Sender(audience.fromName(), audience.fromEmail(), null);
        var variables =
                Map.<String, Object>of(
                        "sender", SenderName.of(audience),
                        "link", link,
                        "days", DAYS);
        var heading = new Heading(sender, to, messageId, now, HEADERS);
        var wording = TEMPLATE.wording(null, variables, now);
        return new OutgoingMessage(
                audience.fromEmail(), new PersonalMessage(heading, wording, List.of()).composed());
    }

    private static String resource(String name) {
        try (InputStream in = ConfirmationMail.class.getResourceAsStream("/optin/" + name)) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
