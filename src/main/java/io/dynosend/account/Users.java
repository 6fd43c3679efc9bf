package io.dynosend.account;

import static io.dynosend.common.Sql.instant;
import static io.dynosend.common.Sql.instantOrNull;
import static io.dynosend.common.Sql.utc;

import io.dynosend.common.EmailAddress;
import io.dynosend.common.Problem.BadInput;
import io.dynosend.common.Problem.Conflict;
import io.dynosend.common.SingleLine;
import io.dynosend.common.Sql;
import io.dynosend.common.Uid;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleConsumer;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/** The people of an account, who sign in with an e-mail address and a password. */
public final class Users {

    /**
     * Someone who signs in.
     *
     * @param name empty: they have not said
     * @param twoStep a code is asked for after the password
     * @param passkeys how many
     * @param seenAt of the sessions that are open; null: none
     * @param linkUntil how long the link is good by which they are to choose a password; null:
     *     there is none that they have not used
     */
    public record User(
            long id,
            EmailAddress email,
            String name,
            Role role,
            Instant createdAt,
            boolean twoStep,
            int passkeys,
            @Nullable Instant seenAt,
            @Nullable Instant linkUntil) {}

    private static final String INSERT =
            """
            INSERT INTO account_user (account_id, uid, email, password_hash, role, created_at)
            VALUES (:account, :uid, :email, :hash, :role, :now)
            RETURNING id
            """;

    private static final String BY_EMAIL =
            """
            SELECT account_id, id, role, password_hash
            FROM account_user
            WHERE email = :email
            """;

    private static final String LIST =
            """
            SELECT u.id, u.email, u.name, u.role, u.created_at,
                   EXISTS (
                       SELECT FROM second_step s
                       WHERE s.account_id = u.account_id AND s.user_id = u.id
                         AND s.confirmed_at IS NOT NULL
                   ) AS two_step,
                   (
                       SELECT count(*) FROM passkey p
                       WHERE p.account_id = u.account_id AND p.user_id = u.id
                   ) AS passkeys,
                   (
                       SELECT max(seen_at) FROM session o
                       WHERE o.account_id = u.account_id AND o.user_id = u.id
                   ) AS seen_at,
                   (
                       SELECT l.expires_at FROM password_link l
                       WHERE l.account_id = u.account_id AND l.user_id = u.id
                         AND l.purpose = 'given'
                   ) AS link_until
            FROM account_user u
            WHERE u.account_id = :account
            ORDER BY u.id
            """;

    private static final String LOCK_OWNERS =
            """
            SELECT id
            FROM account_user
            WHERE account_id = :account AND role = 'owner'
            FOR UPDATE
            """;

    private static final String CHANGE_ROLE =
            """
            UPDATE account_user
            SET role = :role
            WHERE account_id = :account AND id = :user
            """;

    private static final String INTRODUCE =
            """
            UPDATE account_user
            SET name = :name, email = :email
            WHERE account_id = :account AND id = :user
            """;

    private static final String NAME =
            "SELECT name FROM account_user WHERE account_id = :account AND id = :user";

    private static final String EMAIL =
            "SELECT email FROM account_user WHERE account_id = :account AND id = :user";

    private static final String RENAME =
            "UPDATE account_user SET name = :name WHERE account_id = :account AND id = :user";

    private static final String CHANGE_PASSWORD =
            """
            UPDATE account_user
            SET password_hash = :hash
            WHERE account_id = :account AND id = :user
            """;

    private static final String REMOVE =
            "DELETE FROM account_user WHERE account_id = :account AND id = :user";

    record Login(Principal principal, String passwordHash) {}

    private final Jdbi jdbi;
    private final InstantSource clock;
    private final Passwords passwords;

    public Users(Jdbi jdbi, InstantSource clock) {
        this(jdbi, clock, Passwords.ARGON2ID);
    }

    public Users(Jdbi jdbi, InstantSource clock, Passwords passwords) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.passwords = passwords;
    }

    /**
     * Adds a user to an account.
     *
     * @throws BadInput if the password is too easy to guess
     * @throws Conflict if the address signs in already, here or in another account
     */
    public Principal add(long account, EmailAddress email, String password, Role role) {
        try {
            long id = jdbi.withHandle(db -> create(db, account, email, password, role));
            return new Principal(account, id, role);
        } catch (UnableToExecuteStatementException e) {
            if (!Sql.isUniqueViolation(e)) throw e;
            throw exists();
        }
    }

    static Conflict exists() {
        return new Conflict("There is a user with this email", "user_exists");
    }

    /** The users of an account, the oldest first. */
    public List<User> list(long account) {
        return jdbi.withHandle(db ->
                db.createQuery(LIST).bind("account", account).map((row, _) -> user(row)).list());
    }

    /** The user who signs in with this address, in whatever account; empty if there is none. */
    public Optional<Principal> find(EmailAddress email) {
        return login(email.value()).map(Login::principal);
    }

    /**
     * Gives a user another role, which their tokens have at once.
     *
     * @throws Conflict if the account would be left without an owner
     */
    public void changeRole(Principal user, Role role) {
        change(user, db -> update(db, CHANGE_ROLE, user).bind("role", role.wire()).execute());
    }

    /**
     * Gives a user another password. Sessions are the caller's to close.
     *
     * @throws BadInput if it is too easy to guess
     */
    public void changePassword(Principal user, String password) {
        jdbi.useHandle(db -> changePassword(db, user, password));
    }

    void changePassword(Handle tx, Principal user, String password) {
        String checked = NewPassword.checked(password, email(tx, user));
        update(tx, CHANGE_PASSWORD, user).bind("hash", passwords.hash(checked)).execute();
    }

    private static EmailAddress email(Handle db, Principal user) {
        return new EmailAddress(
                db.createQuery(EMAIL)
                        .bind("account", user.account())
                        .bind("user", user.user())
                        .mapTo(String.class)
                        .one());
    }

    /** How they want to be called; empty: they have not said. */
    public String name(Principal user) {
        return jdbi.withHandle(db ->
                db.createQuery(NAME)
                        .bind("account", user.account())
                        .bind("user", user.user())
                        .mapTo(String.class)
                        .findOne()
                        .orElse(""));
    }

    /**
     * Calls a user by another name.
     *
     * @throws BadInput if it is more than a line
     */
    public void rename(Principal user, String name) {
        String checked = SingleLine.checked("name", name);
        jdbi.useHandle(db -> update(db, RENAME, user).bind("name", checked).execute());
    }

    /**
     * Says who a user is.
     *
     * @throws Conflict if the address signs in already, as somebody else
     */
    void introduce(Handle tx, Principal user, String name, EmailAddress email) {
        try {
            update(tx, INTRODUCE, user)
                    .bind("name", SingleLine.checked("name", name))
                    .bind("email", email.value())
                    .execute();
        } catch (UnableToExecuteStatementException e) {
            if (!Sql.isUniqueViolation(e)) throw e;
            throw exists();
        }
    }

    /**
     * Removes a user with all their tokens.
     *
     * @throws Conflict if the account would be left without an owner
     */
    public void remove(Principal user) {
        change(user, db -> update(db, REMOVE, user).execute());
    }

    private void change(Principal user, HandleConsumer<RuntimeException> change) {
        jdbi.useTransaction(tx -> {
            lockOwners(tx, user.account());
            change.useHandle(tx);
            boolean owned =
                    tx.createQuery(LOCK_OWNERS)
                            .bind("account", user.account())
                            .mapToMap()
                            .findFirst()
                            .isPresent();
            if (!owned) throw new Conflict("An account needs an owner", "last_owner");
        });
    }

    static void lockOwners(Handle tx, long account) {
        tx.createQuery(LOCK_OWNERS).bind("account", account).mapToMap().list();
    }

    private static Update update(Handle db, String statement, Principal user) {
        return db.createUpdate(statement).bind("account", user.account()).bind("user", user.user());
    }

    private static User user(ResultSet row) throws SQLException {
        return new User(
                row.getLong("id"),
                new EmailAddress(row.getString("email")),
                row.getString("name"),
                Role.of(row.getString("role")),
                instant(row, "created_at"),
                row.getBoolean("two_step"),
                row.getInt("passkeys"),
                instantOrNull(row, "seen_at"),
                instantOrNull(row, "link_until"));
    }

    long create(Handle tx, long account, EmailAddress email, String password, Role role) {
        return tx.createQuery(INSERT)
                .bind("account", account)
                .bind("uid", Uid.random())
                .bind("email", email.value())
                .bind("hash", passwords.hash(NewPassword.checked(password, email)))
                .bind("role", role.wire())
                .bind("now", utc(clock.instant()))
                .mapTo(Long.class)
                .one();
    }

    /**
     * Signs a user in.
     *
     * @return empty when the address is unknown or the password wrong; the time taken tells not
     *     which
     */
    public Optional<Principal> signIn(String email, String password) {
        var login = login(email);
        boolean matches = passwords.match(password, login.map(Login::passwordHash));
        return login.filter(_ -> matches).map(Login::principal);
    }

    Optional<Login> login(String email) {
        return jdbi.withHandle(db ->
                db.createQuery(BY_EMAIL)
                        .bind("email", email.strip().toLowerCase(Locale.ROOT))
                        .map((row, _) ->
                                new Login(
                                        new Principal(
                                                row.getLong("account_id"),
                                                row.getLong("id"),
                                                Role.of(row.getString("role"))),
                                        row.getString("password_hash")))
                        .findOne());
    }
}
