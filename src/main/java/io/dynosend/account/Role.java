package io.dynosend.account;

import java.util.Locale;

/** What a user may do in an account. */
public enum Role {
    OWNER,
    ADMIN,
    MARKETER,
    VIEWER,
    /** A program: all that the API offers, and no sign-in. */
    API;

    public static Role of(String wire) {
        return valueOf(wire.toUpperCase(Locale.ROOT));
    }

    /** The spelling in the database and on the command line. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether they may change anything. */
    public boolean writes() {
        return this != VIEWER;
    }

    /** Whether they administer the account: its users, domains and relays. */
    public boolean administers() {
        return this == OWNER || this == ADMIN;
    }

    /**
     * Whether they may change how mail leaves: relays and sending domains. Who could name a relay
     * could read there what is written to others, such as links to a new password.
     */
    public boolean changesSending() {
        return administers() || this == API;
    }

    /** Whether they may subscribe a contact that has not confirmed (GDPR Art. 7(1)). */
    public boolean ignoresDoubleOptIn() {
        return administers() || this == API;
    }
}
