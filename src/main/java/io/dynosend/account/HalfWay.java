package io.dynosend.account;

import static io.dynosend.common.Sql.utc;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Whose password was right, and whose code is still missing: known for a few minutes, no session.
 */
public final class HalfWay {

    /** So long somebody may look for the phone. */
    public static final Duration GOOD_FOR = Duration.ofMinutes(10);

    private static final String OPEN =
            """
            INSERT INTO half_way (token_hash, account_id, user_id, expires_at)
            VALUES (:hash, :account, :user, :expiresAt)
            """;

    private static final String FIND =
            """
            SELECT h.account_id, h.user_id, u.role
            FROM half_way h
            JOIN account_user u ON u.account_id = h.account_id AND u.id = h.user_id
            WHERE h.token_hash = :hash AND h.expires_at > :now
            """;

    private static final String CLOSE = "DELETE FROM half_way WHERE token_hash = :hash";

    private static final String CLOSE_ALL =
            "DELETE FROM half_way WHERE account_id = :account AND user_id = :user";

    private static final String FORGET = "DELETE FROM half_way WHERE expires_at <= :now";

    private final Jdbi jdbi;
    private final InstantSource clock;

    public HalfWay(Jdbi jdbi, InstantSource clock) {
        this.jdbi = jdbi;
        this.clock = clock;
    }

    /**
     * Lets somebody go on to the second step.
     *
     * @return a token of 256 random bits, for the only time
     */
    public String open(Principal user) {
        String token = Secrets.random();
        var now = clock.instant();
        jdbi.useTransaction(tx -> {
            tx.createUpdate(FORGET).bind("now", utc(now)).execute();
            tx.createUpdate(OPEN)
                    .bind("hash", Secrets.sha256(token))
                    .bind("account", user.account())
                    .bind("user", user.user())
                    .bind("expiresAt", utc(now.plus(GOOD_FOR)))
                    .execute();
        });
        return token;
    }

    /** Who shows this token; empty when it is unknown or too old. */
    public Optional<Principal> find(String token) {
        return jdbi.withHandle(db ->
                db.createQuery(FIND)
                        .bind("hash", Secrets.sha256(token))
                        .bind("now", utc(clock.instant()))
                        .map((row, _) ->
                                new Principal(
                                        row.getLong("account_id"),
                                        row.getLong("user_id"),
                                        Role.of(row.getString("role"))))
                        .findOne());
    }

    /**
     * Ends it: they are in, or do not want to be.
     *
     * @return whether it was there
     */
    public boolean close(String token) {
        return jdbi.withHandle(
                db -> db.createUpdate(CLOSE).bind("hash", Secrets.sha256(token)).execute() > 0);
    }

    static void closeAll(Handle tx, Principal user) {
        tx.createUpdate(CLOSE_ALL)
                .bind("account", user.account())
                .bind("user", user.user())
                .execute();
    }
}
