package io.dynosend.sending;

import io.dynosend.smtp.Relay;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All couriers of this node: each a virtual thread with a chunk and a connection of its own. */
public final class Couriers implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Couriers.class);

    // A single message never waits for a courier who is out with bulk mail.
    private static final int FOR_SINGLES = 8;

    // RFC 5321 §4.5.3.2.6 grants a receiver ten minutes to answer the dot; who shuts down waits
    // less, and what is not answered by then is unknown.
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(30);

    private final Ledger ledger;
    private final Composer composer;
    private final Composer storedMessages;
    private final LedgerWriter writer;
    private final RelayConnections connections;
    private final int forBulk;
    private final Semaphore idleForBulk;
    private final Semaphore idleForSingles = new Semaphore(FOR_SINGLES);
    private volatile boolean stopping;

    /**
     * @param composer of bulk mail; a single message is sent as it is stored
     * @param forBulk how many couriers carry bulk mail at the same time
     */
    public Couriers(
            Jdbi jdbi,
            Ledger ledger,
            Composer composer,
            BounceListener bounces,
            Relay relay,
            int forBulk,
            InstantSource clock) {
        this.ledger = ledger;
        this.forBulk = forBulk;
        this.idleForBulk = new Semaphore(forBulk);
        this.composer = composer;
        this.storedMessages = new StoredMessages(jdbi);
        this.writer = new LedgerWriter(jdbi, ledger, bounces, clock);
        this.connections = new RelayConnections(relay, clock);
    }

    /**
     * Sends couriers out with bulk mail as long as one is idle and a chunk is due. Waits for an
     * idle one, but not for what they deliver.
     *
     * @return how many went out
     */
    public int sendOut() {
        int out = 0;
        while (mayGo() && oneIsIdle(idleForBulk)) {
            var chunk = claim(idleForBulk, 1, _ -> ledger.claim().stream().toList());
            if (chunk.isEmpty()) break;
            deliver(chunk, idleForBulk);
            out++;
        }
        connections.closeStale();
        return out;
    }

    /**
     * As {@link #sendOut}, with single messages, one to a courier.
     *
     * @return how many went out
     */
    public int sendSingles() {
        int out = 0;
        while (mayGo() && oneIsIdle(idleForSingles)) {
            int couriers = 1 + idleForSingles.drainPermits();
            var due = claim(idleForSingles, couriers, ledger::claimSingles);
            if (due.isEmpty()) break;
            deliver(due, idleForSingles);
            out += due.size();
        }
        return out;
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
        connections.close();
    }

    private boolean mayGo() {
        return !stopping && !connections.paused();
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
            new Courier(chunk, messages, writer, connections, () -> stopping).deliver();
        } finally {
            idle.release();
        }
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
