package io.dynosend.sending;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** How often and when a message is tried again. */
final class Retries {

    /** Of a single message whose sender stops each time that it is sent. */
    static final int MOST_TRIES = 12;

    private static final int LONGEST_MINUTES = 240;
    private static final double JITTER = 0.2;

    private Retries() {}

    /**
     * 1, 2, 4 … minutes, at most four hours, and up to a fifth more or less, so that what was
     * deferred together does not come again together.
     *
     * @param tries that went before the one that has failed now
     */
    static Duration backoff(int tries) {
        long minutes = Math.min(1L << Math.min(tries, Integer.SIZE), LONGEST_MINUTES);
        double factor = ThreadLocalRandom.current().nextDouble(1 - JITTER, 1 + JITTER);
        return Duration.ofMillis((long) (Duration.ofMinutes(minutes).toMillis() * factor));
    }
}
