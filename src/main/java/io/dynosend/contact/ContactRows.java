package io.dynosend.contact;

import static io.dynosend.common.Sql.instant;

import io.dynosend.common.EmailAddress;
import io.dynosend.common.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.statement.Query;

/** How a contact stands in its table. */
final class ContactRows {

    /** Of the table's alias {@code c}. */
    static final String COLUMNS =
            """
            c.id, c.audience_id, c.uid, c.email, c.status, c.source, c.ip_address, c.tags,
            c.fields, c.created_at, c.updated_at
            """;

    private static final int FETCHED_AT_ONCE = 50;
    private static final int CHARS_AT_ONCE = 2_000_000;

    private ContactRows() {}

    /**
     * The first contacts that a query finds: as many as take little room, at least one if there is
     * any. Needs a transaction, or the driver reads them all.
     */
    static List<Contact> some(Query query) {
        var some = new ArrayList<Contact>();
        var found = query.setFetchSize(FETCHED_AT_ONCE).map((row, _) -> contact(row));
        int chars = 0;
        try (var contacts = found.iterator()) {
            while (chars < CHARS_AT_ONCE && contacts.hasNext()) {
                var contact = contacts.next();
                some.add(contact);
                chars += CustomFields.length(contact.fields());
            }
        }
        return some;
    }

    static Contact contact(ResultSet row) throws SQLException {
        return new Contact(
                row.getLong("id"),
                row.getLong("audience_id"),
                row.getString("uid"),
                new EmailAddress(row.getString("email")),
                ContactStatus.of(row.getString("status")),
                row.getString("source"),
                row.getString("ip_address"),
                texts(row, "tags"),
                Json.strings(row.getString("fields")),
                instant(row, "created_at"),
                instant(row, "updated_at"));
    }

    static List<String> texts(ResultSet row, String column) throws SQLException {
        return List.of((String[]) row.getArray(column).getArray());
    }
}
