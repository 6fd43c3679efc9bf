package io.dynosend.smtp;

/** A connection to the relay could not be brought to where it takes messages. */
public final class RelayUnavailable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Phase phase;

    RelayUnavailable(Phase phase, String message) {
        super(message, null, false, false);
        this.phase = phase;
    }

    public Phase phase() {
        return phase;
    }
}
