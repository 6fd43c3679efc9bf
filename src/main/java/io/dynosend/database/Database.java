package io.dynosend.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;

/** The connections to the database, whose tables are this version's. */
public final class Database implements AutoCloseable {

    private static final String MIGRATIONS = "classpath:db/migration";

    private static final int OLDEST_POSTGRESQL = 15;
    private static final int CONNECTIONS = 16;
    private static final int IDLE_CONNECTIONS = 2;
    private static final Duration TO_WAIT = Duration.ofSeconds(10);

    /**
     * Bounds for what goes wrong, far above what goes right: the longest statement is an import of
     * a large file; a transaction does nothing only while this program computes.
     */
    private static final String LIMITS =
            "SET statement_timeout = '10min'; SET idle_in_transaction_session_timeout = '5min'";

    private static final String FACTS =
            """
            SELECT current_setting('server_encoding') AS encoding,
                   current_setting('transaction_read_only')::boolean AS read_only,
                   current_setting('fsync') AS fsync,
                   current_setting('full_page_writes') AS full_page_writes,
                   current_setting('synchronous_commit') AS synchronous_commit
            """;

    private static final List<String> DURABLE =
            List.of("fsync", "full_page_writes", "synchronous_commit");

    private final HikariDataSource pool;

    private Database(HikariDataSource pool) {
        this.pool = pool;
    }

    /**
     * Connects and brings the tables up to this version.
     *
     * @throws DatabaseUnavailable when the database cannot be reached or used
     */
    public static Database open(Endpoint endpoint) {
        return open(endpoint, MIGRATIONS);
    }

    /**
     * As {@link #open(Endpoint)}.
     *
     * @param jdbcUrl without user and password
     */
    public static Database open(String jdbcUrl, String user, String password) {
        return open(new Endpoint(jdbcUrl, user, password));
    }

    static Database open(Endpoint endpoint, String migrations) {
        check(endpoint);
        new Migrations(endpoint, migrations).run();
        return new Database(pool(endpoint));
    }

    /** Gives connections, at most 16 at a time; who waits longer than 10 seconds gets none. */
    public DataSource dataSource() {
        return pool;
    }

    @Override
    public void close() {
        pool.close();
    }

    private static void check(Endpoint endpoint) {
        try (var connection = endpoint.connect()) {
            int version = connection.getMetaData().getDatabaseMajorVersion();
            if (version < OLDEST_POSTGRESQL) {
                throw new DatabaseUnavailable(
                        "The server of %s is PostgreSQL %d; Dynosend needs %d or later"
                                .formatted(endpoint.where(), version, OLDEST_POSTGRESQL));
            }
            try (var statement = connection.createStatement();
                    var facts = statement.executeQuery(FACTS)) {
                facts.next();
                check(facts, endpoint);
            }
        } catch (SQLException e) {
            throw Diagnosis.of(e, endpoint);
        }
    }

    private static void check(ResultSet facts, Endpoint endpoint) throws SQLException {
        if (!facts.getString("encoding").equals("UTF8")) {
            throw new DatabaseUnavailable(
                    "The database %s is encoded in %s; create one in UTF8"
                            .formatted(endpoint.where(), facts.getString("encoding")));
        }
        if (facts.getBoolean("read_only")) {
            throw new DatabaseUnavailable(
                    "The database %s is read-only, as a standby is; name the primary server in DYNOSEND_DATABASE_URL"
                            .formatted(endpoint.where()));
        }
        for (String setting : DURABLE) {
            if (facts.getString(setting).equals("off")) {
                throw new DatabaseUnavailable(
                        "The server of %s has %s = off, so that a crash could forget who got which mail; turn it on"
                                .formatted(endpoint.where(), setting));
            }
        }
    }

    private static HikariDataSource pool(Endpoint endpoint) {
        var pool = new HikariConfig();
        pool.setPoolName("database");
        pool.setJdbcUrl(endpoint.jdbcUrl());
        pool.setDataSourceProperties(endpoint.driverSettings());
        pool.setMaximumPoolSize(CONNECTIONS);
        pool.setMinimumIdle(IDLE_CONNECTIONS);
        pool.setConnectionTimeout(TO_WAIT.toMillis());
        pool.setConnectionInitSql(LIMITS);
        return new HikariDataSource(pool);
    }
}
