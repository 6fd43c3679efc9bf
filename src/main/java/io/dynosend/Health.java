package io.dynosend;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a load balancer asks. */
final class Health {

    private static final Logger log = LoggerFactory.getLogger(Health.class);

    private static final String CAN_WRITE =
            "SELECT NOT pg_is_in_recovery() AND current_setting('transaction_read_only') = 'off'";

    private final Jdbi jdbi;

    Health(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    void routes(RoutesConfig routes) {
        routes.get("/health/live", Health::live);
        routes.get("/health/ready", this::ready);
    }

    private static void live(Context http) {
        http.json(Map.of("status", "live"));
    }

    /** 200 when migrated, which it is since it started, and able to write. */
    private void ready(Context http) {
        boolean ready = canWrite();
        http.status(ready ? 200 : 503)
                .json(
                        ready
                                ? Map.of("status", "ready")
                                : Map.of("status", "unavailable", "reason", "database"));
    }

    private boolean canWrite() {
        try {
            return jdbi.withHandle(db -> db.createQuery(CAN_WRITE).mapTo(Boolean.class).one());
        } catch (RuntimeException e) {
            log.warn("Not ready: the database does not answer: {}", e.getMessage());
            return false;
        }
    }
}
