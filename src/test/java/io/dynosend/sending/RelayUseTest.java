package io.dynosend.sending;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.Await;
import io.dynosend.Databases;
import io.dynosend.SmtpSink;
import io.dynosend.TestPostgres;
import io.dynosend.account.Quotas;
import io.dynosend.common.EmailAddress;
import io.dynosend.database.Database;
import io.dynosend.relay.RelayHealth;
import io.dynosend.relay.RelayHealths;
import io.dynosend.relay.RelayLimits;
import io.dynosend.relay.RelaySettings;
import io.dynosend.relay.Relays;
import io.dynosend.smtp.Security;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which relay gets which mail, and how fast. */
class RelayUseTest {

    private static final Database database = Database.open(TestPostgres.newDatabase());
    private static final Jdbi jdbi = Databases.jdbi(database);
    private static final Duration LONG = Duration.ofSeconds(30);

    private final InstantSource clock = InstantSource.system();
    private final Mailings mailings = new Mailings(jdbi, clock, new Quotas(jdbi, clock));
    private final RelayHealths healths = new RelayHealths(jdbi);
    private final SmtpSink first = new SmtpSink(Duration.ZERO);
    private final SmtpSink second = new SmtpSink(Duration.ZERO);

    @AfterEach
    void leaveNothingBehind() throws IOException {
        first.close();
        second.close();
        jdbi.useHandle(db -> {
            db.execute("TRUNCATE account CASCADE");
            db.execute("TRUNCATE receiver_pace, allowance, relay_health");
        });
    }

    @AfterAll
    static void hangUp() {
        database.close();
    }

    @Test
    void anAccountsMailGoesThroughItsOwnRelayAndThatOfOthersThroughTheOperators() {
        long withRelay = accountWithCampaign("a", 30, "example.org");
        accountWithCampaign("b", 20, "example.org");
        var relays = TestRelays.of(jdbi, first.url(), address(second));
        relays.create(withRelay, settings(second, null));

        send(relays, 50);

        assertThat(second.accepted()).hasSize(30).allMatch(to -> to.startsWith("a"));
        assertThat(first.accepted()).hasSize(20).allMatch(to -> to.startsWith("b"));
    }

    @Test
    void aRelayForADomainTakesItsMailAlone() {
        long account = accountWithCampaign("a", 30, "example.org");
        var relays = TestRelays.of(jdbi, first.url(), address(second));
        relays.create(account, settings(second, "other.example"));

        send(relays, 30);

        assertThat(first.accepted()).hasSize(30);
        assertThat(second.accepted()).isEmpty();
    }

    @Test
    void aRelayThatIsDownIsLeftForTheNextAndNobodyIsDeferred() throws IOException {
        accountWithCampaign("a", 600, "example.org");
        second.close();
        var relays =
                TestRelays.of(
                        jdbi, "%s?weight=1 %s?weight=100".formatted(first.url(), second.url()));

        send(relays, 600);

        assertThat(first.accepted()).hasSize(600).doesNotHaveDuplicates();
        assertThat(one("SELECT coalesce(sum(tries), 0) FROM delivery")).isZero();
        var health = healths.of(List.of("server", "server-2"));
        assertThat(health.getOrDefault("server", RelayHealth.UNTRIED).state()).isEqualTo("ok");
        assertThat(health.getOrDefault("server-2", RelayHealth.UNTRIED).state())
                .isEqualTo("failing");
        assertThat(health.getOrDefault("server-2", RelayHealth.UNTRIED).failing())
                .contains("refused");
    }

    @Test
    void mailIsSpreadByWeight() {
        accountWithCampaign("a", 10_000, "example.org");
        var relays =
                TestRelays.of(jdbi, "%s?weight=1 %s?weight=4".formatted(first.url(), second.url()));

        send(relays, 10_000);

        // Of 40 chunks 32 are expected there; fewer than 20 happen once in a million times.
        assertThat(second.accepted().size()).isGreaterThanOrEqualTo(20 * 250);
        assertThat(first.accepted().size() + second.accepted().size()).isEqualTo(10_000);
    }

    @Test
    void aConnectionTakesAsManyMessagesAsTheRelaySays() {
        accountWithCampaign("a", 100, "example.org");
        var relays = TestRelays.of(jdbi, first.url() + "?messages_per_connection=10");

        send(relays, 100);

        assertThat(first.connections()).isEqualTo(10);
        assertThat(first.accepted()).hasSize(100).doesNotHaveDuplicates();
    }

    @Test
    void noMoreConnectionsAreOpenThanTheRelaySays() {
        accountWithCampaign("a", 2_000, "example.org");
        var relays = TestRelays.of(jdbi, first.url() + "?connections=3");

        send(relays, 2_000);

        // One of them is kept for single messages.
        assertThat(first.connections()).isEqualTo(2);
        assertThat(first.accepted()).hasSize(2_000).doesNotHaveDuplicates();
    }

    @Test
    void aRateIsKept() {
        accountWithCampaign("a", 60, "example.org");
        var relays = TestRelays.of(jdbi, first.url() + "?messages_per_second=20");
        long start = System.nanoTime();

        send(relays, 60);

        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofMillis(2_400), Duration.ofSeconds(10));
    }

    @Test
    void aReceiverThatAsksToSlowDownIsLeftAloneWhileTheOthersAreServed() {
        accountWithCampaign("a", 300, "example.org", "slow.example");
        first.answering("slow.example", "421 4.7.0 Too many messages, slow down");

        try (var couriers = couriers(TestRelays.of(jdbi, first.url()))) {
            Await.until(
                    "the others have theirs",
                    LONG,
                    () -> {
                        couriers.sendOut();
                        return first.accepted().size() == 150;
                    });

            assertThat(first.accepted()).allMatch(to -> to.endsWith("example.org"));
            assertThat(one("SELECT count(*) FROM receiver_pace WHERE domain = 'slow.example'"))
                    .isEqualTo(1);
            // One has heard it for all of its chunk.
            assertThat(one("SELECT count(*) FROM delivery WHERE tries > 0")).isLessThanOrEqualTo(2);
        }
    }

    @Test
    void aGreylistedMessageComesAgainLaterAndTheOthersGoOn() {
        accountWithCampaign("a", 20, "grey.example");
        first.answering("grey.example", "451 4.7.1 Greylisted, try again in 300 seconds");

        try (var couriers = couriers(TestRelays.of(jdbi, first.url()))) {
            Await.until(
                    "all have been tried",
                    LONG,
                    () -> {
                        couriers.sendOut();
                        return one("SELECT count(*) FROM delivery WHERE tries = 1") == 20;
                    });

            assertThat(one("SELECT count(*) FROM receiver_pace")).isZero();
            assertThat(
                            one(
                                    """
                                    SELECT count(*) FROM delivery
                                    WHERE due_at BETWEEN now() + interval '290 s'
                                        AND now() + interval '320 s'
                                    """))
                    .isEqualTo(20);
        }
    }

    @Test
    void whatIsDeferredForLongerThanItIsRetriedFailsWithTheLastAnswer() {
        accountWithCampaign("a", 1, "busy.example");
        first.answering("busy.example", "450 4.2.2 Mailbox full");
        try (var couriers = couriers(TestRelays.of(jdbi, first.url()))) {
            Await.until(
                    "it is deferred",
                    LONG,
                    () -> {
                        couriers.sendOut();
                        return one("SELECT count(*) FROM delivery WHERE tries = 1") == 1;
                    });
            Await.until(
                    "it is given back",
                    LONG,
                    () -> one("SELECT count(*) FROM mailing_chunk WHERE node IS NULL") == 1);
            jdbi.useHandle(db -> {
                db.execute(
                        "UPDATE delivery SET deferred_since = now() - interval '25 h', due_at = now()");
                db.execute("UPDATE mailing_chunk SET due_at = now()");
            });

            Await.until(
                    "it has failed",
                    LONG,
                    () -> {
                        couriers.sendOut();
                        return one("SELECT count(*) FROM delivery WHERE state = 'failed'") == 1;
                    });
        }

        assertThat(text("SELECT reason FROM delivery"))
                .isEqualTo("given up after 2 tries in 25 hours");
        assertThat(text("SELECT reply FROM delivery")).isEqualTo("450 4.2.2 Mailbox full");
    }

    @Test
    void aCampaignGoesOutAsFastAsItIsTold() {
        accountWithCampaign("a", 60, "example.org");
        jdbi.useHandle(db -> db.execute("UPDATE mailing SET per_hour = 20 * 3600"));
        long start = System.nanoTime();

        send(TestRelays.of(jdbi, first.url()), 60);

        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofMillis(2_400), Duration.ofSeconds(10));
    }

    @Test
    void accountsTakeTurns() {
        long big = accountWithCampaign("a", 2_000, "example.org");
        long small = accountWithCampaign("b", 500, "example.org");
        var ledger = new Ledger(jdbi, UUID.randomUUID());

        var turns = new ArrayList<Long>();
        for (int i = 0; i < 6; i++) {
            turns.add(ledger.claim(Set.of(), 1).getFirst().account());
        }

        assertThat(turns).containsExactly(big, small, big, small, big, big);
    }

    private void send(Relays relays, int messages) {
        try (var couriers = couriers(relays)) {
            couriers.meetOthers();
            Await.until(
                    "all have theirs",
                    LONG,
                    () -> {
                        couriers.sendOut();
                        return first.accepted().size() + second.accepted().size() >= messages;
                    });
            couriers.meetOthers();
        }
    }

    private Couriers couriers(Relays relays) {
        return new Couriers(
                jdbi,
                new Ledger(jdbi, UUID.randomUUID()),
                new SameForAll(
                        new OutgoingMessage(
                                new EmailAddress("me@example.org"),
                                "Subject: Hi\r\n\r\nhello".getBytes(StandardCharsets.UTF_8))),
                (_, _, _) -> {},
                relays,
                healths,
                20,
                Duration.ofHours(24),
                clock);
    }

    private static RelaySettings settings(SmtpSink sink, @Nullable String domain) {
        var url = URI.create(sink.url());
        return new RelaySettings(
                "mine",
                url.getHost(),
                url.getPort(),
                Security.STARTTLS_IF_OFFERED,
                null,
                domain,
                1,
                RelayLimits.NONE);
    }

    private static String address(SmtpSink sink) {
        return sink.url().substring("smtp://".length());
    }

    /** Recipients of the domains in turn. */
    private long accountWithCampaign(String name, int recipients, String... domains) {
        long account =
                one(
                        "INSERT INTO account (uid, name, created_at) VALUES ('%s', 'A', now()) RETURNING id"
                                .formatted(name));
        long audience =
                one(
                        """
                        INSERT INTO audience (
                            account_id, uid, name, from_email, from_name, created_at, updated_at)
                        VALUES (%d, '%s', 'A', 'me@example.org', 'A', now(), now())
                        RETURNING id
                        """
                                .formatted(account, name));
        jdbi.useHandle(db ->
                db.execute(
                        """
                        INSERT INTO contact (
                            account_id, audience_id, uid, email, status, source, created_at,
                            updated_at)
                        SELECT %d, %d, '%s' || i,
                               '%s' || i || '@' || (string_to_array('%s', ' '))[i %% %d + 1],
                               'subscribed', 'api', now(), now()
                        FROM generate_series(1, %d) AS i
                        """
                                .formatted(
                                        account,
                                        audience,
                                        name,
                                        name,
                                        String.join(" ", domains),
                                        domains.length,
                                        recipients)));
        jdbi.useTransaction(tx -> mailings.open(tx, account, audience));
        while (mailings.writeRecipients()) {}
        return account;
    }

    private static long one(String sql) {
        return jdbi.withHandle(db -> db.createQuery(sql).mapTo(Long.class).one());
    }

    private static String text(String sql) {
        return jdbi.withHandle(db -> db.createQuery(sql).mapTo(String.class).one());
    }
}
