package io.dynosend.account;

import static io.dynosend.common.Sql.utc;

import io.dynosend.common.EmailAddress;
import io.dynosend.common.Problem.Conflict;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The second step of signing in: a code from an app on the phone, or one of ten recovery codes. Of
 * either kind each is taken once.
 */
public final class TwoStep {

    private static final Logger log = LoggerFactory.getLogger(TwoStep.class);

    /**
     * What an app has to know.
     *
     * @param secret for who types it
     * @param uri for who shows a QR code to the app
     */
    public record Enrolment(String secret, String uri) {}

    private static final int SECRET_OCTETS = 20; // RFC 4226 §4, R6
    private static final int RECOVERY_CODES = 10;
    private static final int RECOVERY_OCTETS = 10;

    private static final String BEGIN =
            """
            INSERT INTO second_step AS s (account_id, user_id, secret)
            VALUES (:account, :user, :secret)
            ON CONFLICT (account_id, user_id) DO UPDATE
            SET secret = excluded.secret
            WHERE s.confirmed_at IS NULL
            """;

    private static final String SECRET =
            """
            SELECT secret
            FROM second_step
            WHERE account_id = :account AND user_id = :user
              AND (confirmed_at IS NOT NULL) = :confirmed
            """;

    private static final String IS_ON =
            """
            SELECT EXISTS (
                SELECT FROM second_step
                WHERE account_id = :account AND user_id = :user AND confirmed_at IS NOT NULL)
            """;

    private static final String CONFIRM =
            """
            UPDATE second_step
            SET confirmed_at = :now, last_step = :step
            WHERE account_id = :account AND user_id = :user AND confirmed_at IS NULL
            """;

    private static final String TAKE_STEP =
            """
            UPDATE second_step
            SET last_step = :step
            WHERE account_id = :account AND user_id = :user AND last_step < :step
            """;

    private static final String TAKE_RECOVERY_CODE =
            """
            DELETE FROM recovery_code
            WHERE account_id = :account AND user_id = :user AND code_hash = :hash
            """;

    private static final String ADD_RECOVERY_CODE =
            """
            INSERT INTO recovery_code (account_id, user_id, code_hash)
            VALUES (:account, :user, :hash)
            """;

    private static final String COUNT_RECOVERY_CODES =
            "SELECT count(*) FROM recovery_code WHERE account_id = :account AND user_id = :user";

    private static final String FORGET_RECOVERY_CODES =
            "DELETE FROM recovery_code WHERE account_id = :account AND user_id = :user";

    private static final String FORGET =
            "DELETE FROM second_step WHERE account_id = :account AND user_id = :user";

    private final Jdbi jdbi;
    private final InstantSource clock;
    private final Vault vault;
    private final AuditLog audit;

    /**
     * @param vault of these secrets alone
     */
    public TwoStep(Jdbi jdbi, InstantSource clock, Vault vault, AuditLog audit) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.vault = vault;
        this.audit = audit;
    }

    /** Whether a code is asked for after the password. */
    public boolean isOn(Principal user) {
        return jdbi.withHandle(db -> isOn(db, user));
    }

    /** How many recovery codes are left. */
    public int recoveryCodes(Principal user) {
        return jdbi.withHandle(
                db -> bind(db.createQuery(COUNT_RECOVERY_CODES), user).mapTo(Integer.class).one());
    }

    /**
     * Begins: an app gets a new secret. Nothing is asked for until {@link #confirm}.
     *
     * @throws Conflict if it is on already
     */
    public void begin(Principal user) {
        byte[] sealed = vault.seal(Secrets.octets(SECRET_OCTETS), place(user));
        int begun =
                jdbi.withHandle(
                        db -> bind(db.createUpdate(BEGIN), user).bind("secret", sealed).execute());
        if (begun == 0) throw new Conflict("Two-step sign-in is on already", "two_step_on");
    }

    /** What was begun and not confirmed yet. */
    public Optional<Enrolment> begun(Principal user, EmailAddress email) {
        return jdbi.withHandle(db -> secret(db, user, false))
                .map(Totp::base32)
                .map(secret -> new Enrolment(secret, uri(secret, email)));
    }

    /**
     * Turns it on if the app shows the right code, and signs the user out everywhere else.
     *
     * @return the recovery codes, for the only time; empty: the code is wrong
     */
    public Optional<List<String>> confirm(
            Session session, String code, @Nullable String ipAddress) {
        var user = session.principal();
        return jdbi.inTransaction(tx -> {
            var secret = secret(tx, user, false);
            if (secret.isEmpty()) return Optional.empty();
            var step = Totp.step(secret.get(), digits(code), clock.instant());
            if (step.isEmpty()) return Optional.empty();
            int confirmed =
                    bind(tx.createUpdate(CONFIRM), user)
                            .bind("now", utc(clock.instant()))
                            .bind("step", step.getAsLong())
                            .execute();
            if (confirmed == 0) return Optional.empty();
            var codes = newRecoveryCodes(tx, user);
            Sessions.closeOthers(tx, user, session.id());
            audit.note(tx, user, "turned on two-step sign-in", ipAddress);
            return Optional.of(codes);
        });
    }

    /**
     * Takes a code of the app or a recovery code: it is worth nothing from then on.
     *
     * @return whether it was right
     */
    public boolean take(Principal user, String code, @Nullable String ipAddress) {
        return jdbi.inTransaction(
                tx -> takeDigits(tx, user, code) || takeRecoveryCode(tx, user, code, ipAddress));
    }

    /** Ten new recovery codes, for the only time; the old ones are worth nothing. */
    public List<String> renewRecoveryCodes(Principal user, @Nullable String ipAddress) {
        return jdbi.inTransaction(tx -> {
            if (!isOn(tx, user)) {
                throw new Conflict("Two-step sign-in is off", "two_step_off");
            }
            var codes = newRecoveryCodes(tx, user);
            audit.note(tx, user, "made new recovery codes", ipAddress);
            return codes;
        });
    }

    /** Turns it off, and signs the user out everywhere else. */
    public void turnOff(Session session, @Nullable String ipAddress) {
        jdbi.useTransaction(tx -> {
            forget(tx, session.principal());
            Sessions.closeOthers(tx, session.principal(), session.id());
            audit.note(tx, session.principal(), "turned off two-step sign-in", ipAddress);
        });
    }

    /** Turns it off by the command line, for who has lost phone and recovery codes. */
    public static void turnOff(Jdbi jdbi, AuditLog audit, Principal user) {
        jdbi.useTransaction(tx -> {
            forget(tx, user);
            Sessions.closeAll(tx, user);
            audit.note(tx, user, "had two-step sign-in turned off on the server", null);
        });
    }

    static void forget(Handle tx, Principal user) {
        bind(tx.createUpdate(FORGET), user).execute();
        bind(tx.createUpdate(FORGET_RECOVERY_CODES), user).execute();
        HalfWay.closeAll(tx, user);
    }

    private boolean takeDigits(Handle tx, Principal user, String code) {
        var secret = readable(tx, user);
        if (secret.isEmpty()) return false;
        var step = Totp.step(secret.get(), digits(code), clock.instant());
        return step.isPresent()
                && bind(tx.createUpdate(TAKE_STEP), user).bind("step", step.getAsLong()).execute()
                        > 0;
    }

    // After another DYNOSEND_SECRET no code is right any more; recovery codes are.
    private Optional<byte[]> readable(Handle tx, Principal user) {
        try {
            return secret(tx, user, true);
        } catch (IllegalStateException e) {
            log.error("A code of user {} cannot be checked: {}", user.user(), e.getMessage());
            return Optional.empty();
        }
    }

    private static boolean isOn(Handle db, Principal user) {
        return bind(db.createQuery(IS_ON), user).mapTo(Boolean.class).one();
    }

    private boolean takeRecoveryCode(
            Handle tx, Principal user, String code, @Nullable String ipAddress) {
        boolean taken =
                bind(tx.createUpdate(TAKE_RECOVERY_CODE), user)
                                .bind("hash", Secrets.sha256(folded(code)))
                                .execute()
                        > 0;
        if (taken) audit.note(tx, user, "used a recovery code", ipAddress);
        return taken;
    }

    private static List<String> newRecoveryCodes(Handle tx, Principal user) {
        bind(tx.createUpdate(FORGET_RECOVERY_CODES), user).execute();
        var codes =
                Stream.generate(() -> grouped(Totp.base32(Secrets.octets(RECOVERY_OCTETS))))
                        .limit(RECOVERY_CODES)
                        .toList();
        for (var code : codes) {
            bind(tx.createUpdate(ADD_RECOVERY_CODE), user)
                    .bind("hash", Secrets.sha256(folded(code)))
                    .execute();
        }
        return codes;
    }

    private Optional<byte[]> secret(Handle db, Principal user, boolean confirmed) {
        return bind(db.createQuery(SECRET), user)
                .bind("confirmed", confirmed)
                .mapTo(byte[].class)
                .findOne()
                .map(sealed -> vault.open(sealed, place(user)));
    }

    private static <S extends SqlStatement<S>> S bind(S statement, Principal user) {
        return statement.bind("account", user.account()).bind("user", user.user());
    }

    // github.com/google/google-authenticator, wiki, Key URI Format
    private static String uri(String secret, EmailAddress email) {
        String who = URLEncoder.encode(email.value(), StandardCharsets.UTF_8).replace("+", "%20");
        return "otpauth://totp/Dynosend:%s?secret=%s&issuer=Dynosend".formatted(who, secret);
    }

    private static String digits(String code) {
        return code.replaceAll("[^0-9]", "");
    }

    private static String folded(String code) {
        return code.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }

    private static String grouped(String code) {
        return code.toLowerCase(Locale.ROOT).replaceAll("(.{4})(?!$)", "$1-");
    }

    private static String place(Principal user) {
        return "%d second step of %d".formatted(user.account(), user.user());
    }
}
