package io.dynosend.contact;

import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * Hears of who joins and leaves, within the transaction that does it. Not told: imports, changes of
 * the status by the API, and confirmations, whose caller knows.
 */
public interface SubscriptionListener {

    /** A contact of an account who joined or left, as it is now. */
    record Subscription(long account, Contact contact) {}

    /**
     * They are new: subscribed, or unconfirmed where their audience wants a confirmation. Never
     * empty.
     */
    void created(Handle tx, List<Subscription> contacts);

    /** The contact followed the link out. */
    void left(Handle tx, Subscription contact);
}
