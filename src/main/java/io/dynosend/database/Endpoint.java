package io.dynosend.database;

/**
 * Where a PostgreSQL answers, and who asks.
 *
 * @param jdbcUrl without user and password
 */
public record Endpoint(String jdbcUrl, String user, String password) {

    /**
     * Reads a {@code postgresql://}, {@code postgres://} or {@code jdbc:postgresql://} URL with
     * user and password in it, as {@code DYNOSEND_DATABASE_URL} holds one.
     *
     * @throws DatabaseUnavailable when it is none
     */
    public static Endpoint parse(String databaseUrl) {
        return DatabaseUrl.parse(databaseUrl);
    }

    /** Host, port and database, for people: without parameters, user and password. */
    String where() {
        return jdbcUrl.replaceFirst("^jdbc:postgresql://", "").replaceFirst("\\?.*$", "");
    }

    @Override
    public String toString() {
        return user + "@" + where();
    }
}
