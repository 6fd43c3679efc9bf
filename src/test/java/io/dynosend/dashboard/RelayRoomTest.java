package io.dynosend.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.SmtpSink;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RelayRoomTest extends RoomTest {

    @Test
    void aRelayIsAddedChangedAndDeletedAndEachIsInTheAuditLog() {
        assertThat(ada.page("/app/relays").select(".empty h2").text()).contains("No relay");

        var added = ada.post("/app/relays/new", relay(Map.of()));
        String relay = added.header("Location").replace("/test", "");
        var edited = ada.page(relay);
        assertThat(edited.select("[name=host]").val()).isEqualTo("smtp.example.com");
        assertThat(edited.select("[name=per_second]").val()).isEqualTo("2.5");
        assertThat(ada.page("/app/relays").select("tbody th").text())
                .contains("Main", "smtp.example.com:587", "2.5 a second");

        ada.post(relay, relay(Map.of("name", "Other", "password", "")));
        assertThat(ada.page("/app/relays").select("tbody th a").text()).isEqualTo("Other");
        assertThat(ada.post(relay + "/delete", Map.of()).body()).contains("Delete the relay");
        assertThat(ada.page("/app/relays").select("tbody th a").text()).isEqualTo("Other");
        ada.post(relay + "/delete", Map.of("confirmed", "yes"));

        assertThat(ada.page("/app/relays").select(".empty h2").text()).contains("No relay");
        assertThat(actions())
                .containsSubsequence(
                        "deleted the relay “Other”",
                        "changed the relay “Other”",
                        "added the relay “Main”");
    }

    @Test
    void thePasswordIsNeverShownAndStaysWhenNoneIsTyped() {
        String relay = addedRelay();

        assertThat(ada.get(relay).body()).doesNotContain("open sesame");
        ada.post(relay, relay(Map.of("password", "")));

        byte[] kept =
                single(byte[].class, "SELECT password FROM relay WHERE account_id = ?", account);
        assertThat(kept).isNotEmpty();
    }

    @Test
    void aKeptPasswordGoesToNoOtherHost() {
        String relay = addedRelay();

        var refused = ada.post(relay, relay(Map.of("host", "smtp.evil.example", "password", "")));

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.body()).contains("Enter it again", "smtp.evil.example");
        assertThat(ada.page(relay).select("[name=host]").val()).isEqualTo("smtp.example.com");
    }

    @Test
    void whatIsWrongIsSaidAtItsFieldAndWhatWasTypedIsKept() {
        var refused =
                ada.post(
                        "/app/relays/new",
                        relay(
                                Map.of(
                                        "host",
                                        HOSTILE,
                                        "port",
                                        "70000",
                                        "per_second",
                                        "many",
                                        "domain",
                                        "nonsense")));

        assertThat(refused.status()).isEqualTo(422);
        var page = parsed(refused);
        assertThat(page.select("#port-error").text()).contains("65,535");
        assertThat(page.select("#per_second-error").text()).contains("above 0");
        assertThat(page.select("#domain-error").text()).contains("example.com");
        assertThat(page.select("[name=host]").val()).isEqualTo(HOSTILE);
        assertThat(page.select("script:not([src])")).isEmpty();

        assertThat(
                        parsed(ada.post("/app/relays/new", relay(Map.of("port", "5432"))))
                                .select("#port-error")
                                .text())
                .contains("25, 465, 587");
        assertThat(
                        parsed(ada.post("/app/relays/new", relay(Map.of("host", "10.0.0.1"))))
                                .select("#host-error")
                                .text())
                .contains("public internet");
        assertThat(
                        parsed(ada.post("/app/relays/new", relay(Map.of("host", "0x7f000001"))))
                                .select("#host-error")
                                .text())
                .isEqualTo("Host must be a name, or an address of four numbers such as 192.0.2.25");
    }

    @Test
    void aTestTellsWhereItFailed() {
        String relay =
                ada.post("/app/relays/new", relay(Map.of("host", "localhost")))
                        .header("Location")
                        .replace("/test", "");

        var page = parsed(ada.post(relay + "/test", Map.of("from", "shop@example.org")));

        assertThat(page.select(".trial-result").text()).contains("was not sent");
        assertThat(page.select(".trial-steps .failed .trial-name").text())
                .startsWith("Look up the server");
        assertThat(page.select(".trial-advice").text()).contains("private network");
        assertThat(ada.post(relay + "/test", Map.of("from", "nobody")).status()).isEqualTo(422);
    }

    @Test
    void aTestGoesToWhoAsksForItAndNobodyElse() throws Exception {
        try (var sink = new SmtpSink(Duration.ZERO)) {
            String host = sink.url().replace("smtp://", "");
            try (var node = anotherNode("--relay-hosts", host)) {
                var here = signedIn(port(node), email);
                var settings =
                        Map.of(
                                "host",
                                "127.0.0.1",
                                "port",
                                host.substring(host.indexOf(':') + 1),
                                "security",
                                "starttls_if_offered");
                String relay =
                        here.post("/app/relays/new", settings)
                                .header("Location")
                                .replace("/test", "");

                var page =
                        parsed(
                                here.post(
                                        relay + "/test",
                                        Map.of("from", "shop@example.org", "to", "x@y.example")));

                assertThat(page.select(".trial-result").text()).contains("took the test message");
                assertThat(page.select(".trial-steps .failed")).isEmpty();
                assertThat(sink.accepted()).containsExactly(email);
            }
        }
    }

    @Test
    void aViewerReadsAndAStrangerFindsNothing() {
        String relay = addedRelay();
        var viewer = viewer();
        var stranger = stranger();

        assertThat(viewer.page("/app/relays").select("main form, main a.button")).isEmpty();
        for (String path : new String[] {"", "/test", "/delete"}) {
            assertThat(viewer.post(relay + path, relay(Map.of())).status()).isEqualTo(403);
            assertThat(stranger.post(relay + path, relay(Map.of("confirmed", "yes"))).status())
                    .isEqualTo(404);
        }
        assertThat(stranger.get(relay).status()).isEqualTo(404);
        assertThat(ada.get(relay).status()).isEqualTo(200);
    }

    @Test
    void aMarketerSeesTheRelaysAndChangesNone() {
        String relay = addedRelay();
        var marketer = marketer();

        assertThat(marketer.page("/app/relays").select("tbody th a").text()).isEqualTo("Main");
        for (String page : new String[] {"/app/relays", relay}) {
            assertThat(marketer.page(page).select("main a.button, main button")).isEmpty();
        }
        for (String path : new String[] {"/app/relays/new", relay, relay + "/test"}) {
            assertThat(marketer.post(path, relay(Map.of("from", email))).status()).isEqualTo(403);
        }
        assertThat(marketer.post(relay + "/delete", Map.of("confirmed", "yes")).status())
                .isEqualTo(403);
        assertThat(ada.page("/app/relays").select("tbody th a").text()).isEqualTo("Main");
    }

    @Test
    void theMailboxNoLongerSaysThatNothingLeaves() {
        addedRelay();

        assertThat(ada.page("/mailbox").text())
                .contains("Mail of accounts without a relay does not leave this machine")
                .doesNotContain("nothing leaves this machine");
    }

    @Test
    void aRelayThatFailsSaysWhySince() {
        String relay = addedRelay();
        execute(
                """
                INSERT INTO relay_health (node, relay, connections, accepted, deferred, refused,
                                          failing, failing_since, next_try_at, seen_at)
                VALUES (gen_random_uuid(), ?, 0, 7, 0, 1, ?, now(), now(), clock_timestamp())
                """,
                relay.substring(relay.lastIndexOf('/') + 1),
                "it answered 554 <img src=x onerror=alert(1)>");

        var page = ada.page("/app/relays");

        assertThat(page.select("tbody").text()).contains("failing", "554 <img src=x");
        assertThat(page.select("main img")).isEmpty();
    }

    private String addedRelay() {
        return ada.post("/app/relays/new", relay(Map.of())).header("Location").replace("/test", "");
    }

    private static Map<String, String> relay(Map<String, String> changes) {
        var settings =
                new HashMap<>(
                        Map.of(
                                "name", "Main",
                                "host", "smtp.example.com",
                                "port", "587",
                                "security", "starttls",
                                "user", "shop",
                                "password", "open sesame",
                                "per_second", "2.5"));
        settings.putAll(changes);
        return settings;
    }
}
