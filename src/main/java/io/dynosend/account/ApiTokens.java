package io.dynosend.account;

import static io.dynosend.common.Sql.utc;

import io.dynosend.common.Problem.BadInput;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * The bearer tokens of the API (section "Authentication" of the API document). A token is shown
 * once, when it is made; the database holds its SHA-256.
 */
public final class ApiTokens {

    private static final String PREFIX = "dyn_";
    private static final int RANDOM_BYTES = 32;
    private static final int SHOWN = 8;
    private static final SecureRandom RANDOM = new SecureRandom();

    private static final String INSERT =
            """
            INSERT INTO api_token (account_id, user_id, name, prefix, sha256, created_at)
            VALUES (:account, :user, :name, :prefix, :sha256, :now)
            """;

    // By hash of 256 random bits: the comparison inside the index tells a guesser nothing.
    private static final String HOLDER =
            """
            SELECT t.account_id, t.user_id, u.role
            FROM api_token t
            JOIN account_user u ON u.account_id = t.account_id AND u.id = t.user_id
            WHERE t.sha256 = :sha256 AND t.revoked_at IS NULL
            """;

    private final Jdbi jdbi;
    private final InstantSource clock;

    public ApiTokens(Jdbi jdbi, InstantSource clock) {
        this.jdbi = jdbi;
        this.clock = clock;
    }

    /**
     * Makes a token of 256 random bits.
     *
     * @param name for humans, to tell tokens apart
     * @return the token itself, for the only time
     */
    public String issue(Principal holder, String name) {
        return jdbi.inTransaction(tx -> issue(tx, holder, name));
    }

    String issue(Handle tx, Principal holder, String name) {
        return insert(tx, holder, name, random());
    }

    /**
     * Takes a token that the operator chose.
     *
     * @throws BadInput unless it is 32 to 255 printable ASCII characters without spaces
     */
    String adopt(Handle tx, Principal holder, String name, String token) {
        if (!token.matches("[!-~]{32,255}")) {
            throw new BadInput(
                    "An API token must be 32 to 255 printable ASCII characters without spaces");
        }
        return insert(tx, holder, name, token);
    }

    /** Who holds this token; empty when it is unknown or revoked. */
    public Optional<Principal> holder(String token) {
        return jdbi.withHandle(db ->
                db.createQuery(HOLDER)
                        .bind("sha256", sha256(token))
                        .map((row, _) ->
                                new Principal(
                                        row.getLong("account_id"),
                                        row.getLong("user_id"),
                                        Role.of(row.getString("role"))))
                        .findOne());
    }

    private String insert(Handle tx, Principal holder, String name, String token) {
        tx.createUpdate(INSERT)
                .bind("account", holder.account())
                .bind("user", holder.user())
                .bind("name", name)
                .bind("prefix", token.substring(0, SHOWN))
                .bind("sha256", sha256(token))
                .bind("now", utc(clock.instant()))
                .execute();
        return token;
    }

    private static String random() {
        var bytes = new byte[RANDOM_BYTES];
        RANDOM.nextBytes(bytes);
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] sha256(String token) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
