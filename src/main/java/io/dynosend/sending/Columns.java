package io.dynosend.sending;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * The arrays of a statement whose {@code unnest} makes rows of them, in the order of its question
 * marks. The driver sends arrays of primitives as they are, while boxed ones become text.
 */
final class Columns {

    private final PreparedStatement statement;
    private int last;

    Columns(PreparedStatement statement) {
        this.statement = statement;
    }

    <E> void longs(List<E> entries, ToLongFunction<E> value) throws SQLException {
        set("int8", entries.stream().mapToLong(value).toArray());
    }

    <E> void ints(List<E> entries, ToIntFunction<E> value) throws SQLException {
        set("int4", entries.stream().mapToInt(value).toArray());
    }

    <E> void doubles(List<E> entries, ToDoubleFunction<E> value) throws SQLException {
        set("float8", entries.stream().mapToDouble(value).toArray());
    }

    <E> void booleans(List<E> entries, Predicate<E> value) throws SQLException {
        boolean[] values = new boolean[entries.size()];
        for (int i = 0; i < values.length; i++) values[i] = value.test(entries.get(i));
        set("bool", values);
    }

    <E> void texts(List<E> entries, Function<E, @Nullable String> value) throws SQLException {
        set("text", entries.stream().map(value).toArray(String[]::new));
    }

    private void set(String type, Object values) throws SQLException {
        var connection = statement.getConnection();
        statement.setObject(
                ++last, connection.unwrap(PGConnection.class).createArrayOf(type, values));
    }
}
