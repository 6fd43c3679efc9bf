package io.dynosend.smtp;

/** How far a transaction had come. */
public enum Phase {
    CONNECT,
    GREETING,
    TLS,
    AUTH,
    MAIL,
    RCPT,
    DATA,
    /** All of the message but its end: after 354, or as a chunk without LAST (RFC 3030 §2). */
    BODY,
    DOT
}
