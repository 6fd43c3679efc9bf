package io.dynosend.sending;

import io.dynosend.relay.ConfiguredRelay;
import io.dynosend.relay.RelayAddresses;
import io.dynosend.relay.RelayHealth;
import io.dynosend.sending.CircuitBreaker.Failing;
import io.dynosend.smtp.Dialer;
import io.dynosend.smtp.RelayUnavailable;
import io.dynosend.smtp.SmtpConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections to one relay. A courier enters, uses one connection after the other, and leaves.
 */
final class RelayPool implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(RelayPool.class);

    // Servers hang up on idle clients; one that is likely gone is not worth the attempt.
    private static final Duration FRESH = Duration.ofSeconds(10);

    // Singles that find no room come back sooner than that.
    private static final Duration WANTED = Duration.ofSeconds(3);

    // Somebody is just trying.
    private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);

    private record Idle(SmtpConnection connection, Instant since) {}

    private final ConfiguredRelay relay;
    private final Nodes nodes;
    private final InstantSource clock;
    private final Dialer dialer;
    private final CircuitBreaker breaker;
    private final AtomicInteger inside = new AtomicInteger();
    private final ConcurrentLinkedDeque<Idle> idle = new ConcurrentLinkedDeque<>();
    private final LongAdder accepted = new LongAdder();
    private final LongAdder deferred = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private volatile Instant wantedUntil = Instant.MIN;

    RelayPool(ConfiguredRelay relay, Nodes nodes, InstantSource clock) {
        this.relay = relay;
        this.nodes = nodes;
        this.clock = clock;
        this.dialer = new Dialer(relay.timeouts(), RelayAddresses.dialled(relay.trusted()));
        this.breaker = new CircuitBreaker(clock);
    }

    ConfiguredRelay relay() {
        return relay;
    }

    /**
     * Lets a courier in if the relay works and has a connection left. Whoever is in must {@link
     * #leave}.
     *
     * @param bulk who also makes room for those with single messages
     */
    boolean enter(boolean bulk) {
        int limit = limit();
        if (bulk && limit > 1) limit--;
        if (bulk && isWanted()) return false;
        int present;
        do {
            present = inside.get();
            if (present >= limit) {
                if (!bulk) wantedUntil = clock.instant().plus(WANTED);
                return false;
            }
        } while (!inside.compareAndSet(present, present + 1));
        if (!bulk) wantedUntil = Instant.MIN;
        if (breaker.allows()) return true;
        inside.decrementAndGet();
        return false;
    }

    void leave() {
        breaker.notTried();
        inside.decrementAndGet();
    }

    /** Whether bulk mail should go home: single messages have found no connection. */
    boolean isWanted() {
        return clock.instant().isBefore(wantedUntil);
    }

    /** Until the relay is tried again; zero if it works, as far as this node knows. */
    Duration untilNextTry() {
        if (breaker.isClosed()) return Duration.ZERO;
        return breaker.failing()
                .map(failing -> Duration.between(clock.instant(), failing.nextTryAt()))
                .filter(Duration::isPositive)
                .orElse(SHORTEST_WAIT);
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
            var connection = dialer.open(relay.relay());
            if (breaker.succeeded()) log.info("The relay {} takes mail again", relay.relay());
            return connection;
        } catch (RelayUnavailable e) {
            failed(String.valueOf(e.getMessage()));
            throw e;
        }
    }

    /** The relay works no more, whoever dials it. */
    void failed(String cause) {
        close();
        breaker.failed(cause)
                .ifPresent(pause ->
                        log.warn(
                                "The relay {} takes no mail: {}. What has no other relay waits;"
                                        + " next try in {} seconds",
                                relay.relay(),
                                cause,
                                pause.toSeconds()));
    }

    /** Whether so many messages have gone through it that the relay wants a new one. */
    boolean isSpent(SmtpConnection connection) {
        Integer most = relay.limits().perConnection();
        return most != null && connection.messages() >= most;
    }

    /** Takes back a connection between two messages; closes one that is of no more use. */
    void giveBack(@Nullable SmtpConnection connection) {
        if (connection == null) return;
        if (connection.usable() && !isSpent(connection)) {
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

    void count(Outcome outcome) {
        switch (outcome) {
            case Outcome.Sent _ -> accepted.increment();
            case Outcome.Deferred _ -> deferred.increment();
            case Outcome.Failed _ -> refused.increment();
            case Outcome.Unknown _ -> {}
        }
    }

    RelayHealth health() {
        var failing = breaker.failing();
        return new RelayHealth(
                inside.get() + idle.size(),
                accepted.sum(),
                deferred.sum(),
                refused.sum(),
                failing.map(Failing::cause).orElse(null),
                failing.map(Failing::since).orElse(null),
                failing.map(Failing::nextTryAt).orElse(null));
    }

    @Override
    public void close() {
        Idle next;
        while ((next = idle.pollFirst()) != null) next.connection().close();
    }

    private int limit() {
        Integer limit = relay.limits().connections();
        return limit == null ? Integer.MAX_VALUE : nodes.share(limit);
    }

    private boolean isFresh(Idle entry) {
        return entry.since().plus(FRESH).isAfter(clock.instant());
    }
}
