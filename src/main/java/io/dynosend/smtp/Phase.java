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
    BODY,
    DOT
}
