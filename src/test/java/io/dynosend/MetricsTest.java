package io.dynosend;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.database.Database;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsTest extends DatabaseTest {

    private static final String TOKEN = "0123456789abcdef0123456789abcdef";

    @TempDir private Path folder;

    @Test
    void thereAreNoneUnlessTheirTokenIsSet() {
        assertThat(http.get("/metrics").status()).isEqualTo(404);
    }

    @Test
    void whoShowsAnotherTokenSeesNothing() {
        try (var node = anotherNode("--metrics-token", TOKEN)) {
            var stranger = new Http(node.port(), "x" + TOKEN).get("/metrics");

            assertThat(stranger.status()).isEqualTo(401);
            assertThat(stranger.body()).isEmpty();
        }
    }

    @Test
    void aCampaignIsCountedByOutcomeDomainAndRelay() {
        try (var database = Database.open(TestPostgres.newDatabase());
                var node =
                        new Application(
                                Config.read(
                                        Map.of(),
                                        List.of(
                                                "--port",
                                                "0",
                                                "--data",
                                                folder.toString(),
                                                "--metrics-token",
                                                TOKEN)),
                                database.dataSource(),
                                InstantSource.system())) {
            var api = new Http(node.port(), node.firstCredentials().orElseThrow().apiToken());
            sendCampaign(api);

            var metrics = new Http(node.port(), TOKEN);
            Await.until(
                    "two are sent",
                    Duration.ofSeconds(20),
                    () ->
                            metrics.get("/metrics")
                                    .body()
                                    .contains(
                                            "dynosend_messages_total{domain=\"example.org\",outcome=\"sent\"} 2.0"));

            var body = metrics.get("/metrics").body();
            assertThat(body)
                    .contains(
                            "dynosend_barriers_total 2.0",
                            "dynosend_leases_lost_total 0.0",
                            "dynosend_unknown 0.0",
                            "dynosend_queue_age_seconds{kind=\"bulk\"} ")
                    .containsPattern(
                            "dynosend_relay_messages_total\\{outcome=\"accepted\",relay=\"[^\"]+\"} 2.0")
                    .containsPattern("dynosend_barrier_wait_seconds_total 0\\.0*[1-9]");
        }
    }

    private static void sendCampaign(Http api) {
        String audience =
                made(
                        api,
                        "/audiences",
                        """
                        {"name": "A", "from_email": "a@example.org", "from_name": "A",
                         "contact_information": {"address_1": "12 Main Street"}}
                        """,
                        "audience_uid");
        for (String name : List.of("ada", "bob")) {
            made(
                    api,
                    "/contacts",
                    "{\"audience_uid\": \"%s\", \"EMAIL\": \"%s@example.org\"}"
                            .formatted(audience, name),
                    "contact_uid");
        }
        String campaign =
                made(
                        api,
                        "/campaigns",
                        """
                        {"name": "C", "audience_uid": "%s", "subject": "S", "html": "<p>Hi</p>"}
                        """
                                .formatted(audience),
                        "campaign_uid");
        made(api, "/campaigns/start", "{\"campaign_uid\": \"%s\"}".formatted(campaign), "status");
    }

    private static String made(Http api, String path, String body, String key) {
        var reply = api.post("/api/v2" + path, body);
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        return reply.json().get(key).asText();
    }
}
