package io.dynosend.relay;

import static io.dynosend.common.Sql.instantOrNull;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/** What the nodes tell each other, and those who ask, of their relays. */
public final class RelayHealths {

    private static final String REPORT =
            """
            INSERT INTO relay_health (
                node, relay, connections, accepted, deferred, refused, failing, failing_since,
                next_try_at, seen_at)
            VALUES (:node, :relay, :connections, :accepted, :deferred, :refused, :failing,
                    :failingSince, :nextTryAt, clock_timestamp())
            ON CONFLICT (node, relay) DO UPDATE
            SET connections = excluded.connections, accepted = excluded.accepted,
                deferred = excluded.deferred, refused = excluded.refused,
                failing = excluded.failing, failing_since = excluded.failing_since,
                next_try_at = excluded.next_try_at, seen_at = excluded.seen_at
            """;

    private static final String FORGET =
            "DELETE FROM relay_health WHERE seen_at < clock_timestamp() - interval '1 minute'";

    // Failing is what fails for all that have tried it: one node may have no way there.
    private static final String SELECT =
            """
            SELECT relay, sum(connections)::int AS connections, sum(accepted)::bigint AS accepted,
                   sum(deferred)::bigint AS deferred, sum(refused)::bigint AS refused,
                   CASE WHEN bool_and(failing IS NOT NULL) THEN max(failing) END AS failing,
                   min(failing_since) AS failing_since, min(next_try_at) AS next_try_at
            FROM relay_health
            WHERE relay = ANY(:relays) AND seen_at >= clock_timestamp() - interval '1 minute'
            GROUP BY relay
            """;

    private final Jdbi jdbi;

    public RelayHealths(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** Tells what this node sees, by the uid of the relay. */
    public void report(UUID node, Map<String, RelayHealth> seen) {
        jdbi.useTransaction(tx -> {
            tx.execute(FORGET);
            if (seen.isEmpty()) return;
            var batch = tx.prepareBatch(REPORT);
            seen.forEach((relay, health) ->
                    batch.bind("node", node).bind("relay", relay).bindMethods(health).add());
            batch.execute();
        });
    }

    /** How these relays are doing; those that nobody has tried lately are missing. */
    public Map<String, RelayHealth> of(List<String> uids) {
        var all = new HashMap<String, RelayHealth>();
        jdbi.useHandle(db ->
                db.createQuery(SELECT)
                        .bindArray("relays", String.class, uids.toArray())
                        .map((row, _) -> all.put(row.getString("relay"), health(row)))
                        .list());
        return all;
    }

    private static RelayHealth health(ResultSet row) throws SQLException {
        boolean failing = row.getString("failing") != null;
        return new RelayHealth(
                row.getInt("connections"),
                row.getLong("accepted"),
                row.getLong("deferred"),
                row.getLong("refused"),
                row.getString("failing"),
                failing ? instantOrNull(row, "failing_since") : null,
                failing ? instantOrNull(row, "next_try_at") : null);
    }
}
