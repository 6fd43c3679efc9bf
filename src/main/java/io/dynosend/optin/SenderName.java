package io.dynosend.optin;

import io.dynosend.audience.Audience;
import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * How an audience may call itself in a mail to somebody who has not agreed to anything: shortly,
 * and with nothing that a mail program would make a link of.
 */
final class SenderName {

    private static final int LONGEST = 64;

    // A scheme, an address, or letters around a dot, be it one of IDNA's (RFC 3490 §3.1).
    private static final Pattern LINK =
            Pattern.compile(
                    "://|@|www|[\\p{L}\\p{N}][.\\u3002\\uFF0E\\uFF61]\\p{L}|\\b\\p{L}+:\\S");

    private SenderName() {}

    /** The audience's name, its end cut off; if that could be a link, the domain it sends from. */
    static String of(Audience audience) {
        String name = audience.name();
        return name.isBlank() || isInvisible(name) || isLink(name)
                ? audience.fromEmail().domain()
                : shortened(name);
    }

    private static boolean isLink(String name) {
        return LINK.matcher(Normalizer.normalize(name, Form.NFKC).toLowerCase(Locale.ROOT)).find();
    }

    // What turns the reading direction or hides between letters shows something else than it says.
    private static boolean isInvisible(String name) {
        return name.codePoints()
                .anyMatch(
                        c -> Character.getType(c) == Character.FORMAT || Character.isISOControl(c));
    }

    private static String shortened(String name) {
        if (name.length() <= LONGEST) return name;
        int end = LONGEST - 1;
        if (Character.isHighSurrogate(name.charAt(end - 1))) end--;
        return name.substring(0, end) + "…";
    }
}
