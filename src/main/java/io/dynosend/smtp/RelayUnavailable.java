package io.dynosend.smtp;

import org.jspecify.annotations.Nullable;

/** A connection to the relay could not be brought to where it takes messages. */
public final class RelayUnavailable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Phase phase;
    private final transient @Nullable Reply reply;

    RelayUnavailable(Phase phase, String message) {
        super(message, null, false, false);
        this.phase = phase;
        this.reply = null;
    }

    RelayUnavailable(Phase phase, Reply reply) {
        super("it answered " + reply, null, false, false);
        this.phase = phase;
        this.reply = reply;
    }

    public Phase phase() {
        return phase;
    }

    /** What the relay answered, if that was the reason. */
    public @Nullable Reply reply() {
        return reply;
    }
}
