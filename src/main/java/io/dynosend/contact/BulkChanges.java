package io.dynosend.contact;

import static io.dynosend.common.Sql.instant;
import static io.dynosend.common.Sql.instantOrNull;
import static io.dynosend.common.Sql.utc;

import io.dynosend.common.Problem.BadInput;
import io.dynosend.common.Problem.NotFound;
import io.dynosend.common.SingleLine;
import io.dynosend.common.Uid;
import io.dynosend.contact.BulkChange.Action;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Changes all contacts that match, some hundred at a time: on any node, and after a restart. */
public final class BulkChanges {

    private static final int AT_ONCE = 500;
    private static final int DELETED_AT_ONCE = 50;

    private static final String START =
            """
            INSERT INTO contact_bulk_change (
                account_id, uid, audience_id, action, value, filter, total, before_id, user_id,
                ip_address, user_agent, started_at)
            SELECT :account, :uid, :audience, :action, :value, cast(:filter AS jsonb), :total,
                   coalesce(max(id), 0) + 1, :user, :ip, :userAgent, :now
            FROM contact
            WHERE account_id = :account AND audience_id = :audience
            """;

    private static final String COLUMNS =
            "uid, action, value, total, done, started_at, finished_at";

    private static final String BY_UID =
            """
            SELECT %s
            FROM contact_bulk_change
            WHERE account_id = :account AND audience_id = :audience AND uid = :uid
            """
                    .formatted(COLUMNS);

    private static final String UNDER_WAY =
            """
            SELECT %s
            FROM contact_bulk_change
            WHERE account_id = :account AND audience_id = :audience AND finished_at IS NULL
            ORDER BY id
            """
                    .formatted(COLUMNS);

    private static final String STOP =
            """
            UPDATE contact_bulk_change
            SET finished_at = :now, filter = '{}'
            WHERE account_id = :account AND audience_id = :audience AND uid = :uid
              AND finished_at IS NULL
            """;

    // Held until the transaction ends; another node takes another one meanwhile.
    private static final String CLAIM =
            """
            SELECT account_id, id, audience_id, action, value, filter, before_id, user_id,
                   ip_address, user_agent
            FROM contact_bulk_change
            WHERE finished_at IS NULL
            ORDER BY id
            LIMIT 1
            FOR NO KEY UPDATE SKIP LOCKED
            """;

    private static final String ADVANCE =
            """
            UPDATE contact_bulk_change
            SET before_id = :before, done = done + :changed
            WHERE account_id = :account AND id = :id
            """;

    // What was asked for may name a person; it is needed no more.
    private static final String FINISH =
            """
            UPDATE contact_bulk_change
            SET finished_at = :now, filter = '{}'
            WHERE account_id = :account AND id = :id
            """;

    private static final String NOTED =
            """
            INSERT INTO contact_activity (
                account_id, contact_id, kind, at, source, user_id, ip_address, user_agent, detail)
            SELECT :account, id, '%s', :now, 'dashboard', :user, :ip, :userAgent, %s
            FROM changed
            """;

    private static final String TAGS = "jsonb_build_object('tags', ARRAY[:value]::text[])";
    private static final String FIELDS = "jsonb_build_object('fields', ARRAY[:value]::text[])";

    private static final String TAG =
            """
            WITH changed AS (
                UPDATE contact
                SET tags = tags || :value, updated_at = :now
                WHERE account_id = :account AND id = ANY (:ids) AND NOT tags @> ARRAY[:value]::text[]
                RETURNING id
            ), noted AS (%s)
            SELECT count(*) FROM changed
            """
                    .formatted(NOTED.formatted("tagged", TAGS));

    private static final String UNTAG =
            """
            WITH changed AS (
                UPDATE contact
                SET tags = array_remove(tags, :value), updated_at = :now
                WHERE account_id = :account AND id = ANY (:ids) AND tags @> ARRAY[:value]::text[]
                RETURNING id
            ), noted AS (%s)
            SELECT count(*) FROM changed
            """
                    .formatted(NOTED.formatted("untagged", TAGS));

    private static final String UNSUBSCRIBE =
            """
            WITH changed AS (
                UPDATE contact
                SET status = 'unsubscribed', unsubscribed_at = :now, updated_at = :now
                WHERE account_id = :account AND id = ANY (:ids) AND status <> 'unsubscribed'
                RETURNING id
            ), noted AS (%s)
            SELECT count(*) FROM changed
            """
                    .formatted(NOTED.formatted("unsubscribed", "'{}'::jsonb"));

    private static final String CLEAR =
            """
            WITH changed AS (
                UPDATE contact
                SET fields = fields - :value, updated_at = :now
                WHERE account_id = :account AND id = ANY (:ids) AND fields ?? :value
                RETURNING id
            ), noted AS (%s)
            SELECT count(*) FROM changed
            """
                    .formatted(NOTED.formatted("updated", FIELDS));

    private record Running(
            long account,
            long id,
            long audience,
            Action action,
            String value,
            ContactFilter filter,
            long before,
            Actor actor) {}

    private final Jdbi jdbi;
    private final InstantSource clock;
    private final ContactSearch search;
    private final Contacts contacts;

    public BulkChanges(Jdbi jdbi, InstantSource clock, ContactSearch search, Contacts contacts) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.search = search;
        this.contacts = contacts;
    }

    /**
     * Begins to change all that match now; who joins later is left alone.
     *
     * @param value the tag or the field; empty where there is none
     * @param total how many match, to measure the progress by
     * @return its uid
     * @throws BadInput if a tag is missing or is none
     */
    public String start(
            long account,
            long audience,
            ContactFilter filter,
            Action action,
            String value,
            int total,
            Actor actor) {
        String clean = action == Action.TAG || action == Action.UNTAG ? tag(value) : value;
        String uid = Uid.random();
        jdbi.useHandle(db ->
                db.createUpdate(START)
                        .bind("account", account)
                        .bind("uid", uid)
                        .bind("audience", audience)
                        .bind("action", action.wire())
                        .bind("value", clean)
                        .bind("filter", filter.json())
                        .bind("total", total)
                        .bind("user", actor.user())
                        .bind("ip", actor.ipAddress())
                        .bind("userAgent", actor.userAgent())
                        .bind("now", utc(clock.instant()))
                        .execute());
        return uid;
    }

    /**
     * One of an audience.
     *
     * @throws NotFound if there is none
     */
    public BulkChange get(long account, long audience, String uid) {
        return jdbi.withHandle(db ->
                db.createQuery(BY_UID)
                        .bind("account", account)
                        .bind("audience", audience)
                        .bind("uid", uid)
                        .map((row, _) -> change(row))
                        .findOne()
                        .orElseThrow(() -> new NotFound("Change")));
    }

    /** Those of an audience that are not finished. */
    public List<BulkChange> underWay(long account, long audience) {
        return jdbi.withHandle(db ->
                db.createQuery(UNDER_WAY)
                        .bind("account", account)
                        .bind("audience", audience)
                        .map((row, _) -> change(row))
                        .list());
    }

    /** Leaves the rest as it is. */
    public void stop(long account, long audience, String uid) {
        jdbi.useHandle(db ->
                db.createUpdate(STOP)
                        .bind("account", account)
                        .bind("audience", audience)
                        .bind("uid", uid)
                        .bind("now", utc(clock.instant()))
                        .execute());
    }

    /** Goes on with one; false if there is none that nobody else is at. */
    public boolean advance() {
        return jdbi.inTransaction(tx -> {
            var running = claim(tx);
            running.ifPresent(each -> advance(tx, each));
            return running.isPresent();
        });
    }

    private Optional<Running> claim(Handle tx) {
        return tx.createQuery(CLAIM)
                .map((row, _) ->
                        new Running(
                                row.getLong("account_id"),
                                row.getLong("id"),
                                row.getLong("audience_id"),
                                Action.of(row.getString("action")),
                                row.getString("value"),
                                ContactFilter.ofJson(row.getString("filter")),
                                row.getLong("before_id"),
                                new Actor(
                                        "dashboard",
                                        row.getObject("user_id", Long.class),
                                        row.getString("ip_address"),
                                        row.getString("user_agent"))))
                .findOne();
    }

    private void advance(Handle tx, Running change) {
        int most = change.action() == Action.DELETE ? DELETED_AT_ONCE : AT_ONCE;
        var ids =
                search.ids(
                        change.account(),
                        change.audience(),
                        change.filter(),
                        change.before(),
                        most);
        if (ids.isEmpty()) {
            tx.createUpdate(FINISH)
                    .bind("account", change.account())
                    .bind("id", change.id())
                    .bind("now", utc(clock.instant()))
                    .execute();
            return;
        }
        int changed = change(tx, change, ids);
        tx.createUpdate(ADVANCE)
                .bind("account", change.account())
                .bind("id", change.id())
                .bind("before", ids.getLast())
                .bind("changed", changed)
                .execute();
    }

    private int change(Handle tx, Running change, List<Long> ids) {
        return switch (change.action()) {
            case TAG -> change(tx, change, ids, TAG);
            case UNTAG -> change(tx, change, ids, UNTAG);
            case UNSUBSCRIBE -> change(tx, change, ids, UNSUBSCRIBE);
            case CLEAR -> change(tx, change, ids, CLEAR);
            case DELETE ->
                    (int)
                            ids.stream()
                                    .filter(id -> contacts.delete(tx, change.account(), id))
                                    .count();
        };
    }

    private int change(Handle tx, Running change, List<Long> ids, String statement) {
        var query =
                tx.createQuery(statement)
                        .bind("account", change.account())
                        .bindArray("ids", Long.class, ids)
                        .bind("user", change.actor().user())
                        .bind("ip", change.actor().ipAddress())
                        .bind("userAgent", change.actor().userAgent())
                        .bind("now", utc(clock.instant()));
        if (change.action() != Action.UNSUBSCRIBE) query.bind("value", change.value());
        return query.mapTo(Integer.class).one();
    }

    private static String tag(String given) {
        String tag = SingleLine.checked("tag", given.strip());
        if (tag.isEmpty()) throw new BadInput("Write the tag");
        if (tag.contains(",")) throw new BadInput("One tag at a time, without a comma");
        return tag;
    }

    private static BulkChange change(ResultSet row) throws SQLException {
        return new BulkChange(
                row.getString("uid"),
                Action.of(row.getString("action")),
                row.getString("value"),
                row.getInt("total"),
                row.getInt("done"),
                instant(row, "started_at"),
                instantOrNull(row, "finished_at"));
    }
}
