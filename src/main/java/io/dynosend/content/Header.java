package io.dynosend.content;

import io.dynosend.common.Problem.BadInput;
import java.util.Locale;
import java.util.Set;

/**
 * One more header field of a message, such as List-Id or List-Unsubscribe.
 *
 * @param name RFC 5322 §3.6.8
 * @param value one line; letters beyond ASCII become encoded words (RFC 2047)
 */
public record Header(String name, String value) {

    private static final int LONGEST_LINE = 998;
    private static final Set<String> WRITTEN_BY_THE_MESSAGE =
            Set.of("from", "to", "subject", "reply-to", "date", "message-id", "mime-version");

    /**
     * Refuses whatever could end the field early, or say twice what the message itself says.
     *
     * @throws BadInput naming the header
     */
    public Header {
        if (!isName(name)) {
            throw new BadInput("“%s” is not a header name".formatted(printable(name)));
        }
        String lower = name.toLowerCase(Locale.ROOT);
        if (WRITTEN_BY_THE_MESSAGE.contains(lower) || lower.startsWith("content-")) {
            throw new BadInput("%s cannot be set as a further header".formatted(name));
        }
        if (value.chars().anyMatch(Ascii::breaksLine)) {
            throw new BadInput("%s must be a single line without controls".formatted(name));
        }
        value = value.strip();
        if (value.contains("  ")) value = value.replaceAll(" {2,}", " ");
        int room = LONGEST_LINE - name.length() - 2;
        if (hasWordOver(room, value)) {
            throw new BadInput("%s has a word of more than %d characters".formatted(name, room));
        }
    }

    private static boolean isName(String name) {
        return !name.isEmpty()
                && name.length() <= 76
                && name.chars().allMatch(c -> c >= 33 && c <= 126 && c != ':');
    }

    /** A name as an error may show it. */
    public static String printable(String name) {
        return name.replaceAll("[^!-~]", "?");
    }

    // RFC 5322 §2.1.1: a line has at most 998 characters, and it folds between words only.
    private static boolean hasWordOver(int room, String value) {
        int word = 0;
        for (int i = 0; i < value.length() && word <= room; i++) {
            word = value.charAt(i) == ' ' ? 0 : word + 1;
        }
        return word > room;
    }
}
