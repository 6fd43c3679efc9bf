package io.dynosend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server of its own process, killed without warning, again and again, in the middle of a
 * campaign.
 */
class KillTest {

    private static final int RECIPIENTS = 5_000;
    private static final int KILLS = 10;
    private static final int CONNECTIONS = 20;
    private static final String TOKEN = "a-token-for-the-test-that-kills-servers";

    @TempDir Path folder;
    private final int port = freePort();
    private final Http http = new Http(port, TOKEN);
    private final String database = databaseUrl();

    @Test
    void nobodyIsLostAndNobodyIsMailedTwiceHoweverOftenTheServerIsKilled() throws Exception {
        var chance = new Random(7);
        try (var sink = new SmtpSink(Duration.ofMillis(60))) {
            var server = start(sink);
            String campaign = startCampaign();

            for (int kill = 0; kill < KILLS; kill++) {
                LockSupport.parkNanos(Duration.ofMillis(chance.nextInt(50, 700)).toNanos());
                assertThat(status(campaign)).as("in the middle of it").isEqualTo("sending");
                server.destroyForcibly().waitFor();
                server = start(sink);
            }
            Await.until(
                    "the campaign ends by itself",
                    Duration.ofMinutes(2),
                    () -> status(campaign).equals("done"));

            var accepted = sink.accepted();
            var ledger = ledger(campaign);
            var sent = ledger.getOrDefault("sent", Set.of());
            var unknown = ledger.getOrDefault("unknown", Set.of());
            assertThat(accepted).as("nobody twice").doesNotHaveDuplicates();
            assertThat(ledger.values().stream().mapToInt(Set::size).sum()).isEqualTo(RECIPIENTS);
            assertThat(ledger.keySet()).as("each has an outcome").isSubsetOf("sent", "unknown");
            assertThat(accepted).as("who is sent has got it").containsAll(sent);
            var notSent = new HashSet<>(accepted);
            notSent.removeAll(sent);
            assertThat(unknown).as("who got it is sent or unknown").containsAll(notSent);
            assertThat(unknown).hasSizeLessThanOrEqualTo(KILLS * CONNECTIONS);
            System.out.printf(
                    "%d kills: %d sent, %d unknown, of which %d had arrived; 0 lost, 0 twice%n",
                    KILLS, sent.size(), unknown.size(), notSent.size());
            server.destroy();
            assertThat(server.waitFor()).as("it ends cleanly when told").isIn(0, 143);
        }
    }

    @Test
    void aServerThatIsToldToEndLeavesNothingUnknown() throws Exception {
        try (var sink = new SmtpSink(Duration.ofMillis(60))) {
            var server = start(sink);
            String campaign = startCampaign();
            Await.until(
                    "some have got it", Duration.ofSeconds(30), () -> sink.accepted().size() > 100);

            server.destroy();
            server.waitFor();
            assertThat(sink.accepted()).hasSizeLessThan(RECIPIENTS);
            server = start(sink);
            Await.until(
                    "the campaign ends by itself",
                    Duration.ofMinutes(2),
                    () -> status(campaign).equals("done"));

            assertThat(ledger(campaign)).containsOnlyKeys("sent");
            assertThat(sink.accepted()).hasSize(RECIPIENTS).doesNotHaveDuplicates();
            server.destroyForcibly().waitFor();
        }
    }

    @Test
    void aRepeatedRequestIsDoneOnceHoweverOftenTheServerIsKilled() throws Exception {
        try (var sink = new SmtpSink(Duration.ZERO)) {
            var server = start(sink);
            String audience = audience();
            var answers = new ConcurrentHashMap<Integer, String>();
            try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 100; i++) {
                    int client = i;
                    clients.execute(() -> answers.put(client, untilAnswered(audience)));
                }
                for (int kill = 0; kill < 3; kill++) {
                    LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
                    server.destroyForcibly().waitFor();
                    server = start(sink);
                }
            }

            assertThat(answers).hasSize(100);
            assertThat(new HashSet<>(answers.values())).as("all hear the same").hasSize(1);
            assertThat(http.get("/api/v2/contacts?audience_uid=" + audience).json()).hasSize(1);
            server.destroyForcibly().waitFor();
        }
    }

    // As a client does it that wants its request done, and only once.
    private String untilAnswered(String audience) {
        while (true) {
            try {
                var reply =
                        http.post(
                                "/api/v2/contacts",
                                "{\"audience_uid\": \"%s\", \"EMAIL\": \"ada@example.org\"}"
                                        .formatted(audience),
                                "Idempotency-Key",
                                "one-and-only");
                if (reply.status() == 200) return reply.body();
                if (reply.status() == 400) {
                    assertThat(reply.json().get("code").asText())
                            .isEqualTo("idempotency_in_progress");
                }
            } catch (UncheckedIOException e) {
                // It is being killed, or starts.
            }
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }

    private Process start(SmtpSink sink) throws IOException {
        var process =
                ServerProcess.serve()
                        .redirectErrorStream(true)
                        .redirectOutput(new File(folder.toFile(), "server.log"));
        process.environment()
                .putAll(
                        Map.of(
                                "DYNOSEND_PORT",
                                Integer.toString(port),
                                "DYNOSEND_DATA",
                                folder.toString(),
                                "DYNOSEND_DATABASE_URL",
                                database,
                                "DYNOSEND_SMTP_URL",
                                sink.url(),
                                "DYNOSEND_BENCH",
                                "true",
                                "DYNOSEND_API_TOKEN",
                                TOKEN));
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

    private String audience() {
        return post(
                        "/audiences",
                        """
                        {"name": "A", "from_email": "a@example.org", "from_name": "A",
                         "contact_information": {"address_1": "12 Main Street"}}
                        """)
                .get("audience_uid")
                .asText();
    }

    private String startCampaign() {
        String audience = audience();
        var csv = new StringBuilder("EMAIL\n");
        for (int i = 0; i < RECIPIENTS; i++) csv.append("r").append(i).append("@example.org\n");
        http.upload(
                "/api/v2/imports",
                Map.of("audience_uid", audience),
                "contacts.csv",
                csv.toString().getBytes(StandardCharsets.UTF_8));
        String campaign =
                post(
                                "/campaigns",
                                """
                                {"name": "C", "audience_uid": "%s", "subject": "S",
                                 "html": "<p>Hello {{ EMAIL }}</p>"}
                                """
                                        .formatted(audience))
                        .get("campaign_uid")
                        .asText();
        post("/campaigns/start", "{\"campaign_uid\": \"%s\"}".formatted(campaign));
        Await.until(
                "the first are sent",
                Duration.ofSeconds(10),
                () -> status(campaign).equals("sending"));
        return campaign;
    }

    private String status(String campaign) {
        return http.get("/api/v2/campaigns?campaign_uid=" + campaign)
                .json()
                .at("/campaign/status")
                .asText();
    }

    /** The addresses of the ledger by their status. */
    private Map<String, Set<String>> ledger(String campaign) {
        var byStatus = new TreeMap<String, Set<String>>();
        for (var recipient : recipients(campaign)) {
            byStatus.computeIfAbsent(recipient.get("status").asText(), _ -> new HashSet<>())
                    .add(recipient.get("email").asText());
        }
        return byStatus;
    }

    private List<JsonNode> recipients(String campaign) {
        var recipients = new ArrayList<JsonNode>();
        for (int page = 1; page <= RECIPIENTS / 1_000; page++) {
            http.get(
                            "/api/v2/campaigns/recipients?campaign_uid=%s&per_page=1000&page=%d"
                                    .formatted(campaign, page))
                    .json()
                    .get("recipients")
                    .forEach(recipients::add);
        }
        return recipients;
    }

    private JsonNode post(String path, String body) {
        var reply = http.post("/api/v2" + path, body);
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        return reply.json();
    }

    private static String databaseUrl() {
        var endpoint = TestPostgres.newDatabase();
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
