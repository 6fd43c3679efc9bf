package io.dynosend.contact;

import static io.dynosend.common.Sql.column;

import io.dynosend.common.EmailAddress;
import io.dynosend.contact.Contacts.Address;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** Finds the contacts of addresses, and makes those that are missing. */
final class Ensuring {

    // Locked, so that what the caller writes about them is there to be found when they are erased.
    private static final String FIND =
            """
            SELECT q.account_id, q.audience_id, q.email, c.id
            FROM unnest(:accounts, :audiences, :emails) AS q (account_id, audience_id, email)
            CROSS JOIN LATERAL (
                SELECT l.id
                FROM contact l
                WHERE l.account_id = q.account_id AND l.audience_id = q.audience_id
                  AND l.email = q.email
                FOR KEY SHARE
            ) c
            """;

    private final Creations creations;

    Ensuring(Creations creations) {
        this.creations = creations;
    }

    List<Long> ensure(Handle tx, List<Address> wanted, Actor actor) {
        var ids = find(tx, wanted);
        while (!ids.keySet().containsAll(wanted)) {
            var missing =
                    wanted.stream().distinct().filter(each -> !ids.containsKey(each)).toList();
            creations.createSilently(tx, missing, actor);
            ids.putAll(find(tx, missing));
        }
        return wanted.stream().map(ids::get).toList();
    }

    private static Map<Address, Long> find(Handle tx, List<Address> wanted) {
        var ids = new HashMap<Address, Long>();
        tx.createQuery(FIND)
                .bindArray("accounts", Long.class, column(wanted, Address::account))
                .bindArray("audiences", Long.class, column(wanted, Address::audience))
                .bindArray("emails", String.class, column(wanted, each -> each.email().value()))
                .map((row, _) ->
                        ids.put(
                                new Address(
                                        row.getLong("account_id"),
                                        row.getLong("audience_id"),
                                        new EmailAddress(row.getString("email"))),
                                row.getLong("id")))
                .list();
        return ids;
    }
}
