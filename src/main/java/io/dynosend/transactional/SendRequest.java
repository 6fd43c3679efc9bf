package io.dynosend.transactional;

import io.dynosend.common.EmailAddress;
import io.dynosend.common.Problem.BadInput;
import io.dynosend.common.SingleLine;
import io.dynosend.contact.Actor;
import io.dynosend.content.Attachment;
import io.dynosend.content.Header;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one message is asked for with.
 *
 * @param subject plain text instead of the configured one; null: the configured one
 * @param at when it goes out
 * @param actor who asks for it
 */
public record SendRequest(
        EmailAddress recipient,
        @Nullable String subject,
        List<Header> headers,
        List<Attachment> attachments,
        Instant at,
        Actor actor) {

    /** What makes the message's content, by its setting. */
    public sealed interface Content {

        /**
         * For internal content.
         *
         * @param values by name
         */
        record Tags(Map<String, String> values) implements Content {}

        /** External content, as it goes out. */
        record Bodies(String html, String text) implements Content {}
    }

    private static final long MOST_ATTACHED = 10 << 20;

    /**
     * @throws BadInput if the subject is no single line, or there is over 10 MB of attachments
     */
    public SendRequest {
        if (subject != null) subject = SingleLine.checked("subject", subject).strip();
        headers = List.copyOf(headers);
        attachments = List.copyOf(attachments);
        if (attachments.stream().mapToLong(each -> each.content().length).sum() > MOST_ATTACHED) {
            throw new BadInput("attachments must be 10 MB or less in all");
        }
    }
}
