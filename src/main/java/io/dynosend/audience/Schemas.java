package io.dynosend.audience;

import io.dynosend.common.Sql;
import io.dynosend.database.Batcher;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Looks audiences up together with their fields: nearly every call about a contact begins so. */
final class Schemas {

    private static final String FIND =
            """
            SELECT a.account_id, a.id, a.uid, a.double_opt_in, f.label, f.type, f.tag, f.visible,
                   f.required
            FROM unnest(:accounts, :uids) AS q (account_id, uid)
            JOIN audience a ON a.account_id = q.account_id AND a.uid = q.uid
            LEFT JOIN audience_field f ON f.account_id = a.account_id AND f.audience_id = a.id
            ORDER BY a.account_id, a.id, f.id
            """;

    private record Key(long account, String uid) {}

    private final Batcher<Key, Optional<Schema>> lookUp;

    Schemas(Jdbi jdbi) {
        lookUp = new Batcher<>(jdbi, Schemas::find);
    }

    Optional<Schema> find(long account, String uid) {
        return lookUp.ask(new Key(account, uid));
    }

    private static List<Optional<Schema>> find(Handle db, List<Key> keys) {
        var distinct = keys.stream().distinct().toList();
        var found = new HashMap<Key, Schema>();
        db.createQuery(FIND)
                .bindArray("accounts", Long.class, Sql.column(distinct, Key::account))
                .bindArray("uids", String.class, Sql.column(distinct, Key::uid))
                .map((row, _) -> Map.entry(key(row), row(row)))
                .forEach(row -> found.merge(row.getKey(), row.getValue(), Schemas::joined));
        return keys.stream().map(key -> Optional.ofNullable(found.get(key))).toList();
    }

    private static Key key(ResultSet row) throws SQLException {
        return new Key(row.getLong("account_id"), row.getString("uid"));
    }

    /** An audience with the one field of this row, or none. */
    private static Schema row(ResultSet row) throws SQLException {
        return new Schema(
                row.getLong("id"),
                row.getString("uid"),
                row.getBoolean("double_opt_in"),
                row.getString("tag") == null ? List.of() : List.of(Audiences.field(row)));
    }

    private static Schema joined(Schema first, Schema next) {
        var fields = new ArrayList<>(first.fields());
        fields.addAll(next.fields());
        return new Schema(first.id(), first.uid(), first.doubleOptIn(), fields);
    }
}
