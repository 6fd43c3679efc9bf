package io.dynosend.contact;

import io.dynosend.common.EmailAddress;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** Whoever keeps something about contacts, and forgets it with them (GDPR Art. 17). */
public interface Erasure {

    /**
     * Who is to be forgotten.
     *
     * @param contact the id
     * @param addresses the present one, and all it had before
     */
    record Erased(long account, long contact, Set<EmailAddress> addresses) {}

    /**
     * Removes everything that tells of the person, and leaves the counts as they are. Called within
     * the transaction that deletes the contact, whose row is locked, and once more after it.
     */
    void erase(Handle tx, Erased erased);
}
