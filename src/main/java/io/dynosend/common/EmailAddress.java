package io.dynosend.common;

import com.sanctionco.jmail.JMail;
import io.dynosend.common.Problem.BadInput;
import java.util.Locale;

/**
 * A trimmed, lower-cased address that can be mailed; two spellings of one mailbox are equal.
 *
 * @param value {@code local@domain}, at most 254 characters (RFC 5321 §4.5.3.1), no comments, no
 *     quoted local part, no address literal; may hold letters beyond ASCII (RFC 6531)
 */
public record EmailAddress(String value) {

    private static final int LONGEST = 254;

    /**
     * @throws BadInput if it is no such address
     */
    public EmailAddress {
        value = value.strip().toLowerCase(Locale.ROOT);
        if (!isMailable(value)) {
            throw new BadInput(
                    "“%s” is not a valid email address".formatted(shortened(value)),
                    "invalid_email");
        }
    }

    public static boolean isValid(String text) {
        return isMailable(text.strip().toLowerCase(Locale.ROOT));
    }

    public String domain() {
        return value.substring(value.lastIndexOf('@') + 1);
    }

    @Override
    public String toString() {
        return value;
    }

    private static boolean isMailable(String value) {
        return value.length() <= LONGEST
                && value.chars().noneMatch(EmailAddress::neverInAnAddress)
                && JMail.strictValidator()
                        .disallowObsoleteWhitespace()
                        .disallowQuotedIdentifiers()
                        .disallowExplicitSourceRouting()
                        .disallowIpDomain()
                        .requireTopLevelDomain()
                        .isValid(value);
    }

    // Whatever a parser may forgive inside comments and quotes never reaches a header or a command.
    private static boolean neverInAnAddress(int c) {
        return c <= ' '
                || c == 0x7f
                || "()<>,;:\\\"[]".indexOf(c) >= 0
                || Character.isISOControl(c);
    }

    private static String shortened(String value) {
        return value.length() <= 80 ? value : value.substring(0, 80) + "…";
    }
}
