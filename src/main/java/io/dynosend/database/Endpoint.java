package io.dynosend.database;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;

/**
 * Where a PostgreSQL answers, and who asks.
 *
 * @param jdbcUrl without user and password
 */
public record Endpoint(String jdbcUrl, String user, String password) {

    /**
     * What we ask of the driver, times in seconds; what the URL says of it counts instead. An
     * answer may take longer than the server lets a statement run: this limit is for servers that
     * are gone.
     */
    static final Map<String, String> DRIVER_SETTINGS =
            Map.of(
                    "ApplicationName", "dynosend",
                    "connectTimeout", "10",
                    "loginTimeout", "10",
                    "socketTimeout", "660",
                    "tcpKeepAlive", "true");

    /**
     * Reads a {@code postgresql://}, {@code postgres://} or {@code jdbc:postgresql://} URL with
     * user and password in it, as {@code DYNOSEND_DATABASE_URL} holds one.
     *
     * @throws DatabaseUnavailable when it is none
     */
    public static Endpoint parse(String databaseUrl) {
        return DatabaseUrl.parse(databaseUrl);
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(jdbcUrl, driverSettings());
    }

    /** With user and password. */
    Properties driverSettings() {
        var settings = new Properties();
        settings.putAll(DRIVER_SETTINGS);
        settings.setProperty("user", user);
        settings.setProperty("password", password);
        return settings;
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
