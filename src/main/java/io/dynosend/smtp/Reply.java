package io.dynosend.smtp;

import org.jspecify.annotations.Nullable;

/**
 * What a server answered (RFC 5321 §4.2).
 *
 * @param code three digits
 * @param enhanced such as 5.1.1 (RFC 3463), if it gave one
 * @param text its lines joined, at most 500 characters, no control characters
 */
public record Reply(int code, @Nullable String enhanced, String text) {

    boolean isPositive() {
        return code >= 200 && code < 400;
    }

    boolean isTransient() {
        return code >= 400 && code < 500;
    }

    @Override
    public String toString() {
        return enhanced == null ? code + " " + text : code + " " + enhanced + " " + text;
    }
}
