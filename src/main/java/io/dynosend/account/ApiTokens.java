package io.dynosend.account;

import static io.dynosend.common.Sql.instant;
import static io.dynosend.common.Sql.instantOrNull;
import static io.dynosend.common.Sql.utc;

import io.dynosend.common.Problem.BadInput;
import io.dynosend.common.Problem.NotFound;
import io.dynosend.database.Batcher;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * The bearer tokens of the API (section "Authentication" of the API document). A token is shown
 * once, when it is made; the database holds its SHA-256.
 */
public final class ApiTokens {

    private static final String PREFIX = "dyn_";
    private static final int RANDOM_BYTES = 32;
    private static final int SHOWN = 8;
    private static final Duration BETWEEN_NOTES = Duration.ofMinutes(1);
    private static final SecureRandom RANDOM = new SecureRandom();

    private static final String INSERT =
            """
            INSERT INTO api_token (
                account_id, user_id, name, prefix, sha256, scopes, read_only, created_at)
            VALUES (:account, :user, :name, :prefix, :sha256, :scopes, :readOnly, :now)
            """;

    // By hash of 256 random bits: the comparison inside the index tells a guesser nothing.
    private static final String HOLDERS =
            """
            SELECT h.hex, t.account_id, t.id, t.user_id, u.role, t.scopes, t.read_only,
                   t.last_used_at
            FROM unnest(:hashes) AS h (hex)
            JOIN api_token t ON t.sha256 = decode(h.hex, 'hex') AND t.revoked_at IS NULL
            JOIN account_user u ON u.account_id = t.account_id AND u.id = t.user_id
            """;

    // To the minute: it is for people, and no reason to write with every request.
    private static final String USED =
            """
            UPDATE api_token
            SET last_used_at = :now
            WHERE account_id = :account AND id = :id
            """;

    private static final String LIST =
            """
            SELECT id, name, prefix, scopes, read_only, created_at, last_used_at
            FROM api_token
            WHERE account_id = :account AND user_id = :user AND revoked_at IS NULL
            ORDER BY id
            """;

    private static final String REVOKE =
            """
            UPDATE api_token
            SET revoked_at = :now
            WHERE account_id = :account AND user_id = :user AND id = :id AND revoked_at IS NULL
            """;

    private record Held(long id, Principal holder, @Nullable Instant lastUsed) {}

    private final Jdbi jdbi;
    private final InstantSource clock;
    private final Batcher<String, Optional<Held>> lookUp;

    public ApiTokens(Jdbi jdbi, InstantSource clock) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.lookUp = new Batcher<>(jdbi, ApiTokens::holders);
    }

    /**
     * Makes a token of 256 random bits.
     *
     * @param holder whose it is, and the scopes that it is narrowed to
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
        var held = lookUp.ask(HexFormat.of().formatHex(sha256(token)));
        held.ifPresent(this::noteUse);
        return held.map(Held::holder);
    }

    /** The tokens of a user that are not revoked, the oldest first. */
    public List<ApiToken> list(Principal user) {
        return jdbi.withHandle(db ->
                db.createQuery(LIST)
                        .bind("account", user.account())
                        .bind("user", user.user())
                        .map((row, _) -> token(row))
                        .list());
    }

    /**
     * Ends a token; its next request is refused.
     *
     * @throws NotFound if the user has no such token
     */
    public void revoke(Principal user, long id) {
        int revoked =
                jdbi.withHandle(db ->
                        db.createUpdate(REVOKE)
                                .bind("account", user.account())
                                .bind("user", user.user())
                                .bind("id", id)
                                .bind("now", utc(clock.instant()))
                                .execute());
        if (revoked == 0) throw new NotFound("Token");
    }

    private static List<Optional<Held>> holders(Handle db, List<String> hashes) {
        var found = new HashMap<String, Held>();
        db.createQuery(HOLDERS)
                .bindArray("hashes", String.class, hashes)
                .map((row, _) -> Map.entry(row.getString("hex"), held(row)))
                .forEach(token -> found.put(token.getKey(), token.getValue()));
        return hashes.stream().map(hash -> Optional.ofNullable(found.get(hash))).toList();
    }

    private void noteUse(Held token) {
        var now = clock.instant();
        var last = token.lastUsed();
        if (last != null && last.plus(BETWEEN_NOTES).isAfter(now)) return;
        jdbi.useHandle(db ->
                db.createUpdate(USED)
                        .bind("account", token.holder().account())
                        .bind("id", token.id())
                        .bind("now", utc(now))
                        .execute());
    }

    private String insert(Handle tx, Principal holder, String name, String token) {
        tx.createUpdate(INSERT)
                .bind("account", holder.account())
                .bind("user", holder.user())
                .bind("name", name)
                .bind("prefix", token.substring(0, SHOWN))
                .bind("sha256", sha256(token))
                .bindArray(
                        "scopes",
                        String.class,
                        holder.scopes().stream().map(Scope::wire).sorted().toList())
                .bind("readOnly", holder.readOnly())
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

    private static Held held(ResultSet row) throws SQLException {
        return new Held(
                row.getLong("id"),
                new Principal(
                        row.getLong("account_id"),
                        row.getLong("user_id"),
                        Role.of(row.getString("role")),
                        scopes(row),
                        row.getBoolean("read_only")),
                instantOrNull(row, "last_used_at"));
    }

    private static ApiToken token(ResultSet row) throws SQLException {
        return new ApiToken(
                row.getLong("id"),
                row.getString("name"),
                row.getString("prefix"),
                scopes(row),
                row.getBoolean("read_only"),
                instant(row, "created_at"),
                instantOrNull(row, "last_used_at"));
    }

    private static Set<Scope> scopes(ResultSet row) throws SQLException {
        var scopes = row.getArray("scopes");
        return scopes == null ? Set.of(Scope.values()) : Scope.of((String[]) scopes.getArray());
    }
}
