package io.dynosend.account;

import io.dynosend.common.EmailAddress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Someone who is signed in at one place.
 *
 * @param seenAt the last request, to the minute
 * @param notice what the next page is to say, once; null: nothing
 */
public record Session(
        long id,
        Principal principal,
        EmailAddress email,
        @Nullable String ipAddress,
        @Nullable String userAgent,
        Instant createdAt,
        Instant seenAt,
        @Nullable String notice) {}
