package io.dynosend.account;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One line of the audit log.
 *
 * @param number counted without a gap
 * @param email of the user, as it was then
 * @param action in words, in the past tense
 * @param hash of this entry and, through the one before it, of all before
 */
public record AuditEntry(
        long number,
        Instant at,
        String email,
        String action,
        @Nullable String ipAddress,
        String hash) {}
