package io.dynosend.database;

import java.sql.SQLException;
import java.util.Arrays;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings the tables of a database up to this version. */
final class Migrations {

    private static final Logger log = LoggerFactory.getLogger(Migrations.class);

    /** Null where no schema of the search path exists. */
    private static final String MAY_CREATE =
            "SELECT has_schema_privilege(current_schema(), 'CREATE')";

    private final Endpoint endpoint;
    private final Flyway flyway;

    /**
     * Reads them, and nothing of the database yet.
     *
     * @param location of the migrations, as Flyway writes it
     */
    Migrations(Endpoint endpoint, String location) {
        this.endpoint = endpoint;
        this.flyway =
                Flyway.configure()
                        .dataSource(endpoint.jdbcUrl(), endpoint.user(), endpoint.password())
                        .jdbcProperties(Endpoint.DRIVER_SETTINGS)
                        .locations(location)
                        .load();
    }

    /**
     * Runs those that are missing. Nodes that start at once wait for each other.
     *
     * @throws DatabaseUnavailable when the tables are not of this program's making, or the user may
     *     not make any
     */
    void run() {
        try {
            var known = flyway.info();
            refuseNewer(known.all());
            if (known.pending().length > 0) {
                checkRights();
            }
            int executed = flyway.migrate().migrationsExecuted;
            if (executed > 0) {
                log.info("Tables are up to date after {} migrations", executed);
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

    private void refuseNewer(MigrationInfo[] migrations) {
        if (Arrays.stream(migrations).anyMatch(m -> m.getState().name().startsWith("FUTURE"))) {
            throw new DatabaseUnavailable(
                    "The database %s was migrated by a newer Dynosend; run that one, or restore a backup from before it"
                            .formatted(endpoint.where()));
        }
    }

    /** Flyway itself would try for ten seconds before it said so. */
    private void checkRights() {
        try (var connection = endpoint.connect();
                var statement = connection.createStatement();
                var row = statement.executeQuery(MAY_CREATE)) {
            row.next();
            if (!row.getBoolean(1)) {
                throw new DatabaseUnavailable(
                        "User %s may not create tables in the database %s; make it the database's owner"
                                .formatted(endpoint.user(), endpoint.where()));
            }
        } catch (SQLException e) {
            throw Diagnosis.of(e, endpoint);
        }
    }
}
