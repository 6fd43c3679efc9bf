package io.dynosend.content;

import io.dynosend.common.Problem.BadInput;

/** The one name of a message (RFC 5322 §3.6.4), without quoted parts. */
final class MessageId {

    private static final int LONGEST = 250;

    private MessageId() {}

    /**
     * The id without its brackets, its domain in A-labels.
     *
     * @throws BadInput if it is none
     */
    static String checked(String given) {
        String id = AsciiAddress.of(withoutBrackets(given));
        if (id == null || !isMessageId(id)) throw new BadInput("Not a message id");
        return id;
    }

    private static String withoutBrackets(String id) {
        return id.startsWith("<") && id.endsWith(">") ? id.substring(1, id.length() - 1) : id;
    }

    private static boolean isMessageId(String id) {
        int at = id.indexOf('@');
        return at > 0
                && at < id.length() - 1
                && at == id.lastIndexOf('@')
                && id.length() <= LONGEST
                && id.chars().allMatch(c -> c > ' ' && c <= '~' && "<>()\\\",:;[]".indexOf(c) < 0);
    }
}
