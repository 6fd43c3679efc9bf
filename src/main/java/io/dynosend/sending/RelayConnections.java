package io.dynosend.sending;

import io.dynosend.smtp.Relay;
import io.dynosend.smtp.RelayUnavailable;
import io.dynosend.smtp.SmtpConnection;
import io.dynosend.smtp.Timeouts;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Open connections to the relay that wait for their next message. */
final class RelayConnections implements AutoCloseable {

    // Servers hang up on idle clients; one that is likely gone is not worth the attempt.
    private static final Duration FRESH = Duration.ofSeconds(10);

    static final Duration PAUSE = Duration.ofSeconds(10);

    private record Idle(SmtpConnection connection, Instant since) {}

    private static final Logger log = LoggerFactory.getLogger(RelayConnections.class);

    private final Relay relay;
    private final InstantSource clock;
    private final ConcurrentLinkedDeque<Idle> idle = new ConcurrentLinkedDeque<>();

    private volatile Instant pausedUntil = Instant.MIN;

    RelayConnections(Relay relay, InstantSource clock) {
        this.relay = relay;
        this.clock = clock;
    }

    /**
     * An idle connection, or a new one. The taker owns it.
     *
     * @throws RelayUnavailable if the relay does not take the connection; then it is left alone for
     *     a while
     */
    SmtpConnection take() {
        Idle last;
        while ((last = idle.pollLast()) != null) {
            if (isFresh(last)) return last.connection();
            last.connection().close();
        }
        return open();
    }

    /**
     * A new connection. The taker owns it.
     *
     * @throws RelayUnavailable as {@link #take}
     */
    SmtpConnection open() {
        try {
            return SmtpConnection.open(relay, Timeouts.DEFAULT);
        } catch (RelayUnavailable e) {
            reportOnce(e);
            throw e;
        }
    }

    /** Whether the relay has refused lately and should be left alone. */
    boolean paused() {
        return clock.instant().isBefore(pausedUntil);
    }

    /** Takes back a connection between two messages; closes one that is of no more use. */
    void giveBack(@Nullable SmtpConnection connection) {
        if (connection == null) return;
        if (connection.usable()) {
            idle.addLast(new Idle(connection, clock.instant()));
        } else {
            connection.close();
        }
    }

    /** Says goodbye on connections that nobody has needed for a while. */
    void closeStale() {
        idle.removeIf(entry -> {
            boolean stale = !isFresh(entry);
            if (stale) entry.connection().close();
            return stale;
        });
    }

    private synchronized void reportOnce(RelayUnavailable failure) {
        if (paused()) return;
        pausedUntil = clock.instant().plus(PAUSE);
        log.warn(
                "The relay {} takes no mail: {}. Everything waits; next try in {} seconds",
                relay,
                failure.getMessage(),
                PAUSE.toSeconds());
    }

    @Override
    public void close() {
        Idle next;
        while ((next = idle.pollFirst()) != null) next.connection().close();
    }

    private boolean isFresh(Idle entry) {
        return entry.since().plus(FRESH).isAfter(clock.instant());
    }
}
