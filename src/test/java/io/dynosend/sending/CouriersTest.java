package io.dynosend.sending;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.Await;
import io.dynosend.Databases;
import io.dynosend.SmtpSink;
import io.dynosend.TestPostgres;
import io.dynosend.account.Quotas;
import io.dynosend.common.EmailAddress;
import io.dynosend.database.Database;
import io.dynosend.relay.RelayHealths;
import io.dynosend.sending.Outbox.Kind;
import io.dynosend.sending.Outbox.NewMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CouriersTest {

    private static final Database database = Database.open(TestPostgres.newDatabase());
    private static final Jdbi jdbi = Databases.jdbi(database);

    private final InstantSource clock = InstantSource.system();
    private final Quotas quotas = new Quotas(jdbi, clock);
    private final Outbox outbox = new Outbox(jdbi, clock, quotas, MessageSigner.NONE);
    private final Mailings mailings = new Mailings(jdbi, clock, quotas);
    private long account;
    private long audience;

    @BeforeEach
    void aCampaignToThousands() {
        account =
                one(
                        "INSERT INTO account (uid, name, created_at) VALUES ('a', 'A', now()) RETURNING id");
        audience =
                one(
                        """
                        INSERT INTO audience (
                            account_id, uid, name, from_email, from_name, created_at, updated_at)
                        VALUES (%d, 'a', 'A', 'a@example.org', 'A', now(), now())
                        RETURNING id
                        """
                                .formatted(account));
        execute(
                """
                INSERT INTO contact (
                    account_id, audience_id, uid, email, status, source, created_at, updated_at)
                SELECT %d, %d, i::text, 'r' || i || '@example.org', 'subscribed', 'api', now(), now()
                FROM generate_series(1, 4000) AS i
                """
                        .formatted(account, audience));
        jdbi.useTransaction(tx -> mailings.open(tx, account, audience));
        while (mailings.writeRecipients()) {}
    }

    @AfterEach
    void leaveNothingBehind() {
        jdbi.useHandle(db -> db.execute("TRUNCATE account CASCADE"));
    }

    @AfterAll
    static void hangUp() {
        database.close();
    }

    @Test
    void aSingleMessageGoesOutAtOnceWhileAllCouriersAreBusyWithBulkAtASlowRelay() throws Exception {
        try (var slow = new SmtpSink(Duration.ofSeconds(3));
                var couriers = couriers(slow)) {
            couriers.sendOut();
            Await.until("all are busy", Duration.ofSeconds(10), () -> slow.accepted().size() >= 20);
            enqueueTest("ada@example.org");

            long start = System.nanoTime();
            couriers.sendSingles();
            Await.until(
                    "ada has hers",
                    Duration.ofSeconds(5),
                    () -> slow.accepted().contains("ada@example.org"));

            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isLessThan(Duration.ofSeconds(1));
        }
    }

    @Test
    void manySingleMessagesAreSentOnceEachAndTheirMailingsAreDone() throws Exception {
        try (var sink = new SmtpSink(Duration.ZERO);
                var couriers = couriers(sink)) {
            for (int i = 0; i < 300; i++) enqueueTest("t" + i + "@example.org");

            Await.until(
                    "all are done",
                    Duration.ofSeconds(30),
                    () -> {
                        couriers.sendSingles();
                        return one(
                                        "SELECT count(*) FROM mailing WHERE kind = 'test' AND state = 'done'")
                                == 300;
                    });

            assertThat(sink.accepted()).hasSize(300).doesNotHaveDuplicates();
            assertThat(sink.received().getFirst().content()).startsWith("Subject: Hi\r\n\r\n");
        }
    }

    @Test
    void aRelayThatHangsUpBetweenMessagesDelaysNone() throws Exception {
        try (var sink = new SmtpSink(Duration.ZERO).oneMessageAConnection();
                var couriers = couriers(sink)) {
            for (int i = 0; i < 40; i++) enqueueTest("t" + i + "@example.org");

            Await.until(
                    "all are sent",
                    Duration.ofSeconds(20),
                    () -> {
                        couriers.sendSingles();
                        return sink.accepted().size() == 40;
                    });

            assertThat(sink.accepted()).doesNotHaveDuplicates();
            assertThat(one("SELECT coalesce(sum(tries), 0) FROM delivery")).isZero();
        }
    }

    private Couriers couriers(SmtpSink sink) {
        return new Couriers(
                jdbi,
                new Ledger(jdbi, UUID.randomUUID()),
                new SameForAll(message("bulk")),
                (_, _, _) -> {},
                TestRelays.of(jdbi, sink.url()),
                new RelayHealths(jdbi),
                20,
                Duration.ofHours(24),
                clock);
    }

    private void enqueueTest(String address) {
        jdbi.useTransaction(tx ->
                outbox.enqueue(
                        tx,
                        List.of(
                                new NewMessage(
                                        outbox.nextId(),
                                        account,
                                        audience,
                                        null,
                                        new EmailAddress(address),
                                        Kind.TEST,
                                        null,
                                        message("single")))));
    }

    private static OutgoingMessage message(String text) {
        return new OutgoingMessage(
                new EmailAddress("me@example.org"),
                ("Subject: Hi\r\n\r\n" + text).getBytes(StandardCharsets.UTF_8));
    }

    private static long one(String sql) {
        return jdbi.withHandle(db -> db.createQuery(sql).mapTo(Long.class).one());
    }

    private static void execute(String sql) {
        jdbi.useHandle(db -> db.execute(sql));
    }
}
