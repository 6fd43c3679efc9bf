package io.dynosend.account;

import static io.dynosend.common.Sql.instant;
import static io.dynosend.common.Sql.utc;

import java.time.InstantSource;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** Who did what in an account, when and from where. It only grows. */
public final class AuditLog {

    private static final String INSERT =
            """
            INSERT INTO audit_entry (account_id, at, user_id, email, action, ip_address)
            SELECT account_id, :now, id, email, :action, :ip
            FROM account_user
            WHERE account_id = :account AND id = :user
            """;

    private static final String LATEST =
            """
            SELECT at, email, action, ip_address
            FROM audit_entry
            WHERE account_id = :account
            ORDER BY id DESC
            LIMIT :limit
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

    /** What was done last, the latest first. */
    public List<AuditEntry> latest(long account, int limit) {
        return jdbi.withHandle(db ->
                db.createQuery(LATEST)
                        .bind("account", account)
                        .bind("limit", limit)
                        .map((row, _) ->
                                new AuditEntry(
                                        instant(row, "at"),
                                        row.getString("email"),
                                        row.getString("action"),
                                        row.getString("ip_address")))
                        .list());
    }
}
