package io.dynosend.content;

import io.dynosend.common.EmailAddress;
import java.net.IDN;
import org.jspecify.annotations.Nullable;

/** An address as a header without SMTPUTF8 can hold it. */
final class AsciiAddress {

    private AsciiAddress() {}

    /** The address with its domain in A-labels (RFC 5890); null when that is not enough. */
    static @Nullable String of(EmailAddress address) {
        return of(address.value());
    }

    /** The same for anything of the form {@code local@domain}. */
    static @Nullable String of(String value) {
        if (Ascii.isPrintable(value)) return value;
        int at = value.lastIndexOf('@');
        if (at < 0) return null;
        String local = value.substring(0, at);
        String domain = aLabels(value.substring(at + 1));
        return Ascii.isPrintable(local) && domain != null ? local + "@" + domain : null;
    }

    private static @Nullable String aLabels(String domain) {
        try {
            String ascii = IDN.toASCII(domain, IDN.ALLOW_UNASSIGNED);
            return Ascii.isPrintable(ascii) ? ascii : null;
        } catch (IllegalArgumentException _) {
            return null;
        }
    }
}
