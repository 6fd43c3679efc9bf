package io.dynosend.jobs;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does one thing again and again until it is closed, whatever happens. */
final class Loop implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Loop.class);

    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);
    private static final Duration LAST_ROUND = Duration.ofSeconds(30);

    private final String name;
    private final Duration pause;
    private final Runnable round;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;

    /**
     * @param name for logs: what is not done while it fails
     * @param pause between two rounds
     */
    Loop(String name, Duration pause, Runnable round) {
        this.name = name;
        this.pause = pause;
        this.round = round;
        this.thread = Thread.ofVirtual().name(name).start(this::run);
    }

    /** Waits for the round that is under way. */
    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join(LAST_ROUND);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        boolean failed = false;
        do {
            try {
                round.run();
                if (failed) log.info("{}: works again", name);
                failed = false;
            } catch (RuntimeException | Error e) {
                if (!failed) log.error("{}: failed; trying again every second", name, e);
                failed = true;
            }
        } while (!closed(failed ? AFTER_FAILURE : pause));
    }

    private boolean closed(Duration within) {
        try {
            return closing.await(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return true;
        }
    }
}
