package io.dynosend.sending;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Keeps all away from a relay that fails, and lets one try again after a while: longer after each
 * failure, so that a relay that comes back is not run over.
 */
final class CircuitBreaker {

    private static final Duration SHORTEST = Duration.ofSeconds(5);
    private static final int MOST_DOUBLINGS = 5;

    /**
     * Why it is open.
     *
     * @param nextTryAt when one may try
     */
    record Failing(String cause, Instant since, Instant nextTryAt) {}

    private final InstantSource clock;
    private int failures;
    private boolean probing;
    private @Nullable Failing failing;

    CircuitBreaker(InstantSource clock) {
        this.clock = clock;
    }

    /** Whether the caller may try now. One who gets true tells how it went. */
    synchronized boolean allows() {
        if (failing == null) return true;
        if (probing || clock.instant().isBefore(failing.nextTryAt())) return false;
        probing = true;
        return true;
    }

    /** Whether {@link #allows} would say yes, for those who only look. */
    synchronized boolean isClosed() {
        return failing == null || (!probing && !clock.instant().isBefore(failing.nextTryAt()));
    }

    /** It works. */
    synchronized boolean succeeded() {
        boolean recovered = failing != null;
        failures = 0;
        probing = false;
        failing = null;
        return recovered;
    }

    /** Whoever was allowed has not tried. */
    synchronized void notTried() {
        probing = false;
    }

    /**
     * It does not work.
     *
     * @return how long everybody stays away; empty if that is decided already
     */
    synchronized Optional<Duration> failed(String cause) {
        var now = clock.instant();
        if (failing != null && !probing) return Optional.empty();
        probing = false;
        var pause = pause();
        failing = new Failing(cause, failing == null ? now : failing.since(), now.plus(pause));
        failures++;
        return Optional.of(pause);
    }

    synchronized Optional<Failing> failing() {
        return Optional.ofNullable(failing);
    }

    // 5, 10, 20 … seconds, at most 160, and up to a quarter more: nodes do not come back as one.
    private Duration pause() {
        long millis = SHORTEST.toMillis() << Math.min(failures, MOST_DOUBLINGS);
        return Duration.ofMillis(millis + ThreadLocalRandom.current().nextLong(millis / 4));
    }
}
