package io.dynosend.sending;

import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** The nodes that are there now, and this one's place among them: what it may use of a limit. */
final class Nodes {

    // By the database's clock. Whoever is not seen for so long is not counted any more.
    private static final String SEEN =
            """
            INSERT INTO node (id, seen_at)
            VALUES (:node, clock_timestamp())
            ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at
            """;

    private static final String FORGET =
            "DELETE FROM node WHERE seen_at < clock_timestamp() - make_interval(secs => :seconds)";

    private static final String PLACE =
            """
            SELECT count(*) AS nodes, count(*) FILTER (WHERE id < :node) AS before
            FROM node
            WHERE seen_at >= clock_timestamp() - make_interval(secs => :seconds)
            """;

    private record Place(int nodes, int before) {}

    private final UUID node;
    private final long seconds;
    private volatile Place place = new Place(1, 0);

    /**
     * @param node this one
     * @param seconds a node counts since it was seen last
     */
    Nodes(UUID node, long seconds) {
        this.node = node;
        this.seconds = seconds;
    }

    /** Says that this node is there, and looks who else is. */
    void greet(Handle db) {
        db.createUpdate(SEEN).bind("node", node).execute();
        db.createUpdate(FORGET).bind("seconds", seconds).execute();
        place =
                db.createQuery(PLACE)
                        .bind("node", node)
                        .bind("seconds", seconds)
                        .map((row, _) -> new Place(row.getInt("nodes"), row.getInt("before")))
                        .one();
    }

    /** Leaves its share to the others. */
    void leave(Handle db) {
        db.createUpdate("DELETE FROM node WHERE id = :node").bind("node", node).execute();
    }

    /**
     * This node's part of a limit; those of all nodes add up to it.
     *
     * @return 0 if there are more nodes than the limit has room for
     */
    int share(int limit) {
        var here = place;
        return limit / here.nodes() + (here.before() < limit % here.nodes() ? 1 : 0);
    }
}
