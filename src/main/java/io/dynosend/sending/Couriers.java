package io.dynosend.sending;

import io.dynosend.relay.RelayHealth;
import io.dynosend.relay.RelayHealths;
import io.dynosend.relay.Relays;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All couriers of this node: each a virtual thread with a chunk and a connection of its own. */
public final class Couriers implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Couriers.class);

    // A single message never waits for a courier who is out with bulk mail.
    private static final int FOR_SINGLES = 8;

    // So many accounts have their mail on its way at once before the couriers are all out.
    private static final int TURNS_OF_ALL = 4;

    private static final Duration NODE_SEEN = Duration.ofSeconds(10);

    // RFC 5321 §4.5.3.2.6 grants a receiver ten minutes to answer the dot; who shuts down waits
    // less, and what is not answered by then is unknown.
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(30);

    private final Ledger ledger;
    private final Composer composer;
    private final Composer storedMessages;
    private final LedgerWriter writer;
    private final RelayPools pools;
    private final Nodes nodes;
    private final Pacing pacing;
    private final Jdbi jdbi;
    private final InstantSource clock;
    private final Duration retriedFor;
    private final Map<Long, Instant> resting = new ConcurrentHashMap<>();
    private final int forBulk;
    private final int mostInATurn;
    private final Semaphore idleForBulk;
    private final Semaphore idleForSingles = new Semaphore(FOR_SINGLES);
    private volatile boolean stopping;

    /**
     * @param composer of bulk mail; a single message is sent as it is stored
     * @param forBulk how many couriers carry bulk mail at the same time
     * @param retriedFor how long a message is tried again after it has been deferred first
     */
    public Couriers(
            Jdbi jdbi,
            Ledger ledger,
            Composer composer,
            BounceListener bounces,
            Relays relays,
            RelayHealths healths,
            int forBulk,
            Duration retriedFor,
            InstantSource clock) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.ledger = ledger;
        this.retriedFor = retriedFor;
        this.forBulk = forBulk;
        this.mostInATurn = Math.max(1, forBulk / TURNS_OF_ALL);
        this.idleForBulk = new Semaphore(forBulk);
        this.composer = composer;
        this.storedMessages = new StoredMessages(jdbi);
        this.writer = new LedgerWriter(jdbi, ledger, bounces, clock);
        this.nodes = new Nodes(ledger.node(), NODE_SEEN.toSeconds());
        this.pacing = new Pacing(jdbi, clock);
        this.pools = new RelayPools(relays, healths, ledger.node(), nodes, clock);
    }

    /**
     * Sends couriers out with bulk mail as long as one is idle and a chunk is due. Waits for an
     * idle one, but not for what they deliver.
     *
     * @return how many went out
     */
    public int sendOut() {
        int out = 0;
        while (!stopping && oneIsIdle(idleForBulk)) {
            int couriers = 1 + moreIdle(mostInATurn - 1);
            var due = claim(idleForBulk, couriers, most -> ledger.claim(resting(), most));
            if (due.isEmpty()) break;
            deliver(due, idleForBulk);
            out += due.size();
        }
        pools.closeStale();
        return out;
    }

    /**
     * As {@link #sendOut}, with single messages, one to a courier.
     *
     * @return how many went out
     */
    public int sendSingles() {
        int out = 0;
        while (!stopping && oneIsIdle(idleForSingles)) {
            int couriers = 1 + idleForSingles.drainPermits();
            var due = claim(idleForSingles, couriers, ledger::claimSingles);
            if (due.isEmpty()) break;
            deliver(due, idleForSingles);
            out += due.size();
        }
        return out;
    }

    /**
     * Learns what the other nodes have learned of relays and receivers, and tells them. Called
     * every few seconds.
     */
    public void meetOthers() {
        jdbi.useHandle(nodes::greet);
        pacing.receivers().refresh();
        pools.report();
    }

    /** What they have done since the start. */
    public LedgerMeters meters() {
        return ledger.meters();
    }

    /** How this node sees its relays, by uid. */
    public Map<String, RelayHealth> relayHealth() {
        return pools.health();
    }

    /**
     * Lets every courier finish the message whose dot is out, gives the chunks back and hangs up.
     */
    @Override
    public void close() {
        stopping = true;
        try {
            var until = Instant.now().plus(LAST_ANSWERS);
            int out =
                    stillOut(idleForBulk, forBulk, until)
                            + stillOut(idleForSingles, FOR_SINGLES, until);
            if (out > 0) {
                log.warn(
                        "{} messages were not answered within {} seconds: bulk will be unknown,"
                                + " single messages are sent again",
                        out,
                        LAST_ANSWERS.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        writer.close();
        pools.close();
        leave();
    }

    // The others need not wait until this node is missed.
    private void leave() {
        try {
            jdbi.useHandle(nodes::leave);
        } catch (JdbiException e) {
            log.warn("The other nodes are not told that this one stops: {}", e.getMessage());
        }
    }

    private Set<Long> resting() {
        var now = clock.instant();
        resting.values().removeIf(until -> !now.isBefore(until));
        return Set.copyOf(resting.keySet());
    }

    /** Whoever finds nothing to deliver is idle again, also when claiming fails. */
    private static List<Chunk> claim(
            Semaphore idle, int couriers, IntFunction<List<Chunk>> claiming) {
        List<Chunk> due = List.of();
        try {
            due = claiming.apply(couriers);
        } finally {
            idle.release(couriers - due.size());
        }
        return due;
    }

    private void deliver(List<Chunk> chunks, Semaphore idle) {
        for (var chunk : chunks) {
            Thread.ofVirtual().name("courier").start(() -> deliver(chunk, idle));
        }
    }

    private void deliver(Chunk chunk, Semaphore idle) {
        try {
            var messages = chunk.bulk() ? composer : storedMessages;
            var courier =
                    new Courier(chunk, messages, writer, pools, pacing, retriedFor, () -> stopping);
            var round = courier.deliver();
            if (round.rest().isPositive()) {
                resting.put(chunk.mailing(), clock.instant().plus(round.rest()));
            }
        } finally {
            idle.release();
        }
    }

    private int moreIdle(int most) {
        int more = Math.min(most, idleForBulk.availablePermits());
        return more > 0 && idleForBulk.tryAcquire(more) ? more : 0;
    }

    private static boolean oneIsIdle(Semaphore idle) {
        try {
            return idle.tryAcquire(500, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Waits for the couriers of one kind. */
    private static int stillOut(Semaphore idle, int all, Instant until)
            throws InterruptedException {
        long left = Math.max(0, Duration.between(Instant.now(), until).toMillis());
        return idle.tryAcquire(all, left, TimeUnit.MILLISECONDS)
                ? 0
                : all - idle.availablePermits();
    }
}
