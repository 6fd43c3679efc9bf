package io.dynosend.contact;

import io.dynosend.common.EmailAddress;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * Hears of who joins and leaves, within the transaction that does it. Not told: imports, changes of
 * the status by the API, and confirmations, whose caller knows.
 */
public interface SubscriptionListener {

    /** A contact who joined or left; all are ids but the address. */
    record Subscription(long account, long audience, long contact, EmailAddress email) {}

    /** Nobody listens. */
    SubscriptionListener NONE =
            new SubscriptionListener() {
                @Override
                public void createdUnconfirmed(Handle tx, List<Subscription> contacts) {}

                @Override
                public void subscribed(Handle tx, List<Subscription> contacts) {}

                @Override
                public void left(Handle tx, Subscription contact) {}
            };

    /** They are new, and their audience wants a confirmation. Never empty. */
    void createdUnconfirmed(Handle tx, List<Subscription> contacts);

    /** They are new, and subscribed at once. Never empty. */
    void subscribed(Handle tx, List<Subscription> contacts);

    /** The contact followed the link out. */
    void left(Handle tx, Subscription contact);
}
