package io.dynosend.account;

import static io.dynosend.common.Sql.utc;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.dynosend.common.Network;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Attempts to sign in, counted over all nodes before the password is looked at. Somebody else who
 * guesses cannot lock a user out soon: few attempts are allowed from one network as one user, many
 * more as that user from everywhere.
 */
public final class SignInAttempts {

    /** How long an attempt counts. */
    public static final Duration WINDOW = Duration.ofMinutes(15);

    private static final int MOST_AS_ONE_FROM_THERE = 10;
    private static final int MOST_FROM_THERE = 50;
    private static final int MOST_AS_ONE = 200;

    // Of a million codes three are good at any moment; who guesses has the password already.
    private static final int MOST_CODES = 10;

    private static final Duration RESET_WINDOW = Duration.ofHours(1);
    private static final int MOST_RESETS_OF_ONE = 3;
    private static final int MOST_RESETS_FROM_THERE = 20;
    private static final int MOST_PASSKEYS_FROM_THERE = 100;

    private static final String COUNT =
            """
            INSERT INTO sign_in_attempt AS a (key, attempts, since)
            VALUES (:key, 1, :now)
            ON CONFLICT (key) DO UPDATE
            SET attempts = CASE WHEN a.since > :windowStart THEN a.attempts + 1 ELSE 1 END,
                since = CASE WHEN a.since > :windowStart THEN a.since ELSE excluded.since END
            RETURNING attempts
            """;

    private static final String TAKE_BACK =
            "UPDATE sign_in_attempt SET attempts = attempts - 1 WHERE key = :key AND attempts > 0";

    private static final String FORGET = "DELETE FROM sign_in_attempt WHERE key = :key";

    private static final String FORGET_OLD =
            """
            DELETE FROM sign_in_attempt
            WHERE key IN (
                SELECT key FROM sign_in_attempt WHERE since <= :then FOR UPDATE SKIP LOCKED)
            """;

    private final Jdbi jdbi;
    private final InstantSource clock;

    public SignInAttempts(Jdbi jdbi, InstantSource clock) {
        this.jdbi = jdbi;
        this.clock = clock;
    }

    /**
     * Counts one.
     *
     * @return whether the password may be looked at
     */
    public boolean allow(String email, String ipAddress) {
        return jdbi.inTransaction(tx -> {
            tx.createUpdate(FORGET_OLD)
                    .bind("then", utc(clock.instant().minus(RESET_WINDOW)))
                    .execute();
            return count(tx, pair(email, ipAddress)) <= MOST_AS_ONE_FROM_THERE
                    && count(tx, from(ipAddress)) <= MOST_FROM_THERE
                    && count(tx, as(email)) <= MOST_AS_ONE;
        });
    }

    /**
     * The password was right: this attempt does not count, nor what was mistyped from there before.
     */
    public void succeeded(String email, String ipAddress) {
        jdbi.useTransaction(tx -> {
            tx.createUpdate(FORGET).bind("key", sha256(pair(email, ipAddress))).execute();
            tx.createUpdate(TAKE_BACK).bind("key", sha256(from(ipAddress))).execute();
            tx.createUpdate(TAKE_BACK).bind("key", sha256(as(email))).execute();
        });
    }

    /**
     * Counts a code that is asked for after the password.
     *
     * @return whether it may be looked at
     */
    public boolean allowCode(Principal user) {
        return jdbi.inTransaction(tx -> count(tx, codeOf(user)) <= MOST_CODES);
    }

    /** The code was right: none that was mistyped before counts. */
    public void codeSucceeded(Principal user) {
        jdbi.useHandle(db -> db.createUpdate(FORGET).bind("key", sha256(codeOf(user))).execute());
    }

    /** Whether somebody who has forgotten the password may have a mail. */
    public enum Reset {
        YES,
        ENOUGH_FOR_THIS_ADDRESS,
        TOO_MANY_FROM_THERE
    }

    /** Counts somebody who has forgotten a password, whether the address is known or not. */
    public Reset allowReset(String email, String ipAddress) {
        return jdbi.inTransaction(tx -> {
            if (count(tx, "reset from " + Network.of(ipAddress), RESET_WINDOW)
                    > MOST_RESETS_FROM_THERE) {
                return Reset.TOO_MANY_FROM_THERE;
            }
            return count(tx, "reset of " + folded(email), RESET_WINDOW) > MOST_RESETS_OF_ONE
                    ? Reset.ENOUGH_FOR_THIS_ADDRESS
                    : Reset.YES;
        });
    }

    /**
     * Counts somebody who asks for something to sign with a passkey.
     *
     * @return whether they may have it
     */
    public boolean allowPasskey(String ipAddress) {
        return jdbi.inTransaction(tx ->
                count(tx, "passkey from " + Network.of(ipAddress)) <= MOST_PASSKEYS_FROM_THERE);
    }

    private int count(Handle tx, String key) {
        return count(tx, key, WINDOW);
    }

    private int count(Handle tx, String key, Duration window) {
        var now = clock.instant();
        return tx.createQuery(COUNT)
                .bind("key", sha256(key))
                .bind("now", utc(now))
                .bind("windowStart", utc(now.minus(window)))
                .mapTo(Integer.class)
                .one();
    }

    private static String pair(String email, String ipAddress) {
        return folded(email) + " from " + Network.of(ipAddress);
    }

    private static String from(String ipAddress) {
        return "from " + Network.of(ipAddress);
    }

    private static String as(String email) {
        return "as " + folded(email);
    }

    private static String codeOf(Principal user) {
        return "code of %d %d".formatted(user.account(), user.user());
    }

    private static String folded(String email) {
        return email.strip().toLowerCase(Locale.ROOT);
    }

    private static byte[] sha256(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }
}
