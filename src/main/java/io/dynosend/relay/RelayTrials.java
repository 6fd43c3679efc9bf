package io.dynosend.relay;

import static io.dynosend.common.Sql.utc;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.dynosend.common.EmailAddress;
import io.dynosend.common.Problem.BadInput;
import io.dynosend.common.Problem.Conflict;
import io.dynosend.common.Uid;
import io.dynosend.smtp.Dialer;
import io.dynosend.smtp.Envelope;
import io.dynosend.smtp.Relay;
import io.dynosend.smtp.Timeouts;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** Tries a relay with a message and tells how it went, step by step. */
public final class RelayTrials {

    /** How a step ended. */
    public enum Outcome {
        OK,
        FAILED,
        /** It was not needed, or what came before it failed. */
        SKIPPED
    }

    /**
     * One step on the way of the message.
     *
     * @param detail what was found or answered, without control characters
     * @param advice what to do next; empty unless it failed
     */
    public record Step(String name, Outcome outcome, String detail, String advice, Duration took) {}

    /** Signs what an account sends. */
    @FunctionalInterface
    public interface Signer {

        byte[] signed(long account, EmailAddress from, byte[] message, Instant at);
    }

    static final int MOST = 20;
    static final Duration WINDOW = Duration.ofMinutes(15);

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Timeouts TIMEOUTS = Timeouts.DEFAULT.atMost(Duration.ofSeconds(10));

    private static final String COUNT =
            """
            INSERT INTO relay_trial AS t (account_id, trials, since)
            VALUES (:account, 1, :now)
            ON CONFLICT (account_id) DO UPDATE
            SET trials = CASE WHEN t.since > :windowStart THEN t.trials + 1 ELSE 1 END,
                since = CASE WHEN t.since > :windowStart THEN t.since ELSE excluded.since END
            RETURNING trials
            """;

    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC);

    private final Jdbi jdbi;
    private final InstantSource clock;
    private final RelayAddresses addresses;
    private final Signer signer;
    private final String helloName;
    private final Duration patience;
    private final @Nullable SSLContext authorities;

    public RelayTrials(
            Jdbi jdbi,
            InstantSource clock,
            RelayAddresses addresses,
            Signer signer,
            String helloName) {
        this(jdbi, clock, addresses, signer, helloName, PATIENCE, null);
    }

    /**
     * @param authorities whose certificates count; null: those that Java trusts
     */
    RelayTrials(
            Jdbi jdbi,
            InstantSource clock,
            RelayAddresses addresses,
            Signer signer,
            String helloName,
            Duration patience,
            @Nullable SSLContext authorities) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.addresses = addresses;
        this.signer = signer;
        this.helloName = helloName;
        this.patience = patience;
        this.authorities = authorities;
    }

    /**
     * Sends a message as these settings say, which need not be kept. Takes some twenty seconds at
     * most; ends with the first step that fails.
     *
     * @throws BadInput if host and port are not for accounts to name
     * @throws Conflict if the account has tried too often lately
     */
    public List<Step> send(
            long account, RelaySettings settings, EmailAddress from, EmailAddress to) {
        addresses.check(settings.host(), settings.port());
        count(account);
        var protocol = new TrialProtocol(settings);
        var trial =
                new FutureTask<@Nullable Void>(() -> {
                    run(account, settings, from, to, protocol);
                    return null;
                });
        Thread.ofVirtual().name("relay-trial").start(trial);
        try {
            trial.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            protocol.fails("it took longer than %d seconds".formatted(patience.toSeconds()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            protocol.fails("the server is shutting down");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            // Who waits for an answer is woken, and the connection closed.
            trial.cancel(true);
        }
        return protocol.steps();
    }

    private void run(
            long account,
            RelaySettings settings,
            EmailAddress from,
            EmailAddress to,
            TrialProtocol protocol) {
        var relay =
                new Relay(
                        settings.host(),
                        settings.port(),
                        settings.security(),
                        settings.credentials(),
                        helloName);
        boolean trusted = addresses.isTrusted(settings.host(), settings.port());
        var dialer = new Dialer(TIMEOUTS, RelayAddresses.dialled(trusted)).watchedBy(protocol);
        if (authorities != null) dialer = dialer.trusting(authorities);
        String sender = from.written();
        String recipient = to.written();
        var envelope = new Envelope(sender, recipient, !isAscii(sender + recipient));
        protocol.run(dialer, relay, envelope, message(account, settings.host(), from, to));
    }

    private byte[] message(long account, String host, EmailAddress from, EmailAddress to) {
        var now = clock.instant();
        String text =
                """
                From: %1$s
                To: %2$s
                Subject: Your relay works
                Date: %3$s
                Message-ID: <%4$s@%5$s>
                MIME-Version: 1.0
                Content-Type: text/plain; charset=utf-8
                Auto-Submitted: auto-generated

                This message came to you from Dynosend through %6$s.

                You asked for it to see whether the relay works. It does.
                """
                        .formatted(
                                from.written(),
                                to.written(),
                                DATE.format(now),
                                Uid.random(),
                                domain(from),
                                host);
        return signer.signed(account, from, text.replace("\n", "\r\n").getBytes(UTF_8), now);
    }

    private static String domain(EmailAddress from) {
        String written = from.written();
        String domain = written.substring(written.lastIndexOf('@') + 1);
        return isAscii(domain) ? domain : "localhost";
    }

    private static boolean isAscii(String text) {
        return US_ASCII.newEncoder().canEncode(text);
    }

    private void count(long account) {
        var now = clock.instant();
        int trials =
                jdbi.withHandle(db ->
                        db.createQuery(COUNT)
                                .bind("account", account)
                                .bind("now", utc(now))
                                .bind("windowStart", utc(now.minus(WINDOW)))
                                .mapTo(Integer.class)
                                .one());
        if (trials > MOST) {
            throw new Conflict(
                    "These were %d tests within %d minutes, which is enough; try again later"
                            .formatted(MOST, WINDOW.toMinutes()),
                    "too_many_trials");
        }
    }
}
