package io.dynosend.pages;

/** Which mail leaves this machine. */
public enum Leaving {
    /** None: there is no relay, and all of it stays in the built-in mailbox. */
    NOTHING,
    /** That of accounts with a relay of their own. */
    SOME,
    /** All: the operator has named a relay. */
    ALL
}
