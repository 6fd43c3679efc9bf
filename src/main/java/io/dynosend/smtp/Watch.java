package io.dynosend.smtp;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Closes a connection under whoever waits on it for too long, for a byte or to be rid of one. Costs
 * a waiter two writes to memory: it looks now and then instead of setting an alarm for each wait.
 */
final class Watch {

    private static final long RESTING = 0;
    private static final long LONGEST_LOOK_MILLIS = 1_000;

    private static final ScheduledThreadPoolExecutor LOOKS = looks();

    private final Runnable end;
    private final ScheduledFuture<?> looking;
    private volatile long until = RESTING;
    private volatile boolean expired;

    /**
     * @param shortest of all waits; it looks four times as often, but at least each second
     * @param end is run once, when a wait is over
     */
    Watch(Duration shortest, Runnable end) {
        this.end = end;
        long every = Math.clamp(shortest.toMillis() / 4, 1, LONGEST_LOOK_MILLIS);
        this.looking =
                LOOKS.scheduleWithFixedDelay(this::look, every, every, TimeUnit.MILLISECONDS);
    }

    /** A wait begins, and ends the one before it. */
    void allow(Duration wait) {
        // Resting is said with a zero, which no moment is.
        until = (System.nanoTime() + wait.toNanos()) | 1;
    }

    void rest() {
        until = RESTING;
    }

    boolean expired() {
        return expired;
    }

    void stop() {
        looking.cancel(false);
    }

    private void look() {
        long end = until;
        if (end == RESTING || System.nanoTime() - end < 0) return;
        expired = true;
        stop();
        this.end.run();
    }

    private static ScheduledThreadPoolExecutor looks() {
        var looks =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().name("smtp-watch").daemon().factory());
        looks.setRemoveOnCancelPolicy(true);
        return looks;
    }
}
