package io.dynosend.contact;

import io.dynosend.common.EmailAddress;
import io.dynosend.common.Problem.NotFound;
import io.dynosend.contact.Erasure.Erased;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** Erases a contact: first wherever else something is kept, then here. */
final class Deletion {

    // Whoever is writing about the contact is waited for, and finds it gone after.
    private static final String LOCK =
            "SELECT email FROM contact WHERE account_id = :account AND id = :id FOR UPDATE";

    private static final String FORMER_ADDRESSES =
            """
            SELECT DISTINCT detail -> 'email' ->> 'from'
            FROM contact_activity
            WHERE account_id = :account AND contact_id = :id AND detail -> 'email' ->> 'from' IS NOT NULL
            """;

    // The click that confirms may come while it is being decided.
    private static final String LOCK_UNCONFIRMED =
            """
            SELECT FROM contact
            WHERE account_id = :account AND id = :id AND status = 'unconfirmed'
            FOR UPDATE
            """;

    // A file may be called anything, after the one person in it too.
    private static final String FORGET_FILE_NAMES =
            """
            UPDATE contact_import
            SET file_name = ''
            WHERE account_id = :account
              AND EXISTS (
                  SELECT FROM unnest(:addresses) AS a WHERE strpos(lower(file_name), a) > 0)
            """;

    // Rows that were not imported, kept to be mended.
    private static final String FORGET_ROWS =
            """
            UPDATE contact_import_rejection
            SET cells = NULL
            WHERE account_id = :account AND cells IS NOT NULL
              AND EXISTS (
                  SELECT FROM unnest(cells) AS cell, unnest(:addresses) AS a
                  WHERE strpos(lower(cell), a) > 0)
            """;

    // Fields and tags are columns; activity and events go with the row.
    private static final String DELETE =
            "DELETE FROM contact WHERE account_id = :account AND id = :id";

    private final List<Erasure> erasures;

    Deletion(List<? extends Erasure> erasures) {
        this.erasures = List.copyOf(erasures);
    }

    Erased delete(Handle tx, long account, long contact) {
        var erased = new Erased(account, contact, addresses(tx, account, contact));
        sweep(tx, erased);
        tx.createUpdate(FORGET_FILE_NAMES)
                .bind("account", account)
                .bindArray(
                        "addresses",
                        String.class,
                        erased.addresses().stream().map(EmailAddress::value).toList())
                .execute();
        tx.createUpdate(FORGET_ROWS)
                .bind("account", account)
                .bindArray(
                        "addresses",
                        String.class,
                        erased.addresses().stream().map(EmailAddress::value).toList())
                .execute();
        tx.createUpdate(DELETE).bind("account", account).bind("id", contact).execute();
        return erased;
    }

    /** Empty if the contact is not unconfirmed, or is gone. */
    Optional<Erased> deleteUnconfirmed(Handle tx, long account, long contact) {
        boolean unconfirmed =
                tx.createQuery(LOCK_UNCONFIRMED)
                        .bind("account", account)
                        .bind("id", contact)
                        .map((_, _) -> true)
                        .findOne()
                        .orElse(false);
        return unconfirmed ? Optional.of(delete(tx, account, contact)) : Optional.empty();
    }

    void sweep(Handle tx, Erased erased) {
        erasures.forEach(each -> each.erase(tx, erased));
    }

    private static Set<EmailAddress> addresses(Handle tx, long account, long contact) {
        var addresses = new HashSet<EmailAddress>();
        addresses.add(
                tx.createQuery(LOCK)
                        .bind("account", account)
                        .bind("id", contact)
                        .mapTo(String.class)
                        .findOne()
                        .map(EmailAddress::new)
                        .orElseThrow(() -> new NotFound("Contact")));
        tx.createQuery(FORMER_ADDRESSES)
                .bind("account", account)
                .bind("id", contact)
                .mapTo(String.class)
                .forEach(address -> addresses.add(new EmailAddress(address)));
        return addresses;
    }
}
