package io.dynosend.account;

import static io.dynosend.common.Sql.instant;
import static io.dynosend.common.Sql.literal;
import static io.dynosend.common.Sql.utc;

import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * Who did what in an account, when and from where. It only grows, and each entry holds the hash of
 * the one before it: the database sees to both.
 */
public final class AuditLog {

    private static final String INSERT =
            """
            INSERT INTO audit_entry (account_id, at, user_id, email, action, ip_address)
            SELECT account_id, :now, id, email, :action, :ip
            FROM account_user
            WHERE account_id = :account AND id = :user
            """;

    private static final String PAGE =
            """
            SELECT number, at, email, action, ip_address, hash
            FROM audit_entry
            WHERE account_id = :account AND number < :before
              AND (:email::text IS NULL OR email = :email)
              AND (:words::text IS NULL OR action ILIKE :words)
            ORDER BY number DESC
            LIMIT :limit
            """;

    private static final String WHO =
            """
            SELECT DISTINCT email
            FROM audit_entry
            WHERE account_id = :account
            ORDER BY email
            """;

    private static final String BROKEN =
            """
            SELECT min(number) FROM (
                SELECT e.number,
                       e.hash <> audit_hash(
                           coalesce(lag(e.hash) OVER chain, ''), e::audit_entry)
                       OR e.number <> coalesce(lag(e.number) OVER chain, 0) + 1 AS wrong
                FROM audit_entry e
                WHERE e.account_id = :account
                WINDOW chain AS (ORDER BY e.number)
                UNION ALL
                SELECT h.number + 1, h.number <> coalesce((
                           SELECT max(number) FROM audit_entry WHERE account_id = :account), 0)
                FROM audit_head h
                WHERE h.account_id = :account
            ) link
            WHERE wrong
            """;

    private final Jdbi jdbi;
    private final InstantSource clock;

    public AuditLog(Jdbi jdbi, InstantSource clock) {
        this.jdbi = jdbi;
        this.clock = clock;
    }

    /** Notes what a user did. */
    public void note(Principal user, String action, @Nullable String ipAddress) {
        jdbi.useHandle(db -> note(db, user, action, ipAddress));
    }

    void note(Handle tx, Principal user, String action, @Nullable String ipAddress) {
        tx.createUpdate(INSERT)
                .bind("account", user.account())
                .bind("user", user.user())
                .bind("now", utc(clock.instant()))
                .bind("action", action)
                .bind("ip", ipAddress)
                .execute();
    }

    /**
     * What was done before an entry, the latest first.
     *
     * @param before the number of that entry; {@link Long#MAX_VALUE}: from the last on
     * @param email of who did it; empty: anybody
     * @param words in the action; empty: any
     */
    public List<AuditEntry> page(long account, long before, String email, String words, int limit) {
        return jdbi.withHandle(db ->
                db.createQuery(PAGE)
                        .bind("account", account)
                        .bind("before", before)
                        .bind("email", email.isEmpty() ? null : email)
                        .bind("words", words.isEmpty() ? null : "%" + literal(words) + "%")
                        .bind("limit", limit)
                        .map((row, _) ->
                                new AuditEntry(
                                        row.getLong("number"),
                                        instant(row, "at"),
                                        row.getString("email"),
                                        row.getString("action"),
                                        row.getString("ip_address"),
                                        HexFormat.of().formatHex(row.getBytes("hash"))))
                        .list());
    }

    /** Everybody who is in it. */
    public List<String> people(long account) {
        return jdbi.withHandle(
                db -> db.createQuery(WHO).bind("account", account).mapTo(String.class).list());
    }

    /** The number of the first entry that is not as it was written, or missing; empty: none. */
    public OptionalLong broken(long account) {
        return jdbi.withHandle(db -> {
            var first = db.createQuery(BROKEN).bind("account", account).mapTo(Long.class).findOne();
            return first.map(OptionalLong::of).orElseGet(OptionalLong::empty);
        });
    }
}
