package io.dynosend.api;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.dynosend.common.Network;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** Calls without a valid token, by the address they come from; in memory, each node for itself. */
final class FailedAuthentications {

    /** The times of one address, by the JVM's own clock. */
    private static final class Times {

        @GuardedBy("this")
        private final Deque<Long> nanos = new ArrayDeque<>();

        synchronized Duration count(long now) {
            while (!nanos.isEmpty() && now - nanos.getFirst() >= WINDOW.toNanos()) {
                nanos.removeFirst();
            }
            if (nanos.size() >= MOST) {
                return WINDOW.minusNanos(now - nanos.getFirst());
            }
            nanos.addLast(now);
            return Duration.ZERO;
        }
    }

    private static final int MOST = 10;
    private static final Duration WINDOW = Duration.ofSeconds(1);
    private static final int ADDRESSES = 100_000;

    private final Cache<String, Times> addresses =
            Caffeine.newBuilder().maximumSize(ADDRESSES).expireAfterWrite(WINDOW).build();

    /**
     * Counts one.
     *
     * @param now of {@link System#nanoTime()}
     * @return how long the address has to wait; zero if it may go on
     */
    Duration count(String address, long now) {
        return addresses.get(Network.of(address), _ -> new Times()).count(now);
    }
}
