package io.dynosend.common;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** What every statement needs and the driver does not offer. */
public final class Sql {

    private static final String UNIQUE_VIOLATION = "23505";

    private Sql() {}

    /** The PostgreSQL driver takes no {@link Instant}. */
    public static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    /** A {@code timestamptz} that is never null. */
    public static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    /** A {@code timestamptz}; null stays null. */
    public static @Nullable Instant instantOrNull(ResultSet row, String column)
            throws SQLException {
        var time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    /** Whether a statement failed because a row with this key is there already. */
    public static boolean isUniqueViolation(Throwable failure) {
        return failure.getCause() instanceof SQLException cause
                && UNIQUE_VIOLATION.equals(cause.getSQLState());
    }
}
