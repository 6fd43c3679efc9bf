package io.dynosend.account;

import static io.dynosend.common.Sql.utc;

import io.dynosend.common.EmailAddress;
import io.dynosend.common.Problem.BadInput;
import io.dynosend.common.Problem.Conflict;
import io.dynosend.common.Problem.NotFound;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * Links by which a user chooses a password: invitations, resets, and the setup of a fresh server.
 * Each works once, within three days if somebody gave it, within an hour if it was asked for by
 * mail; a new one of the kind makes the old one worthless, one that is taken all of the user's.
 */
public final class PasswordLinks {

    /**
     * What a link is for.
     *
     * @param setup its holder also says who they are
     */
    public record Offer(Principal user, EmailAddress email, boolean setup) {}

    public static final Duration GOOD_FOR = Duration.ofDays(3);

    /** Of a link that was asked for by mail. */
    public static final Duration ASKED_FOR_GOOD_FOR = Duration.ofHours(1);

    private static final String MAKE =
            """
            INSERT INTO password_link (
                account_id, user_id, purpose, key_hash, setup, expires_at)
            VALUES (:account, :user, :purpose, :hash, :setup, :expiresAt)
            ON CONFLICT (account_id, user_id, purpose) DO UPDATE
            SET key_hash = excluded.key_hash, setup = excluded.setup,
                expires_at = excluded.expires_at
            """;

    // By hash of 256 random bits: the comparison inside the index tells a guesser nothing.
    private static final String FIND =
            """
            SELECT l.account_id, l.user_id, l.setup, u.role, u.email
            FROM password_link l
            JOIN account_user u ON u.account_id = l.account_id AND u.id = l.user_id
            WHERE l.key_hash = :hash AND l.expires_at > :now
            """;

    private static final String TAKE =
            "DELETE FROM password_link WHERE key_hash = :hash AND expires_at > :now";

    private static final String FORGET =
            "DELETE FROM password_link WHERE account_id = :account AND user_id = :user";

    private static final String FORGET_SETUP = FORGET + " AND setup";

    private static final String OPEN_SETUP =
            "SELECT account_id, user_id FROM password_link WHERE setup LIMIT 1";

    private final Jdbi jdbi;
    private final InstantSource clock;
    private final Users users;
    private final AuditLog audit;

    public PasswordLinks(Jdbi jdbi, InstantSource clock, Users users, AuditLog audit) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.users = users;
        this.audit = audit;
    }

    /**
     * Makes a link for a user.
     *
     * @param setup its holder also says who they are
     * @return its key, for the only time
     */
    public String make(Principal user, boolean setup) {
        return jdbi.withHandle(db -> make(db, user, "given", setup, GOOD_FOR));
    }

    /**
     * Makes a link for a user who has forgotten the password, to be sent to them and nobody else.
     *
     * @return its key, for the only time
     */
    public String ask(Handle tx, Principal user) {
        return make(tx, user, "asked_for", false, ASKED_FOR_GOOD_FOR);
    }

    /** The owner of a server that nobody has set up yet, whether its link is still good or not. */
    public Optional<Principal> notSetUp() {
        return jdbi.withHandle(db ->
                db.createQuery(OPEN_SETUP)
                        .map((row, _) ->
                                new Principal(
                                        row.getLong("account_id"),
                                        row.getLong("user_id"),
                                        Role.OWNER))
                        .findOne());
    }

    /** Who signs in has no need of a setup link, and nobody else should have it. */
    public void forgetSetup(Principal user) {
        jdbi.useHandle(db ->
                db.createUpdate(FORGET_SETUP)
                        .bind("account", user.account())
                        .bind("user", user.user())
                        .execute());
    }

    private String make(
            Handle db, Principal user, String purpose, boolean setup, Duration goodFor) {
        String key = Secrets.random();
        db.createUpdate(MAKE)
                .bind("account", user.account())
                .bind("user", user.user())
                .bind("purpose", purpose)
                .bind("hash", Secrets.sha256(key))
                .bind("setup", setup)
                .bind("expiresAt", utc(clock.instant().plus(goodFor)))
                .execute();
        return key;
    }

    /** What the link of this key is for; empty if there is none, or it has been used. */
    public Optional<Offer> find(String key) {
        return jdbi.withHandle(db -> find(db, key));
    }

    /**
     * Takes a link: the user has this password now, and is signed in nowhere.
     *
     * @throws NotFound if there is no such link (any more)
     * @throws BadInput if the password is too easy to guess; the link stays
     */
    public Principal take(String key, String password, @Nullable String ipAddress) {
        return jdbi.inTransaction(tx -> take(tx, key, password, "chose a password", ipAddress));
    }

    /**
     * Takes the link of a fresh server, as {@link #take} does.
     *
     * @throws Conflict if the address signs in already, as somebody else; the link stays
     */
    public Principal setUp(
            String key,
            String name,
            EmailAddress email,
            String password,
            @Nullable String ipAddress) {
        return jdbi.inTransaction(tx -> {
            var offer = find(tx, key).filter(Offer::setup).orElseThrow(PasswordLinks::missing);
            users.introduce(tx, offer.user(), name, email);
            return take(tx, key, password, "set up the server", ipAddress);
        });
    }

    private Principal take(
            Handle tx, String key, String password, String action, @Nullable String ipAddress) {
        var offer = find(tx, key).orElseThrow(PasswordLinks::missing);
        int taken =
                tx.createUpdate(TAKE)
                        .bind("hash", Secrets.sha256(key))
                        .bind("now", utc(clock.instant()))
                        .execute();
        if (taken == 0) throw missing();
        users.changePassword(tx, offer.user(), password);
        tx.createUpdate(FORGET)
                .bind("account", offer.user().account())
                .bind("user", offer.user().user())
                .execute();
        Sessions.closeAll(tx, offer.user());
        HalfWay.closeAll(tx, offer.user());
        audit.note(tx, offer.user(), action, ipAddress);
        return offer.user();
    }

    private Optional<Offer> find(Handle db, String key) {
        return db.createQuery(FIND)
                .bind("hash", Secrets.sha256(key))
                .bind("now", utc(clock.instant()))
                .map((row, _) -> offer(row))
                .findOne();
    }

    private static Offer offer(ResultSet row) throws SQLException {
        return new Offer(
                new Principal(
                        row.getLong("account_id"),
                        row.getLong("user_id"),
                        Role.of(row.getString("role"))),
                new EmailAddress(row.getString("email")),
                row.getBoolean("setup"));
    }

    private static NotFound missing() {
        return new NotFound("Link");
    }
}
