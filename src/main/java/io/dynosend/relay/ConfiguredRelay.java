package io.dynosend.relay;

import io.dynosend.smtp.Relay;
import io.dynosend.smtp.Timeouts;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A relay and how it is to be used.
 *
 * @param uid of an account's; of the operator's: server, server-2 …
 * @param domain whose mail it takes, with the domains below; null: all
 * @param weight its share among the relays that would do, compared with theirs
 * @param timeouts how long its answers are waited for
 * @param trusted whether the operator has named it: it may be at any address
 */
public record ConfiguredRelay(
        String uid,
        String name,
        Relay relay,
        @Nullable String domain,
        int weight,
        RelayLimits limits,
        Timeouts timeouts,
        boolean trusted,
        @Nullable Instant createdAt) {

    /** How it was wanted; with its password. */
    public RelaySettings settings() {
        return new RelaySettings(
                name,
                relay.host(),
                relay.port(),
                relay.security(),
                relay.credentials(),
                domain,
                weight,
                limits);
    }

    /** Whether it takes mail from this domain. */
    boolean serves(String sendingDomain) {
        return domain == null || isOwn(sendingDomain);
    }

    /** Whether it is there for this domain more than for others. */
    boolean isOwn(String sendingDomain) {
        return domain != null
                && (sendingDomain.equals(domain) || sendingDomain.endsWith("." + domain));
    }
}
