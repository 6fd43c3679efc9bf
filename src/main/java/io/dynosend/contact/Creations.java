package io.dynosend.contact;

import static io.dynosend.common.Sql.column;
import static io.dynosend.common.Sql.utc;

import io.dynosend.audience.Schema;
import io.dynosend.common.Json;
import io.dynosend.common.Problem.NotFound;
import io.dynosend.common.Sql;
import io.dynosend.common.Uid;
import io.dynosend.contact.Contacts.NewContact;
import io.dynosend.contact.SubscriptionListener.Subscription;
import io.dynosend.database.Batcher;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;

/** Makes contacts: one at a time for many callers together, or many for one. */
final class Creations {

    /** A contact to be made, under this uid if its address is not there yet. */
    private record Creation(
            long account,
            long audience,
            String uid,
            NewContact contact,
            ContactStatus status,
            Actor actor) {

        static Creation of(long account, Schema audience, NewContact wanted, Actor actor) {
            var status =
                    audience.doubleOptIn() && !wanted.ignoreDoubleOptIn()
                            ? ContactStatus.UNCONFIRMED
                            : ContactStatus.SUBSCRIBED;
            return new Creation(account, audience.id(), Uid.random(), wanted, status, actor);
        }

        Subscription made(long id, Instant now) {
            return new Subscription(
                    account,
                    new Contact(
                            id,
                            audience,
                            uid,
                            contact.email(),
                            status,
                            actor.source(),
                            actor.ipAddress(),
                            contact.tags(),
                            contact.fields(),
                            now,
                            now));
        }

        String detail() {
            var detail = new LinkedHashMap<String, Object>();
            if (contact.ignoreDoubleOptIn()) detail.put("ignore_doi", true);
            if (!contact.tags().isEmpty()) detail.put("tags", contact.tags());
            if (actor.page() != null) detail.put("page", actor.page());
            return Json.write(detail);
        }
    }

    // In the order of the addresses, so that two nodes do not wait for each other; of the same one
    // twice the first is made. What is made is noted with its status as the kind.
    private static final String CREATE =
            """
            WITH hurry AS MATERIALIZED (
                SELECT set_config('lock_timeout', :patience, true)
            ), asked AS (
                SELECT a.*
                FROM hurry, unnest(:places, :accounts, :audiences, :uids, :emails, :statuses, :tags,
                            :fields, :sources, :users, :ips, :userAgents, :wordings, :details)
                    AS a (place, account_id, audience_id, uid, email, status, tags, fields, source,
                          user_id, ip_address, user_agent, wording, detail)
            ), created AS (
                INSERT INTO contact (
                    account_id, audience_id, uid, email, status, source, ip_address, tags, fields,
                    created_at, updated_at)
                SELECT account_id, audience_id, uid, email, status, source, ip_address,
                       tags::text[], fields::jsonb, :now, :now
                FROM asked
                ORDER BY account_id, audience_id, email, place
                ON CONFLICT (account_id, audience_id, email) DO NOTHING
                RETURNING account_id, id, uid
            ), noted AS (
                INSERT INTO contact_activity (
                    account_id, contact_id, kind, at, source, user_id, ip_address, user_agent,
                    wording, detail)
                SELECT a.account_id, c.id, a.status, :now, a.source, a.user_id, a.ip_address,
                       a.user_agent, a.wording, a.detail::jsonb
                FROM created c
                JOIN asked a ON a.account_id = c.account_id AND a.uid = c.uid
                ORDER BY c.id
            )
            SELECT uid, id FROM created
            """;

    // An import that is under way holds the addresses it brings. Whoever creates one of them waits
    // for it, but not those who happen to ask at the same moment.
    private static final String HURRY = "100ms";
    private static final String AS_LONG_AS_IT_TAKES = "0";

    private final Jdbi jdbi;
    private final InstantSource clock;
    private final SubscriptionListener listener;
    private final Batcher<Creation, Boolean> creations;

    Creations(Jdbi jdbi, InstantSource clock, SubscriptionListener listener) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.listener = listener;
        this.creations = new Batcher<>(jdbi, this::createTogether);
    }

    /** The uid of the new contact; empty if the audience has its address. */
    Optional<String> create(long account, Schema audience, NewContact wanted, Actor actor) {
        var creation = Creation.of(account, audience, wanted, actor);
        try {
            return ask(creation) ? Optional.of(creation.uid()) : Optional.empty();
        } catch (UnableToExecuteStatementException e) {
            if (!Sql.isForeignKeyViolation(e)) throw e;
            throw new NotFound("Audience");
        }
    }

    /** As above, for each; of an address that comes twice the first is made. */
    List<Optional<String>> createAll(
            long account, Schema audience, List<NewContact> wanted, Actor actor) {
        var all = wanted.stream().map(each -> Creation.of(account, audience, each, actor)).toList();
        var created = jdbi.inTransaction(tx -> create(tx, all, AS_LONG_AS_IT_TAKES));
        return IntStream.range(0, all.size())
                .mapToObj(i ->
                        created.get(i) ? Optional.of(all.get(i).uid()) : Optional.<String>empty())
                .toList();
    }

    /** Makes unconfirmed contacts whom nobody is told of. Those that are there stay as they are. */
    void createSilently(Handle tx, List<Contacts.Address> missing, Actor actor) {
        insert(
                tx,
                missing.stream()
                        .map(each ->
                                new Creation(
                                        each.account(),
                                        each.audience(),
                                        Uid.random(),
                                        new NewContact(each.email(), List.of(), Map.of(), false),
                                        ContactStatus.UNCONFIRMED,
                                        actor))
                        .toList(),
                clock.instant(),
                AS_LONG_AS_IT_TAKES);
    }

    private boolean ask(Creation creation) {
        try {
            return creations.ask(creation);
        } catch (UnableToExecuteStatementException e) {
            if (!Sql.isLockTimeout(e)) throw e;
            return jdbi.inTransaction(tx -> create(tx, List.of(creation), AS_LONG_AS_IT_TAKES))
                    .getFirst();
        }
    }

    private List<Boolean> createTogether(Handle db, List<Creation> asked) {
        if (db.isInTransaction()) return create(db, asked, AS_LONG_AS_IT_TAKES);
        return db.inTransaction(tx -> create(tx, asked, HURRY));
    }

    private List<Boolean> create(Handle tx, List<Creation> asked, String patience) {
        var now = clock.instant();
        var ids = insert(tx, asked, now, patience);
        var made =
                asked.stream()
                        .filter(each -> ids.containsKey(each.uid()))
                        .map(each -> each.made(ids.getOrDefault(each.uid(), 0L), now))
                        .toList();
        if (!made.isEmpty()) listener.created(tx, made);
        return asked.stream().map(each -> ids.containsKey(each.uid())).toList();
    }

    private Map<String, Long> insert(
            Handle tx, List<Creation> asked, Instant now, String patience) {
        var ids = new HashMap<String, Long>();
        if (asked.isEmpty()) return ids;
        tx.createQuery(CREATE)
                .bind("patience", patience)
                .bindArray("places", Integer.class, places(asked.size()))
                .bindArray("accounts", Long.class, column(asked, Creation::account))
                .bindArray("audiences", Long.class, column(asked, Creation::audience))
                .bindArray("uids", String.class, column(asked, Creation::uid))
                .bindArray("emails", String.class, column(asked, c -> c.contact().email().value()))
                .bindArray("statuses", String.class, column(asked, c -> c.status().wire()))
                .bindArray(
                        "tags", String.class, column(asked, c -> RowCopy.array(c.contact().tags())))
                .bindArray(
                        "fields",
                        String.class,
                        column(asked, c -> Json.write(c.contact().fields())))
                .bindArray("sources", String.class, column(asked, c -> c.actor().source()))
                .bindArray("users", Long.class, column(asked, c -> c.actor().user()))
                .bindArray("ips", String.class, column(asked, c -> c.actor().ipAddress()))
                .bindArray("userAgents", String.class, column(asked, c -> c.actor().userAgent()))
                .bindArray("wordings", String.class, column(asked, c -> c.actor().wording()))
                .bindArray("details", String.class, column(asked, Creation::detail))
                .bind("now", utc(now))
                .map((row, _) -> ids.put(row.getString("uid"), row.getLong("id")))
                .list();
        return ids;
    }

    private static Object[] places(int count) {
        return IntStream.range(0, count).boxed().toArray();
    }
}
