package io.dynosend.smtp;

import org.jspecify.annotations.Nullable;

/**
 * What a server answered (RFC 5321 §4.2).
 *
 * @param code three digits
 * @param enhanced such as 5.1.1 (RFC 3463), if it gave one
 * @param text its lines, at most 500 characters, no control characters except line ends
 */
public record Reply(int code, @Nullable String enhanced, String text) {

    static final int CLOSING = 421;

    boolean isAccepted() {
        return code >= 200 && code < 300;
    }

    boolean isRefused() {
        return code >= 400;
    }

    boolean isTransient() {
        return code >= 400 && code < 500;
    }

    /** RFC 5321 §3.8: the server closes the connection, whatever the command was. */
    boolean isClosing() {
        return code == CLOSING;
    }

    @Override
    public String toString() {
        return enhanced == null ? code + " " + text : code + " " + enhanced + " " + text;
    }
}
