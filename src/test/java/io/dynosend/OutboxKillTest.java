package io.dynosend;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.account.Quotas;
import io.dynosend.common.EmailAddress;
import io.dynosend.database.Database;
import io.dynosend.database.Endpoint;
import io.dynosend.sending.MessageSigner;
import io.dynosend.sending.Outbox;
import io.dynosend.sending.Outbox.Kind;
import io.dynosend.sending.Outbox.NewMessage;
import io.dynosend.sending.OutgoingMessage;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server of its own process, killed without warning while it sends single messages. */
class OutboxKillTest {

    private static final int MESSAGES = 1_000;
    private static final int KILLS = 6;
    private static final int COURIERS = 8;

    @TempDir Path folder;
    private final int port = freePort();
    private final Http http = new Http(port, "none");
    private final Endpoint endpoint = TestPostgres.newDatabase();

    @Test
    void noMessageIsLostAndWhatIsSentAgainIsTheSameToTheByte() throws Exception {
        var chance = new Random(11);
        try (var database = Database.open(endpoint);
                var sink = new SmtpSink(Duration.ofMillis(40))) {
            var jdbi = Databases.jdbi(database);
            var server = start(sink);
            var queued = enqueue(jdbi);

            for (int kill = 0; kill < KILLS; kill++) {
                LockSupport.parkNanos(Duration.ofMillis(chance.nextInt(100, 600)).toNanos());
                assertThat(waiting(jdbi)).as("in the middle of it").isPositive();
                server.destroyForcibly().waitFor();
                server = start(sink);
            }
            Await.until("all of it is sent", Duration.ofMinutes(2), () -> waiting(jdbi) == 0);
            server.destroyForcibly().waitFor();

            var received = new HashMap<String, List<String>>();
            for (var message : sink.received()) {
                received.computeIfAbsent(message.recipient(), _ -> new ArrayList<>())
                        .add(message.content());
            }
            assertThat(received.keySet()).as("nobody is lost").isEqualTo(queued.keySet());
            received.forEach((to, contents) ->
                    assertThat(contents).allMatch(content -> content.equals(queued.get(to))));
            assertThat(states(jdbi)).as("none is unknown").containsExactly("sent");
            int again = sink.received().size() - MESSAGES;
            assertThat(again).isLessThanOrEqualTo(KILLS * COURIERS);
            System.out.printf("%d kills: %d sent, %d of them again%n", KILLS, MESSAGES, again);
        }
    }

    private Map<String, String> enqueue(Jdbi jdbi) {
        var clock = InstantSource.system();
        var outbox = new Outbox(jdbi, clock, new Quotas(jdbi, clock), MessageSigner.NONE);
        long account = one(jdbi, "SELECT min(id) FROM account");
        long audience =
                one(
                        jdbi,
                        """
                        INSERT INTO audience (
                            account_id, uid, name, from_email, from_name, created_at, updated_at)
                        VALUES (%d, 'a', 'A', 'a@example.org', 'A', now(), now())
                        RETURNING id
                        """
                                .formatted(account));
        var queued = new HashMap<String, String>();
        var messages = new ArrayList<NewMessage>();
        for (int i = 0; i < MESSAGES; i++) {
            var to = new EmailAddress("r%d@example.org".formatted(i));
            long id = outbox.nextId();
            String content =
                    "Message-ID: <%d@example.org>\r\nDate: Thu, 1 Jan 2026 10:00:00 +0000\r\n\r\n%s\r\n"
                            .formatted(id, "Hello. ".repeat(i % 200));
            queued.put(to.value(), content);
            messages.add(
                    new NewMessage(
                            id,
                            account,
                            audience,
                            null,
                            to,
                            Kind.TEST,
                            null,
                            new OutgoingMessage(
                                    new EmailAddress("me@example.org"),
                                    content.getBytes(StandardCharsets.US_ASCII))));
        }
        jdbi.useTransaction(tx -> outbox.enqueue(tx, messages));
        return queued;
    }

    private static long waiting(Jdbi jdbi) {
        return one(jdbi, "SELECT count(*) FROM delivery WHERE state = 'waiting'");
    }

    private static List<String> states(Jdbi jdbi) {
        return jdbi.withHandle(db ->
                db.select("SELECT DISTINCT state::text FROM delivery").mapTo(String.class).list());
    }

    private static long one(Jdbi jdbi, String sql) {
        return jdbi.withHandle(db -> db.createQuery(sql).mapTo(Long.class).one());
    }

    private Process start(SmtpSink sink) throws IOException {
        var process =
                ServerProcess.serve()
                        .redirectErrorStream(true)
                        .redirectOutput(new File(folder.toFile(), "server.log"));
        process.environment()
                .putAll(
                        Map.of(
                                "DYNOSEND_PORT", Integer.toString(port),
                                "DYNOSEND_DATA", folder.toString(),
                                "DYNOSEND_DATABASE_URL", databaseUrl(),
                                "DYNOSEND_SMTP_URL", sink.url()));
        var server = process.start();
        Await.until("the server is ready", Duration.ofSeconds(60), this::isReady);
        return server;
    }

    private boolean isReady() {
        try {
            return http.get("/health/ready").status() == 200;
        } catch (RuntimeException e) {
            return false;
        }
    }

    private String databaseUrl() {
        return endpoint.jdbcUrl()
                .replace(
                        "jdbc:postgresql://",
                        "postgresql://%s:%s@".formatted(endpoint.user(), endpoint.password()));
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
