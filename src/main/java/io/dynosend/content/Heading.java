package io.dynosend.content;

import io.dynosend.common.EmailAddress;
import io.dynosend.common.Problem.BadInput;
import java.time.Instant;
import java.util.List;

/**
 * The header of one message but for its subject: who writes to whom, and when.
 *
 * @param messageId {@code left@right}, with or without angle brackets
 * @param date in UTC
 * @param headers those that the message itself does not write
 */
public record Heading(
        Sender sender, EmailAddress to, String messageId, Instant date, List<Header> headers) {

    /**
     * Takes the message id without its brackets, its domain in A-labels.
     *
     * @throws BadInput if the message id is none
     */
    public Heading {
        messageId = MessageId.checked(messageId);
        headers = List.copyOf(headers);
    }
}
