package io.dynosend.account;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A token as its user sees it: without the secret.
 *
 * @param prefix its first eight characters
 * @param lastUsedAt to the minute; null if it never was
 */
public record ApiToken(
        long id,
        String name,
        String prefix,
        Set<Scope> scopes,
        boolean readOnly,
        Instant createdAt,
        @Nullable Instant lastUsedAt) {}
