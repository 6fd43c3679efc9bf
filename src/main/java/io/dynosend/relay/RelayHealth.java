package io.dynosend.relay;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a relay is doing, of all nodes together.
 *
 * @param connections open to it now
 * @param accepted messages since the nodes have started; deferred and refused likewise
 * @param failing why it takes no mail; null: it does, as far as anybody has tried
 * @param nextTryAt when it is tried again
 */
public record RelayHealth(
        int connections,
        long accepted,
        long deferred,
        long refused,
        @Nullable String failing,
        @Nullable Instant failingSince,
        @Nullable Instant nextTryAt) {

    public static final RelayHealth UNTRIED = new RelayHealth(0, 0, 0, 0, null, null, null);

    /** {@code failing}, {@code ok} or {@code untried}. */
    public String state() {
        if (failing != null) return "failing";
        return accepted + deferred + refused > 0 ? "ok" : "untried";
    }
}
