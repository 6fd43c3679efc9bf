package io.dynosend.sending;

import io.dynosend.smtp.Relay;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All couriers of this node: each a virtual thread with a chunk and a connection of its own. */
public final class Couriers implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Couriers.class);

    private static final int AT_ONCE = 20;

    // RFC 5321 §4.5.3.2.6 grants a receiver ten minutes to answer the dot; who shuts down waits
    // less, and what is not answered by then is unknown.
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(30);

    private final Ledger ledger;
    private final Composer composer;
    private final LedgerWriter writer;
    private final RelayConnections connections;
    private final Semaphore idle = new Semaphore(AT_ONCE);
    private volatile boolean stopping;

    public Couriers(
            Jdbi jdbi,
            Ledger ledger,
            Composer composer,
            BounceListener bounces,
            Relay relay,
            InstantSource clock) {
        this.ledger = ledger;
        this.composer = composer;
        this.writer = new LedgerWriter(jdbi, bounces);
        this.connections = new RelayConnections(relay, clock);
    }

    /**
     * Sends couriers out as long as one is idle and a chunk is due. Waits for an idle one, but not
     * for what they deliver.
     *
     * @return how many went out
     */
    public int sendOut() {
        int out = 0;
        while (!stopping && !connections.paused() && oneIsIdle()) {
            if (!sendOne()) break;
            out++;
        }
        connections.closeStale();
        return out;
    }

    private boolean sendOne() {
        Optional<Chunk> chunk = Optional.empty();
        try {
            chunk = ledger.claim();
        } finally {
            // Claiming fails while the database is away; the permit must not be lost with it.
            if (chunk.isEmpty()) idle.release();
        }
        chunk.ifPresent(
                claimed -> Thread.ofVirtual().name("courier").start(() -> deliver(claimed)));
        return chunk.isPresent();
    }

    /**
     * Lets every courier finish the message whose dot is out, gives the chunks back and hangs up.
     */
    @Override
    public void close() {
        stopping = true;
        try {
            if (!idle.tryAcquire(AT_ONCE, LAST_ANSWERS.toMillis(), TimeUnit.MILLISECONDS)) {
                log.warn(
                        "{} messages were not answered within {} seconds: they will be unknown",
                        AT_ONCE - idle.availablePermits(),
                        LAST_ANSWERS.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        writer.close();
        connections.close();
    }

    private void deliver(Chunk chunk) {
        try {
            new Courier(chunk, composer, writer, connections, () -> stopping).deliver();
        } finally {
            idle.release();
        }
    }

    private boolean oneIsIdle() {
        try {
            return idle.tryAcquire(500, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
