package io.dynosend.contact;

import static io.dynosend.common.Sql.column;
import static io.dynosend.common.Sql.utc;

import io.dynosend.database.Batcher;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Adds tags to contacts. */
final class Tagging {

    private record Wish(long account, long contact, List<String> tags, Actor actor) {}

    private record Key(long account, long contact) {}

    // Locked in one order, so that two nodes do not wait for each other. What is new is computed
    // from the locked row: whoever tagged a moment earlier counts.
    private static final String ADD =
            """
            WITH asked AS (
                SELECT *
                FROM unnest(:accounts, :contacts, :tags, :sources, :users, :ips, :userAgents)
                    AS a (account_id, contact_id, tags, source, user_id, ip_address, user_agent)
                ORDER BY account_id, contact_id
            ), locked AS (
                SELECT a.*, c.tags AS had
                FROM asked a
                CROSS JOIN LATERAL (
                    SELECT l.tags
                    FROM contact l
                    WHERE l.account_id = a.account_id AND l.id = a.contact_id
                    FOR NO KEY UPDATE %s
                ) c
            ), found AS (
                SELECT l.*,
                       ARRAY(
                           SELECT t.tag
                           FROM unnest(l.tags::text[]) WITH ORDINALITY AS t (tag, place)
                           WHERE t.tag <> ALL (l.had)
                           ORDER BY t.place) AS added
                FROM locked l
            ), tagged AS (
                UPDATE contact c
                SET tags = f.had || f.added, updated_at = :now
                FROM found f
                WHERE c.account_id = f.account_id AND c.id = f.contact_id
                  AND cardinality(f.added) > 0
            ), noted AS (
                INSERT INTO contact_activity (
                    account_id, contact_id, kind, at, source, user_id, ip_address, user_agent,
                    detail)
                SELECT account_id, contact_id, 'tagged', :now, source, user_id, ip_address,
                       user_agent, jsonb_build_object('tags', added)
                FROM found
                WHERE cardinality(added) > 0
            )
            SELECT account_id, contact_id FROM found
            """;

    // Whoever is held by another transaction, such as an import, is left out of a batch: those who
    // happen to ask at the same moment need not wait for them.
    private static final String ADD_TO_THE_FREE = ADD.formatted("SKIP LOCKED");
    private static final String ADD_WHEN_FREE = ADD.formatted("");

    private final Jdbi jdbi;
    private final InstantSource clock;
    private final Batcher<Wish, Boolean> wishes;

    Tagging(Jdbi jdbi, InstantSource clock) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.wishes = new Batcher<>(jdbi, this::add);
    }

    /** Adds those it has not; false if the contact is gone. */
    boolean add(long account, long contact, List<String> tags, Actor actor) {
        var wish = new Wish(account, contact, tags, actor);
        return wishes.ask(wish)
                || !jdbi.withHandle(db -> addOnce(db, ADD_WHEN_FREE, List.of(wish))).isEmpty();
    }

    // A statement changes a row only once: who is tagged twice in a batch is so in two statements.
    private List<Boolean> add(Handle db, List<Wish> asked) {
        var found = new HashSet<Key>();
        var rest = asked;
        while (!rest.isEmpty()) {
            var now = new HashMap<Key, Wish>();
            var later = new ArrayList<Wish>();
            for (var wish : rest) {
                if (now.putIfAbsent(key(wish), wish) != null) later.add(wish);
            }
            found.addAll(addOnce(db, ADD_TO_THE_FREE, List.copyOf(now.values())));
            rest = later;
        }
        return asked.stream().map(wish -> found.contains(key(wish))).toList();
    }

    private static Key key(Wish wish) {
        return new Key(wish.account(), wish.contact());
    }

    private List<Key> addOnce(Handle db, String statement, List<Wish> asked) {
        return db.createQuery(statement)
                .bindArray("accounts", Long.class, column(asked, Wish::account))
                .bindArray("contacts", Long.class, column(asked, Wish::contact))
                .bindArray("tags", String.class, column(asked, w -> RowCopy.array(w.tags())))
                .bindArray("sources", String.class, column(asked, w -> w.actor().source()))
                .bindArray("users", Long.class, column(asked, w -> w.actor().user()))
                .bindArray("ips", String.class, column(asked, w -> w.actor().ipAddress()))
                .bindArray("userAgents", String.class, column(asked, w -> w.actor().userAgent()))
                .bind("now", utc(clock.instant()))
                .map((row, _) -> new Key(row.getLong("account_id"), row.getLong("contact_id")))
                .list();
    }
}
