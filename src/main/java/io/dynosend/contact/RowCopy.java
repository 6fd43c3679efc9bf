package io.dynosend.contact;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** Rows on their way into a table by COPY, the fastest way in, in its text format. */
final class RowCopy implements AutoCloseable {

    private static final int BUFFER_CHARS = 64 * 1024;

    private final CopyIn copy;
    private final StringBuilder buffer = new StringBuilder(BUFFER_CHARS + 1024);

    /**
     * @param statement {@code COPY table (columns) FROM STDIN}
     */
    RowCopy(Connection connection, String statement) {
        try {
            copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(statement);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** One row; null stays null. */
    void row(@Nullable Object... columns) {
        for (int i = 0; i < columns.length; i++) {
            if (i > 0) buffer.append('\t');
            column(columns[i]);
        }
        buffer.append('\n');
        if (buffer.length() >= BUFFER_CHARS) flush();
    }

    /** An array of texts as PostgreSQL reads it. */
    static String array(List<String> values) {
        var array = new StringBuilder("{");
        for (String value : values) {
            if (array.length() > 1) array.append(',');
            array.append('"').append(value.replace("\\", "\\\\").replace("\"", "\\\"")).append('"');
        }
        return array.append('}').toString();
    }

    /** Ends the copy; without it nothing has been written. */
    @Override
    public void close() {
        try {
            if (copy.isActive()) {
                flush();
                copy.endCopy();
            }
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private void column(@Nullable Object value) {
        if (value == null) {
            buffer.append("\\N");
            return;
        }
        String text = value.toString();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\\' -> buffer.append("\\\\");
                case '\t' -> buffer.append("\\t");
                case '\n' -> buffer.append("\\n");
                case '\r' -> buffer.append("\\r");
                default -> buffer.append(c);
            }
        }
    }

    private void flush() {
        try {
            byte[] bytes = buffer.toString().getBytes(StandardCharsets.UTF_8);
            copy.writeToCopy(bytes, 0, bytes.length);
            buffer.setLength(0);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private static IllegalStateException failed(SQLException e) {
        return new IllegalStateException("The rows could not be copied to the database", e);
    }
}
