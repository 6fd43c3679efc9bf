package io.dynosend.contact;

import static io.dynosend.common.Sql.instant;

import io.dynosend.common.EmailAddress;
import io.dynosend.common.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** How a contact stands in its table. */
final class ContactRows {

    /** Of the table's alias {@code c}. */
    static final String COLUMNS =
            """
            c.id, c.audience_id, c.uid, c.email, c.status, c.source, c.ip_address, c.tags,
            c.fields, c.created_at, c.updated_at
            """;

    private ContactRows() {}

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
