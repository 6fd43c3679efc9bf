package io.dynosend.content;

import io.dynosend.common.ALabels;
import io.dynosend.common.EmailAddress;
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
        if (!Ascii.isPrintable(local)) return null;
        return ALabels.of(value.substring(at + 1)).map(name -> local + "@" + name).orElse(null);
    }
}
