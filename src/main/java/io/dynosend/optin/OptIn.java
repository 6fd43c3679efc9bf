package io.dynosend.optin;

/**
 * A subscription as the holder of its confirmation link sees it.
 *
 * @param audience its name
 */
public record OptIn(State state, String email, String audience) {

    public enum State {
        /** The link confirms it. */
        WAITING,
        /** The link was good for some days only, and they are over. */
        EXPIRED,
        /** There is nothing to confirm any more. */
        CONFIRMED,
        /** The contact has left since; an old link does not bring it back. */
        LEFT
    }
}
