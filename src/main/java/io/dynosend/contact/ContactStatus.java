package io.dynosend.contact;

import java.util.Locale;

/** Whether a contact may be mailed: only a subscribed one may. */
public enum ContactStatus {
    SUBSCRIBED,
    UNSUBSCRIBED,
    UNCONFIRMED;

    public static ContactStatus of(String wire) {
        return valueOf(wire.toUpperCase(Locale.ROOT));
    }

    /** The spelling in the database and in the API. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
