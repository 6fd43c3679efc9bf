package io.dynosend.sending;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Jdbi;

/**
 * Messages a second that all nodes share. Each takes them in blocks from the one clock in the
 * database and spends them one by one, evenly.
 */
final class Allowances {

    /** Who must wait longer had better do something else, and has taken nothing. */
    static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final double BLOCK_SECONDS = 0.25;
    private static final int LARGEST_BLOCK = 1_000;
    private static final int IN_MEMORY = 10_000;

    // A block begins where the last one ended, or now. Nobody takes what begins beyond patience.
    private static final String TAKE =
            """
            INSERT INTO allowance AS a (what, free_at)
            VALUES (:what, clock_timestamp() + make_interval(secs => :seconds))
            ON CONFLICT (what) DO UPDATE
            SET free_at = greatest(a.free_at, clock_timestamp()) + make_interval(secs => :seconds)
            WHERE a.free_at < clock_timestamp() + make_interval(secs => :patience)
            RETURNING extract(epoch FROM a.free_at - clock_timestamp()) - :seconds
            """;

    private static final String WAIT =
            """
            SELECT extract(epoch FROM free_at - clock_timestamp())
            FROM allowance
            WHERE what = :what
            """;

    private static final class Block {
        private long nextNanos;
        private long spacingNanos;
        private int left;
        private double rate;
        private long fullUntilNanos;
        private boolean full;
    }

    private final Jdbi jdbi;
    private final Cache<String, Block> blocks =
            Caffeine.newBuilder().maximumSize(IN_MEMORY).build();

    Allowances(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /**
     * Takes one message.
     *
     * @param what the limit is of
     * @param rate messages a second, above 0
     * @return how long to wait before it; above {@link #PATIENCE}: nothing is taken, and there will
     *     be nothing earlier
     */
    Duration take(String what, double rate) {
        if (rate == Double.POSITIVE_INFINITY) return Duration.ZERO;
        var block = blocks.get(what, _ -> new Block());
        synchronized (block) {
            long now = System.nanoTime();
            if (block.full && now - block.fullUntilNanos < 0) {
                return Duration.ofNanos(block.fullUntilNanos - now).plus(PATIENCE);
            }
            block.full = false;
            if (block.left == 0 || block.rate != rate) {
                double wait = fetch(block, what, rate);
                if (block.left == 0) return Duration.ofMillis((long) (wait * 1_000) + 1);
            }
            long at = block.nextNanos;
            block.nextNanos += block.spacingNanos;
            block.left--;
            return Duration.ofNanos(Math.max(0, at - System.nanoTime()));
        }
    }

    // Seconds; nothing is taken if they are beyond patience.
    private double fetch(Block block, String what, double rate) {
        int size = Math.clamp(Math.round(rate * BLOCK_SECONDS), 1, LARGEST_BLOCK);
        var wait =
                jdbi.withHandle(db ->
                        db.createQuery(TAKE)
                                .bind("what", what)
                                .bind("seconds", size / rate)
                                .bind("patience", PATIENCE.toMillis() / 1_000.0)
                                .mapTo(Double.class)
                                .findOne());
        long now = System.nanoTime();
        if (wait.isEmpty()) {
            double free =
                    jdbi.withHandle(db ->
                            db.createQuery(WAIT)
                                    .bind("what", what)
                                    .mapTo(Double.class)
                                    .findOne()
                                    .orElse(0.0));
            block.left = 0;
            block.full = true;
            double over = Math.max(0, free - PATIENCE.toSeconds());
            block.fullUntilNanos = now + nanos(over);
            return Math.max(free, (double) PATIENCE.toSeconds());
        }
        block.rate = rate;
        block.left = size;
        block.spacingNanos = nanos(1 / rate);
        block.nextNanos = now + nanos(Math.max(0, wait.get()));
        return wait.get();
    }

    private static long nanos(double seconds) {
        return (long) (seconds * TimeUnit.SECONDS.toNanos(1));
    }
}
