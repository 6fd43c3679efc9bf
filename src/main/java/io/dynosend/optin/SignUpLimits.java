package io.dynosend.optin;

import static io.dynosend.common.Sql.utc;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.dynosend.account.SigningKey;
import io.dynosend.common.Hmac;
import io.dynosend.common.Network;
import io.dynosend.common.Problem.TooManyRequests;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** How often forms may be sent, counted over all nodes before anything else is done. */
public final class SignUpLimits {

    /** How long an attempt counts. */
    public static final Duration WINDOW = Duration.ofMinutes(15);

    static final int MOST_FROM_A_NETWORK = 20;
    static final int MOST_FOR_A_MAILBOX = 5;
    static final int MOST_FOR_A_FORM = 1_000;
    static final int MOST_OF_ALL = 5_000;

    private static final Set<String> GMAIL = Set.of("gmail.com", "googlemail.com");

    private static final String COUNT =
            """
            INSERT INTO form_attempt AS a (key, attempts, since)
            VALUES (:key, 1, :now)
            ON CONFLICT (key) DO UPDATE
            SET attempts = CASE WHEN a.since > :windowStart THEN a.attempts + 1 ELSE 1 END,
                since = CASE WHEN a.since > :windowStart THEN a.since ELSE excluded.since END
            RETURNING attempts
            """;

    private static final String FORGET = "DELETE FROM form_attempt WHERE since <= :then";

    private final Jdbi jdbi;
    private final InstantSource clock;
    private final Hmac hmac;

    public SignUpLimits(Jdbi jdbi, InstantSource clock, SigningKey signingKey) {
        this.jdbi = jdbi;
        this.clock = clock;
        hmac = new Hmac(signingKey.purpose("sign-up-limits").getEncoded());
    }

    /**
     * Counts an attempt.
     *
     * @throws TooManyRequests if there were too many
     */
    void take(SignUpForm form, String address, @Nullable String ipAddress) {
        String network = ipAddress == null ? "" : Network.of(ipAddress);
        boolean fine =
                jdbi.inTransaction(tx ->
                        count(tx, "from " + network) <= MOST_FROM_A_NETWORK
                                && count(tx, "for " + mailbox(address)) <= MOST_FOR_A_MAILBOX
                                && count(tx, "form " + form.uid()) <= MOST_FOR_A_FORM
                                && count(tx, "all") <= MOST_OF_ALL);
        if (!fine) throw new TooManyRequests(WINDOW);
    }

    /** Drops what limits nobody any more. */
    public void forgetOld() {
        jdbi.useHandle(db ->
                db.createUpdate(FORGET).bind("then", utc(clock.instant().minus(WINDOW))).execute());
    }

    private int count(Handle tx, String what) {
        var now = clock.instant();
        return tx.createQuery(COUNT)
                .bind("key", hmac.of(what.getBytes(UTF_8)))
                .bind("now", utc(now))
                .bind("windowStart", utc(now.minus(WINDOW)))
                .mapTo(Integer.class)
                .one();
    }

    // What reaches one mailbox is one: a part after a plus sign, and the dots of Gmail.
    private static String mailbox(String address) {
        String folded = address.strip().toLowerCase(Locale.ROOT);
        int at = folded.lastIndexOf('@');
        if (at < 1) return folded;
        String local = folded.substring(0, at);
        String domain = folded.substring(at + 1);
        int plus = local.indexOf('+');
        if (plus > 0) local = local.substring(0, plus);
        return GMAIL.contains(domain)
                ? local.replace(".", "") + "@gmail.com"
                : local + "@" + domain;
    }
}
