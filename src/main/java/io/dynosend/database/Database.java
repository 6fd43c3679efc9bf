package io.dynosend.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Properties;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connections to the database, whose tables are this version's. */
public final class Database implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Database.class);

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

    /**
     * The driver's own settings, times in seconds; what the URL says of them counts instead. An
     * answer may take longer than the server's own limit: this one only ends what waits for a
     * server that is gone.
     */
    private static final Map<String, String> DRIVER =
            Map.of(
                    "ApplicationName", "dynosend",
                    "connectTimeout", "10",
                    "loginTimeout", "10",
                    "socketTimeout", "660",
                    "tcpKeepAlive", "true");

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
        migrate(endpoint, migrations);
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
        try (var connection = DriverManager.getConnection(endpoint.jdbcUrl(), login(endpoint))) {
            int version = connection.getMetaData().getDatabaseMajorVersion();
            if (version < OLDEST_POSTGRESQL) {
                throw new DatabaseUnavailable(
                        "The server of %s is PostgreSQL %d; Dynosend needs %d or later"
                                .formatted(endpoint.where(), version, OLDEST_POSTGRESQL));
            }
            var encoding = encoding(connection);
            if (!encoding.equals("UTF8")) {
                throw new DatabaseUnavailable(
                        "The database %s is encoded in %s; create one in UTF8"
                                .formatted(endpoint.where(), encoding));
            }
        } catch (SQLException e) {
            throw Diagnosis.of(e, endpoint);
        }
    }

    private static Properties login(Endpoint endpoint) {
        var login = new Properties();
        login.putAll(DRIVER);
        login.setProperty("user", endpoint.user());
        login.setProperty("password", endpoint.password());
        return login;
    }

    private static String encoding(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("SHOW server_encoding")) {
            row.next();
            return row.getString(1);
        }
    }

    private static void migrate(Endpoint endpoint, String migrations) {
        try {
            var flyway =
                    Flyway.configure()
                            .dataSource(endpoint.jdbcUrl(), endpoint.user(), endpoint.password())
                            .jdbcProperties(DRIVER)
                            .locations(migrations)
                            .load();
            refuseNewer(flyway.info().all(), endpoint);
            var done = flyway.migrate();
            if (done.migrationsExecuted > 0) {
                log.info(
                        "The tables are at version {} now, {} migrations later",
                        done.targetSchemaVersion,
                        done.migrationsExecuted);
            }
        } catch (FlywayValidateException e) {
            throw new DatabaseUnavailable(
                    "The tables in %s were made by another build of Dynosend whose migrations differ from this one's; run that build, or use another database"
                            .formatted(endpoint.where()),
                    e);
        } catch (FlywayException e) {
            throw Diagnosis.of(e, endpoint);
        }
    }

    private static void refuseNewer(MigrationInfo[] migrations, Endpoint endpoint) {
        boolean newer =
                Arrays.stream(migrations).anyMatch(m -> m.getState().name().startsWith("FUTURE"));
        if (newer) {
            throw new DatabaseUnavailable(
                    "The database %s was migrated by a newer Dynosend; run that one, or restore a backup from before it"
                            .formatted(endpoint.where()));
        }
    }

    private static HikariDataSource pool(Endpoint endpoint) {
        var pool = new HikariConfig();
        pool.setPoolName("database");
        pool.setJdbcUrl(endpoint.jdbcUrl());
        pool.setUsername(endpoint.user());
        pool.setPassword(endpoint.password());
        DRIVER.forEach(pool::addDataSourceProperty);
        pool.setMaximumPoolSize(CONNECTIONS);
        pool.setMinimumIdle(IDLE_CONNECTIONS);
        pool.setConnectionTimeout(TO_WAIT.toMillis());
        pool.setConnectionInitSql(LIMITS);
        return new HikariDataSource(pool);
    }
}
