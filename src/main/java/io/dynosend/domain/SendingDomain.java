package io.dynosend.domain;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A domain that an account sends from.
 *
 * @param domain in A-labels
 * @param checkedAt null: never
 * @param verifiedAt since when its keys are published, and its mail is signed; null: it is not
 * @param records what belongs into its DNS
 */
public record SendingDomain(
        String uid,
        String domain,
        Instant createdAt,
        @Nullable Instant checkedAt,
        @Nullable Instant verifiedAt,
        List<DnsRecord> records) {}
