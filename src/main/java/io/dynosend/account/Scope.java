package io.dynosend.account;

import java.util.Locale;

/** A part of the API that a token can be narrowed to. */
public enum Scope {
    /** Audiences, contacts, events, imports and the blacklist. */
    CONTACTS,
    CAMPAIGNS,
    TRANSACTIONAL;

    /** The spelling in the database and on the command line. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
