package io.dynosend.common;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What every statement needs and the driver does not offer. */
public final class Sql {

    private static final String UNIQUE_VIOLATION = "23505";
    private static final String FOREIGN_KEY_VIOLATION = "23503";
    private static final String CHECK_VIOLATION = "23514";
    private static final int TRIGRAM = 3;
    private static final String LOCK_NOT_AVAILABLE = "55P03";

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
        return isState(failure, UNIQUE_VIOLATION);
    }

    /** Whether a statement failed because the row that it points at is not there (any more). */
    public static boolean isForeignKeyViolation(Throwable failure) {
        return isState(failure, FOREIGN_KEY_VIOLATION);
    }

    /** Whether a statement failed because a row would not be what its table allows. */
    public static boolean isCheckViolation(Throwable failure) {
        return isState(failure, CHECK_VIOLATION);
    }

    /** Whether a statement gave up waiting for a row that another transaction holds. */
    public static boolean isLockTimeout(Throwable failure) {
        return isState(failure, LOCK_NOT_AVAILABLE);
    }

    /**
     * One value of each row, for an array that {@code unnest} makes a column again. Not a stream's
     * list: values may be null.
     */
    public static <E, T extends @Nullable Object> Object[] column(
            List<E> rows, Function<? super E, T> value) {
        return rows.stream().map(value).toArray();
    }

    /** Words as a pattern of LIKE that means just them. */
    public static String literal(String words) {
        return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_");
    }

    /**
     * A pattern of LIKE for what contains these words. Too short for the trigrams of an index, they
     * are taken for the beginning.
     */
    public static String containing(String words) {
        return (words.length() < TRIGRAM ? "" : "%") + literal(words) + "%";
    }

    private static boolean isState(Throwable failure, String state) {
        return failure.getCause() instanceof SQLException cause
                && state.equals(cause.getSQLState());
    }
}
