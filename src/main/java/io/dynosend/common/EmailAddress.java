package io.dynosend.common;

import com.sanctionco.jmail.EmailValidator;
import com.sanctionco.jmail.JMail;
import io.dynosend.common.Problem.BadInput;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.Locale;

/**
 * A trimmed, lower-cased address that can be mailed; two spellings of one mailbox are equal.
 *
 * @param value {@code local@domain}, at most 254 octets, 64 of them before the sign (RFC 5321
 *     §4.5.3.1), in the composed form of Unicode (NFC); no comments, no quoted local part, no
 *     address literal; may hold letters beyond ASCII (RFC 6531)
 */
public record EmailAddress(String value) {

    private static final int LONGEST = 254;
    private static final int LONGEST_LOCAL_PART = 64;
    private static final EmailValidator SYNTAX =
            JMail.strictValidator()
                    .disallowObsoleteWhitespace()
                    .disallowQuotedIdentifiers()
                    .disallowExplicitSourceRouting()
                    .disallowIpDomain()
                    .requireTopLevelDomain();

    /**
     * @throws BadInput if it is no such address
     */
    public EmailAddress {
        value = normal(value);
        if (!isMailable(value)) {
            throw new BadInput(
                    "“%s” is not a valid email address".formatted(shortened(value)),
                    "invalid_email");
        }
    }

    public static boolean isValid(String text) {
        return isMailable(normal(text));
    }

    public String domain() {
        return value.substring(value.lastIndexOf('@') + 1);
    }

    /**
     * As commands and headers write it: the domain in A-labels (RFC 5891 §4.4). ASCII, unless the
     * local part or a domain that is none has letters beyond it: then it takes SMTPUTF8 (RFC 6531).
     */
    public String written() {
        if (isAscii(value)) return value;
        int domain = value.lastIndexOf('@') + 1;
        String name = value.substring(domain);
        return value.substring(0, domain) + ALabels.of(name).orElse(name);
    }

    /** Whether only what knows SMTPUTF8 can carry it (RFC 6531). */
    public boolean needsUtf8() {
        return !isAscii(value) && !isAscii(written());
    }

    @Override
    public String toString() {
        return value;
    }

    private static String normal(String text) {
        String stripped = text.strip();
        // Nothing that long is one, and it is not worth the work.
        return stripped.length() > LONGEST || isLowerAscii(stripped)
                ? stripped
                : Normalizer.normalize(stripped, Form.NFC).toLowerCase(Locale.ROOT);
    }

    private static boolean isLowerAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > 0x7f || (c >= 'A' && c <= 'Z')) return false;
        }
        return true;
    }

    private static boolean isMailable(String value) {
        return value.length() <= LONGEST
                && octets(value) <= LONGEST
                && octets(value.substring(0, Math.max(0, value.lastIndexOf('@'))))
                        <= LONGEST_LOCAL_PART
                && !holdsWhatIsNeverInAnAddress(value)
                && SYNTAX.isValid(value);
    }

    private static boolean holdsWhatIsNeverInAnAddress(String value) {
        for (int i = 0; i < value.length(); i += Character.charCount(value.codePointAt(i))) {
            if (neverInAnAddress(value.codePointAt(i))) return true;
        }
        return false;
    }

    // Whatever a parser may forgive inside comments and quotes never reaches a header or a command.
    private static boolean neverInAnAddress(int c) {
        if ((c >= 'a' && c <= 'z') || (c >= '-' && c <= '9')) return false;
        return "()<>,;:\\\"[]".indexOf(c) >= 0 || isInvisible(c);
    }

    private static boolean isInvisible(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.SPACE_SEPARATOR,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    true;
            default -> false;
        };
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0x7f) return false;
        }
        return true;
    }

    private static int octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static String shortened(String value) {
        return value.length() <= 80 ? value : value.substring(0, 80) + "…";
    }
}
