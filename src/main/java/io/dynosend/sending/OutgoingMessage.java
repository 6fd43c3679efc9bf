package io.dynosend.sending;

import io.dynosend.common.EmailAddress;

/**
 * A finished message.
 *
 * @param envelopeSender where bounces go (RFC 5321 §4.5.1: the reverse-path)
 * @param content RFC 5322, CRLF line ends
 */
// Handed on once and never compared.
@SuppressWarnings("ArrayRecordComponent")
public record OutgoingMessage(EmailAddress envelopeSender, byte[] content) {}
