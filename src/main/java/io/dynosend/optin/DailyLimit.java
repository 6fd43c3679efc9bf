package io.dynosend.optin;

import static io.dynosend.common.Sql.column;
import static io.dynosend.common.Sql.instant;
import static io.dynosend.common.Sql.utc;

import io.dynosend.account.SigningKey;
import io.dynosend.common.EmailAddress;
import io.dynosend.contact.SubscriptionListener.Subscription;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** At most one confirmation mail in 24 hours to each mailbox, over all audiences of an account. */
final class DailyLimit {

    static final Duration BETWEEN = Duration.ofHours(24);

    private static final Set<String> GMAIL = Set.of("gmail.com", "googlemail.com");
    private static final int HASH_BYTES = 16;

    // In one order, so that two transactions do not wait for each other.
    private static final String TAKE =
            """
            INSERT INTO opt_in_limit AS l (account_id, mailbox, mailed_at)
            SELECT account_id, mailbox, :now
            FROM unnest(:accounts, :mailboxes) AS q (account_id, mailbox)
            ORDER BY account_id, mailbox
            ON CONFLICT (account_id, mailbox) DO UPDATE
            SET mailed_at = excluded.mailed_at
            WHERE l.mailed_at <= :before
            RETURNING account_id, mailbox
            """;

    private static final String GIVE_BACK =
            """
            DELETE FROM opt_in_limit l
            USING unnest(:accounts, :mailboxes) AS q (account_id, mailbox)
            WHERE l.account_id = q.account_id AND l.mailbox = q.mailbox
            """;

    private static final String LAST =
            """
            SELECT mailed_at
            FROM opt_in_limit
            WHERE account_id = :account AND mailbox = :mailbox AND mailed_at > :before
            """;

    private static final String FORGET = "DELETE FROM opt_in_limit WHERE mailed_at <= :before";

    private record Mailbox(long account, String hash) {}

    private final Jdbi jdbi;
    private final InstantSource clock;
    private final SecretKeySpec key;

    DailyLimit(Jdbi jdbi, InstantSource clock, SigningKey key) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.key = key.purpose("opt-in-limit");
    }

    /**
     * Those who may be mailed now, and from now on not for a day; of those with one mailbox the
     * first.
     */
    Set<Subscription> take(Handle tx, List<Subscription> wanted) {
        var firsts = new LinkedHashMap<Mailbox, Subscription>();
        for (var each : wanted) firsts.putIfAbsent(mailbox(each), each);
        var mailboxes = List.copyOf(firsts.keySet());
        var taken = new HashSet<Subscription>();
        tx.createQuery(TAKE)
                .bindArray("accounts", Long.class, column(mailboxes, Mailbox::account))
                .bindArray("mailboxes", String.class, column(mailboxes, Mailbox::hash))
                .bind("now", utc(clock.instant()))
                .bind("before", utc(clock.instant().minus(BETWEEN)))
                .map((row, _) -> new Mailbox(row.getLong("account_id"), row.getString("mailbox")))
                .forEach(mailbox -> Optional.ofNullable(firsts.get(mailbox)).ifPresent(taken::add));
        return taken;
    }

    /** They were not mailed after all. */
    void giveBack(Handle tx, Collection<Subscription> taken) {
        if (taken.isEmpty()) return;
        var mailboxes = taken.stream().map(this::mailbox).toList();
        tx.createUpdate(GIVE_BACK)
                .bindArray("accounts", Long.class, column(mailboxes, Mailbox::account))
                .bindArray("mailboxes", String.class, column(mailboxes, Mailbox::hash))
                .execute();
    }

    /** When the mailbox was mailed within the last 24 hours; empty: it may be mailed. */
    Optional<Instant> last(Handle tx, Subscription wanted) {
        var mailbox = mailbox(wanted);
        return tx.createQuery(LAST)
                .bind("account", mailbox.account())
                .bind("mailbox", mailbox.hash())
                .bind("before", utc(clock.instant().minus(BETWEEN)))
                .map((row, _) -> instant(row, "mailed_at"))
                .findOne();
    }

    /** Drops what limits nobody any more. */
    void forgetOld() {
        jdbi.useHandle(db ->
                db.createUpdate(FORGET)
                        .bind("before", utc(clock.instant().minus(BETWEEN)))
                        .execute());
    }

    private Mailbox mailbox(Subscription subscription) {
        String mailbox = canonical(subscription.contact().email());
        return new Mailbox(subscription.account(), hash(mailbox));
    }

    // Where it is known which spellings reach one person, all of them count as one.
    private static String canonical(EmailAddress email) {
        if (!GMAIL.contains(email.domain())) return email.value();
        String local = email.value().substring(0, email.value().lastIndexOf('@'));
        return local.replaceFirst("\\+.*", "").replace(".", "") + "@gmail.com";
    }

    private String hash(String mailbox) {
        try {
            var mac = Mac.getInstance(key.getAlgorithm());
            mac.init(key);
            byte[] hash = mac.doFinal(mailbox.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(Arrays.copyOf(hash, HASH_BYTES));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has " + key.getAlgorithm(), e);
        }
    }
}
