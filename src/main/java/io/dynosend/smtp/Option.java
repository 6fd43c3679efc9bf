package io.dynosend.smtp;

import java.util.Locale;

/** What an operator may set about a relay. In a URL: {@code ?options=no-chunking,xoauth2}. */
public enum Option {
    /** Never BDAT, though it is offered (RFC 3030). */
    NO_CHUNKING,
    /** One command, one answer, though pipelining is offered (RFC 2920). */
    NO_PIPELINING,
    /** The password may go over a connection that is not encrypted. */
    AUTH_IN_CLEAR,
    /** The password is an OAuth 2.0 access token. */
    XOAUTH2;

    static Option parse(String word) {
        return valueOf(word.strip().toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
