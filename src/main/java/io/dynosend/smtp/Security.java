package io.dynosend.smtp;

/** How a connection is kept from others' eyes. */
public enum Security {
    /** Never encrypted. */
    NONE,
    /** STARTTLS if the server offers it (RFC 3207). */
    STARTTLS_IF_OFFERED,
    /** STARTTLS or nothing. */
    STARTTLS,
    /** TLS from the first byte (RFC 8314 §3.3). */
    TLS
}
