package io.dynosend.account;

import static io.dynosend.common.Sql.instant;
import static io.dynosend.common.Sql.utc;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.dynosend.common.EmailAddress;
import io.dynosend.common.Problem.NotFound;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** Who is signed in. All nodes see the same; nothing of it is in a cookie but a random token. */
public final class Sessions {

    /** Without a request for so long, a session is over. */
    public static final Duration IDLE = Duration.ofDays(7);

    /** However busy, a session is over then. */
    public static final Duration LONGEST = Duration.ofDays(30);

    private static final int TOKEN_OCTETS = 32;
    private static final int LONGEST_USER_AGENT = 500;

    private static final String COLUMNS =
            """
            s.id, s.account_id, s.user_id, u.role, u.email, s.ip_address, s.user_agent,
            s.created_at, s.seen_at, s.notice
            """;

    private static final String INSERT =
            """
            INSERT INTO session (
                account_id, user_id, token_hash, ip_address, user_agent, created_at, seen_at)
            VALUES (:account, :user, :hash, :ip, :userAgent, :now, :now)
            """;

    private static final String FIND =
            """
            SELECT %s
            FROM session s
            JOIN account_user u ON u.account_id = s.account_id AND u.id = s.user_id
            WHERE s.token_hash = :hash AND s.seen_at > :idleSince AND s.created_at > :openSince
            """
                    .formatted(COLUMNS);

    private static final String SEEN =
            """
            UPDATE session
            SET seen_at = :now
            WHERE account_id = :account AND id = :id AND seen_at < :minuteAgo
            """;

    private static final String LIST =
            """
            SELECT %s
            FROM session s
            JOIN account_user u ON u.account_id = s.account_id AND u.id = s.user_id
            WHERE s.account_id = :account AND s.user_id = :user AND s.seen_at > :idleSince
              AND s.created_at > :openSince
            ORDER BY s.seen_at DESC, s.id DESC
            """
                    .formatted(COLUMNS);

    private static final String NOTICE =
            "UPDATE session SET notice = :notice WHERE account_id = :account AND id = :id";

    private static final String CLOSE =
            "DELETE FROM session WHERE account_id = :account AND user_id = :user AND id = :id";

    private static final String CLOSE_OTHERS =
            "DELETE FROM session WHERE account_id = :account AND user_id = :user AND id <> :id";

    private static final String CLOSE_ALL =
            "DELETE FROM session WHERE account_id = :account AND user_id = :user";

    private static final String FORGET =
            "DELETE FROM session WHERE seen_at <= :idleSince OR created_at <= :openSince";

    private final Jdbi jdbi;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    public Sessions(Jdbi jdbi, InstantSource clock) {
        this.jdbi = jdbi;
        this.clock = clock;
    }

    /**
     * Signs someone in.
     *
     * @return a token of 256 random bits, for the only time
     */
    public String open(Principal user, @Nullable String ipAddress, @Nullable String userAgent) {
        var octets = new byte[TOKEN_OCTETS];
        random.nextBytes(octets);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
        jdbi.useTransaction(tx -> {
            var now = clock.instant();
            tx.createUpdate(FORGET)
                    .bind("idleSince", utc(now.minus(IDLE)))
                    .bind("openSince", utc(now.minus(LONGEST)))
                    .execute();
            tx.createUpdate(INSERT)
                    .bind("account", user.account())
                    .bind("user", user.user())
                    .bind("hash", sha256(token))
                    .bind("ip", ipAddress)
                    .bind("userAgent", shortened(userAgent))
                    .bind("now", utc(now))
                    .execute();
        });
        return token;
    }

    /** Who shows this token, with the role they have now; empty when it is unknown or over. */
    public Optional<Session> find(String token) {
        var now = clock.instant();
        return jdbi.withHandle(db -> {
            var found =
                    db.createQuery(FIND)
                            .bind("hash", sha256(token))
                            .bind("idleSince", utc(now.minus(IDLE)))
                            .bind("openSince", utc(now.minus(LONGEST)))
                            .map((row, _) -> session(row))
                            .findOne();
            var minuteAgo = now.minus(Duration.ofMinutes(1));
            found.filter(session -> session.seenAt().isBefore(minuteAgo))
                    .ifPresent(session ->
                            db.createUpdate(SEEN)
                                    .bind("account", session.principal().account())
                                    .bind("id", session.id())
                                    .bind("now", utc(now))
                                    .bind("minuteAgo", utc(minuteAgo))
                                    .execute());
            return found;
        });
    }

    /** Where a user is signed in, the last used first. */
    public List<Session> list(Principal user) {
        var now = clock.instant();
        return jdbi.withHandle(db ->
                db.createQuery(LIST)
                        .bind("account", user.account())
                        .bind("user", user.user())
                        .bind("idleSince", utc(now.minus(IDLE)))
                        .bind("openSince", utc(now.minus(LONGEST)))
                        .map((row, _) -> session(row))
                        .list());
    }

    /**
     * What the next page of this session says, once.
     *
     * @param notice null: nothing
     */
    public void notice(Session session, @Nullable String notice) {
        jdbi.useHandle(db ->
                db.createUpdate(NOTICE)
                        .bind("account", session.principal().account())
                        .bind("id", session.id())
                        .bind("notice", notice)
                        .execute());
    }

    /**
     * Signs a user out at one place.
     *
     * @throws NotFound if the user has no such session
     */
    public void close(Principal user, long id) {
        if (delete(CLOSE, user, id) == 0) throw new NotFound("Session");
    }

    /** Signs a user out everywhere but there. */
    public void closeOthers(Principal user, long id) {
        delete(CLOSE_OTHERS, user, id);
    }

    static void closeOthers(Handle tx, Principal user, long id) {
        tx.createUpdate(CLOSE_OTHERS)
                .bind("account", user.account())
                .bind("user", user.user())
                .bind("id", id)
                .execute();
    }

    /** Signs a user out everywhere. */
    static void closeAll(Handle tx, Principal user) {
        tx.createUpdate(CLOSE_ALL)
                .bind("account", user.account())
                .bind("user", user.user())
                .execute();
    }

    private int delete(String statement, Principal user, long id) {
        return jdbi.withHandle(db ->
                db.createUpdate(statement)
                        .bind("account", user.account())
                        .bind("user", user.user())
                        .bind("id", id)
                        .execute());
    }

    private static Session session(ResultSet row) throws SQLException {
        return new Session(
                row.getLong("id"),
                new Principal(
                        row.getLong("account_id"),
                        row.getLong("user_id"),
                        Role.of(row.getString("role"))),
                new EmailAddress(row.getString("email")),
                row.getString("ip_address"),
                row.getString("user_agent"),
                instant(row, "created_at"),
                instant(row, "seen_at"),
                row.getString("notice"));
    }

    private static @Nullable String shortened(@Nullable String userAgent) {
        if (userAgent == null) return null;
        String text = userAgent.replace("\0", "");
        return text.length() <= LONGEST_USER_AGENT ? text : text.substring(0, LONGEST_USER_AGENT);
    }

    private static byte[] sha256(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }
}
