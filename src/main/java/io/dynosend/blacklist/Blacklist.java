package io.dynosend.blacklist;

import static io.dynosend.common.Sql.column;
import static io.dynosend.common.Sql.containing;
import static io.dynosend.common.Sql.instant;
import static io.dynosend.common.Sql.utc;

import io.dynosend.common.EmailAddress;
import io.dynosend.database.Batcher;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** The suppressed addresses of an account, and the only code that writes them. */
public final class Blacklist {

    public enum Reason {
        BOUNCED,
        COMPLAINED,
        UNSUBSCRIBED,
        MANUAL;

        public static Reason of(String wire) {
            return valueOf(wire.toUpperCase(Locale.ROOT));
        }

        /** The spelling in the database and in the API. */
        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A suppressed address: since when, and why. */
    public record Listed(EmailAddress email, Instant at, Reason reason) {}

    private static final String FIND =
            """
            SELECT b.account_id, b.email, b.created_at, b.reason
            FROM unnest(:accounts, :emails) AS q (account_id, email)
            JOIN blacklist b ON b.account_id = q.account_id AND b.email = q.email
            """;

    private static final String ADD =
            """
            INSERT INTO blacklist (account_id, email, reason, created_at)
            SELECT :account, email, :reason, :now
            FROM unnest(:emails) AS email
            ORDER BY email
            ON CONFLICT (account_id, email) DO NOTHING
            """;

    private static final String REMOVE =
            "DELETE FROM blacklist WHERE account_id = :account AND email = :email";

    private static final String PAGE =
            """
            SELECT email, created_at, reason
            FROM blacklist
            WHERE account_id = :account
              AND (cast(:afterTime AS timestamptz) IS NULL
                   OR (created_at, email) > (:afterTime, :afterEmail))
            ORDER BY created_at, email
            LIMIT :limit OFFSET :skip
            """;

    /**
     * What addresses are looked for.
     *
     * @param text a part of the address; empty: any
     * @param reason null: any
     */
    public record Filter(String text, @Nullable Reason reason) {

        public Filter {
            text = text.strip().toLowerCase(Locale.ROOT);
        }

        public boolean isEmpty() {
            return text.isEmpty() && reason == null;
        }
    }

    /** More than so many are not counted one by one. */
    public static final int MOST_COUNTED = 10_000;

    private static final String OF_ACCOUNT = "FROM blacklist b WHERE b.account_id = :account";

    private record Key(long account, String email) {}

    private final Jdbi jdbi;
    private final InstantSource clock;
    private final Batcher<Key, Optional<Listed>> lookUp;

    public Blacklist(Jdbi jdbi, InstantSource clock) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.lookUp = new Batcher<>(jdbi, Blacklist::find);
    }

    /** What is known of an address; empty if it may be mailed. */
    public Optional<Listed> find(long account, EmailAddress email) {
        return lookUp.ask(new Key(account, email.value()));
    }

    /**
     * The suppressed addresses of the account, those listed first first.
     *
     * @param after the last one of the page before; null for the first page
     * @param skip how many more are left out
     * @param limit how many at most
     */
    public List<Listed> page(long account, @Nullable Listed after, long skip, int limit) {
        return jdbi.withHandle(db ->
                db.createQuery(PAGE)
                        .bind("account", account)
                        .bind("afterTime", after == null ? null : utc(after.at()))
                        .bind("afterEmail", after == null ? null : after.email().value())
                        .bind("skip", skip)
                        .bind("limit", limit)
                        .map((row, _) -> listed(row))
                        .list());
    }

    /**
     * The suppressed addresses that match, those listed last first.
     *
     * @param before the last one of the page before; null for the first page
     */
    public List<Listed> search(long account, Filter filter, @Nullable Listed before, int limit) {
        // Only what is asked for, so that each has a plan, and an index, of its own.
        String page =
                "SELECT b.email, b.created_at, b.reason "
                        + OF_ACCOUNT
                        + conditions(filter)
                        + (before == null
                                ? ""
                                : " AND (b.created_at, b.email) < (:beforeTime, :beforeEmail)")
                        + " ORDER BY b.created_at DESC, b.email DESC LIMIT :limit";
        return jdbi.withHandle(db -> {
            var query = bind(db.createQuery(page), account, filter).bind("limit", limit);
            if (before != null) {
                query.bind("beforeTime", utc(before.at()))
                        .bind("beforeEmail", before.email().value());
            }
            return query.map((row, _) -> listed(row)).list();
        });
    }

    /** How many match; one more than {@link #MOST_COUNTED} stands for all that are more. */
    public int count(long account, Filter filter) {
        String count =
                "SELECT count(*) FROM (SELECT "
                        + OF_ACCOUNT
                        + conditions(filter)
                        + " LIMIT :most) AS counted";
        return jdbi.withHandle(db ->
                bind(db.createQuery(count), account, filter)
                        .bind("most", MOST_COUNTED + 1)
                        .mapTo(Integer.class)
                        .one());
    }

    private static String conditions(Filter filter) {
        return (filter.text().isEmpty() ? "" : " AND b.email LIKE :pattern")
                + (filter.reason() == null ? "" : " AND b.reason = :reason");
    }

    private static Query bind(Query query, long account, Filter filter) {
        query.bind("account", account);
        if (!filter.text().isEmpty()) query.bind("pattern", containing(filter.text()));
        if (filter.reason() != null) query.bind("reason", filter.reason().wire());
        return query;
    }

    /**
     * Adds addresses; those that are listed stay as they are.
     *
     * @return how many are new
     */
    public int add(long account, List<EmailAddress> addresses, Reason reason) {
        return jdbi.inTransaction(tx -> add(tx, account, addresses, reason));
    }

    /** Adds an address. Idempotent, as below. */
    public void add(long account, EmailAddress address, Reason reason) {
        jdbi.useTransaction(tx -> add(tx, account, List.of(address), reason));
    }

    /**
     * Adds addresses within the caller's transaction. Of one that is listed the first time and
     * reason stay.
     *
     * @return how many are new
     */
    public int add(Handle tx, long account, List<EmailAddress> addresses, Reason reason) {
        if (addresses.isEmpty()) return 0;
        return tx.createUpdate(ADD)
                .bind("account", account)
                .bindArray("emails", String.class, column(addresses, EmailAddress::value))
                .bind("reason", reason.wire())
                .bind("now", utc(clock.instant()))
                .execute();
    }

    /** Takes an address off the list; it may be mailed from now on. Idempotent. */
    public void remove(long account, EmailAddress address) {
        jdbi.useHandle(db ->
                db.createUpdate(REMOVE)
                        .bind("account", account)
                        .bind("email", address.value())
                        .execute());
    }

    private static List<Optional<Listed>> find(Handle db, List<Key> keys) {
        var found = new HashMap<Key, Listed>();
        db.createQuery(FIND)
                .bindArray("accounts", Long.class, column(keys, Key::account))
                .bindArray("emails", String.class, column(keys, Key::email))
                .map((row, _) ->
                        found.put(
                                new Key(row.getLong("account_id"), row.getString("email")),
                                listed(row)))
                .list();
        return keys.stream().map(key -> Optional.ofNullable(found.get(key))).toList();
    }

    private static Listed listed(ResultSet row) throws SQLException {
        return new Listed(
                new EmailAddress(row.getString("email")),
                instant(row, "created_at"),
                Reason.of(row.getString("reason")));
    }
}
