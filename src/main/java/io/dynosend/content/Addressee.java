package io.dynosend.content;

import io.dynosend.common.EmailAddress;
import io.dynosend.common.Problem.BadInput;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * One recipient and what is particular to their copy.
 *
 * @param variables what Liquid reads; {@code unsubscribe_url} is always {@link
 *     TrackedLinks#unsubscribe()}, whatever is given here
 * @param messageId {@code left@right}, with or without angle brackets
 * @param date for the Date header, in UTC, and for Liquid's {@code now}
 * @param headers such as List-Id, List-Unsubscribe, List-Unsubscribe-Post, Feedback-ID
 */
public record Addressee(
        EmailAddress to,
        Map<String, Object> variables,
        String messageId,
        Instant date,
        TrackedLinks links,
        List<Header> headers) {

    /**
     * Takes the message id without its brackets, its domain in A-labels.
     *
     * @throws BadInput if the message id is none
     */
    public Addressee {
        messageId = MessageId.checked(messageId);
        headers = List.copyOf(headers);
    }
}
