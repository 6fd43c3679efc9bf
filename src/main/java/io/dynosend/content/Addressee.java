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

    private static final int LONGEST_ID = 250;

    /**
     * Takes the message id without its brackets, its domain in A-labels.
     *
     * @throws BadInput if the message id is none
     */
    public Addressee {
        String id = AsciiAddress.of(withoutBrackets(messageId));
        if (id == null || !isMessageId(id)) throw new BadInput("Not a message id");
        messageId = id;
        headers = List.copyOf(headers);
    }

    private static String withoutBrackets(String id) {
        return id.startsWith("<") && id.endsWith(">") ? id.substring(1, id.length() - 1) : id;
    }

    // RFC 5322 §3.6.4, without quoted parts.
    private static boolean isMessageId(String id) {
        int at = id.indexOf('@');
        return at > 0
                && at < id.length() - 1
                && at == id.lastIndexOf('@')
                && id.length() <= LONGEST_ID
                && id.chars().allMatch(c -> c > ' ' && c <= '~' && "<>()\\\",:;[]".indexOf(c) < 0);
    }
}
