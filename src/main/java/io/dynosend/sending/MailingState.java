package io.dynosend.sending;

import java.util.Locale;

/** Where a mailing stands. */
public enum MailingState {
    QUEUED,
    SENDING,
    PAUSED,
    DONE,
    ERROR;

    public static MailingState of(String wire) {
        return valueOf(wire.toUpperCase(Locale.ROOT));
    }

    /** The spelling in the database and in the API. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
