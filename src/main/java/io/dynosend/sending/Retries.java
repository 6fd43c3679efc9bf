package io.dynosend.sending;

import java.time.Duration;

/** How often and when a message is tried again: about a day in all. */
final class Retries {

    static final int MOST_TRIES = 12;

    private static final int LONGEST_MINUTES = 240;

    private Retries() {}

    /**
     * 1, 2, 4 … minutes, at most four hours.
     *
     * @param tries that went before the one that has failed now
     */
    static Duration backoff(int tries) {
        return Duration.ofMinutes(Math.min(1L << tries, LONGEST_MINUTES));
    }
}
