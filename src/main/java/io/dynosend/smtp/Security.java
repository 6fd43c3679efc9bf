package io.dynosend.smtp;

/**
 * How a connection is kept from others' eyes. Whoever encrypts must show a valid certificate for
 * the relay's name, TLS 1.2 or later.
 */
public enum Security {
    /** Never encrypted. */
    NONE,
    /**
     * STARTTLS if the server offers it (RFC 3207). On this machine any certificate will do: there
     * is nobody in between.
     */
    STARTTLS_IF_OFFERED,
    /** STARTTLS or nothing. */
    STARTTLS,
    /** TLS from the first byte (RFC 8314 §3.3). */
    TLS
}
