package io.dynosend.sending;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What became of one delivery. */
public sealed interface Outcome {

    /** The relay has taken it. */
    record Sent(String reply) implements Outcome {}

    /** The receiver has refused it for now; it is tried again after the delay. */
    record Deferred(String reply, Duration delay) implements Outcome {}

    /**
     * It will not arrive.
     *
     * @param reason for humans
     * @param reply the receiver's, if one refused it
     * @param bounce how the receiver refused the recipient
     */
    record Failed(String reason, @Nullable String reply, Bounce bounce) implements Outcome {}

    /** The final dot was written and nobody answered: only evidence can tell. */
    record Unknown(String reason) implements Outcome {}

    /**
     * Whether the receiver refused the message, and whether it would refuse every other one too.
     */
    enum Bounce {
        NONE,
        SOFT,
        HARD
    }
}
