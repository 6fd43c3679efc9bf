package io.dynosend.content;

import io.dynosend.common.EmailAddress;
import java.net.IDN;
import org.jspecify.annotations.Nullable;

/** An address as a header without SMTPUTF8 can hold it. */
final class AsciiAddress {

    private AsciiAddress() {}

    /** The address with its domain in A-labels (RFC 5890); null when that is not enough. */
    static @Nullable String of(EmailAddress address) {
        String value = address.value();
        if (Ascii.isPrintable(value)) return value;
        String local = value.substring(0, value.lastIndexOf('@'));
        String domain = aLabels(address.domain());
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
