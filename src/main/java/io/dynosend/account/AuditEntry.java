package io.dynosend.account;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One line of the audit log.
 *
 * @param email of the user, as it was then
 * @param action in words, in the past tense
 */
public record AuditEntry(Instant at, String email, String action, @Nullable String ipAddress) {}
