package io.dynosend.account;

import static io.dynosend.common.Sql.utc;

import io.dynosend.common.EmailAddress;
import io.dynosend.common.Problem.Conflict;
import io.dynosend.common.Uid;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** The tenants of this server. */
public final class Accounts {

    /**
     * What the operator may say about the first account; null is made up.
     *
     * @param email of its owner
     * @param password of its owner, at least 8 characters
     * @param apiToken 32 to 255 printable characters
     */
    public record FirstAccount(
            EmailAddress email, @Nullable String password, @Nullable String apiToken) {}

    /** The secrets of a new account. They are shown once: only hashes are kept. */
    public record Credentials(EmailAddress email, String password, String apiToken) {}

    /** A tenant. */
    public record Account(String uid, String name) {}

    private static final String LIST = "SELECT uid, name FROM account ORDER BY id";

    private static final String BY_UID = "SELECT id FROM account WHERE uid = :uid";

    // Two nodes that start on one empty database must not make two first accounts.
    private static final String ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(7301945201)";

    private static final String INSERT =
            """
            INSERT INTO account (uid, name, created_at)
            VALUES (:uid, :name, :now)
            RETURNING id
            """;

    private static final String FIRST_OWNER =
            """
            SELECT account_id, id, role
            FROM account_user
            WHERE role = 'owner'
            ORDER BY account_id, id
            LIMIT 1
            """;

    private final Jdbi jdbi;
    private final InstantSource clock;
    private final Users users;
    private final ApiTokens tokens;

    public Accounts(Jdbi jdbi, InstantSource clock, Users users, ApiTokens tokens) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.users = users;
        this.tokens = tokens;
    }

    /**
     * Makes the first account with its owner and API token, if there is none yet.
     *
     * @return the new credentials, or empty when an account exists; then nothing is changed
     */
    public Optional<Credentials> createFirst(FirstAccount wanted) {
        return jdbi.inTransaction(tx -> {
            tx.createQuery(ONE_AT_A_TIME).mapToMap().list();
            if (firstOwner(tx).isPresent()) return Optional.empty();
            return Optional.of(create(tx, wanted));
        });
    }

    /** All accounts, the oldest first. */
    public List<Account> list() {
        return jdbi.withHandle(db ->
                db.createQuery(LIST)
                        .map((row, _) -> new Account(row.getString("uid"), row.getString("name")))
                        .list());
    }

    /** The id of the account of this uid. */
    public Optional<Long> find(String uid) {
        return jdbi.withHandle(
                db -> db.createQuery(BY_UID).bind("uid", uid).mapTo(Long.class).findOne());
    }

    /** The owner of the oldest account: who runs this server. Empty before the first start. */
    public Optional<Principal> firstOwner() {
        return jdbi.withHandle(Accounts::firstOwner);
    }

    /**
     * Makes another account with its own owner and API token.
     *
     * @param name of the account, for humans
     * @throws Conflict if the owner's address signs in already
     */
    public Credentials create(String name, FirstAccount wanted) {
        if (users.find(wanted.email()).isPresent()) throw Users.exists();
        return jdbi.inTransaction(tx -> create(tx, name, wanted));
    }

    private Credentials create(Handle tx, FirstAccount wanted) {
        return create(tx, wanted.email().domain(), wanted);
    }

    private Credentials create(Handle tx, String name, FirstAccount wanted) {
        String password = wanted.password() == null ? randomPassword() : wanted.password();
        long account =
                tx.createQuery(INSERT)
                        .bind("uid", Uid.random())
                        .bind("name", name)
                        .bind("now", utc(clock.instant()))
                        .mapTo(Long.class)
                        .one();
        long owner = users.create(tx, account, wanted.email(), password, Role.OWNER);
        var principal = new Principal(account, owner, Role.OWNER);
        String token =
                wanted.apiToken() == null
                        ? tokens.issue(tx, principal, "first")
                        : tokens.adopt(tx, principal, "first", wanted.apiToken());
        return new Credentials(wanted.email(), password, token);
    }

    private static Optional<Principal> firstOwner(Handle db) {
        return db.createQuery(FIRST_OWNER)
                .map((row, _) ->
                        new Principal(
                                row.getLong("account_id"),
                                row.getLong("id"),
                                Role.of(row.getString("role"))))
                .findOne();
    }

    /** A password for somebody who did not choose one. */
    public static String randomPassword() {
        var bytes = new byte[15];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
