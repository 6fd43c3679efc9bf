package io.dynosend.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.account.Role;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;

/** Domains, the API and its tokens, and the mailbox among the other pages. */
class SetUpRoomsTest extends RoomTest {

    @Test
    void theRecordsOfADomainAreShownCheckedAndVerified() {
        String domain = addedDomain("shop.example");
        var page = ada.page(domain);
        assertThat(page.select(".dns h2").eachText())
                .containsExactlyInAnyOrder("DKIM, RSA", "DKIM, Ed25519", "SPF", "DMARC");
        assertThat(page.select(".verdict").text()).contains("Never checked");

        var checked = ada.post(domain + "/check", Map.of());
        assertThat(checked.header("Location")).endsWith("?waiting=yes");
        var waiting = ada.page(checked.header("Location"));
        assertThat(waiting.select("#records").attr("hx-post")).isEqualTo(domain + "/check");
        assertThat(waiting.select(".verdict").text()).contains("Not verified yet", "Last checked");

        for (String id : List.of("dkim_rsa", "dkim_ed25519", "spf", "dmarc")) {
            String value =
                    id.equals("spf") ? "v=spf1 -all" : page.select("#" + id + "-value").text();
            dns.set(page.select("#" + id + "-name").text(), value);
        }
        ada.post(domain + "/check", Map.of());

        assertThat(ada.page(domain).select(".verdict").text()).contains("Everything is in place");
        assertThat(ada.page("/app/domains").select("tbody").text()).contains("verified");
    }

    @Test
    void aScriptThatWaitsForTheDnsStopsAfterAWhile() {
        String domain = addedDomain("slow.example");

        var goesOn = part(domain + "/check", Map.of("round", "3"));
        var stops = part(domain + "/check", Map.of("round", "29"));

        assertThat(goesOn.select("#records").attr("hx-trigger")).isEqualTo("every 20s");
        assertThat(goesOn.select("[name=round]").val()).isEqualTo("4");
        assertThat(stops.select("#records").hasAttr("hx-post")).isFalse();
    }

    @Test
    void whatStrangersPublishIsShownAsText() {
        String domain = addedDomain("evil.example");
        dns.set("evil.example", "v=spf1 <script>alert(1)</script>", "v=spf1 \"><b>");

        ada.post(domain + "/check", Map.of());

        assertThat(ada.page(domain).text()).contains("v=spf1 <script>alert(1)</script>");
        assertThat(ada.page(domain).select("script:not([src]), main b")).isEmpty();
    }

    @Test
    void aWarmUpBeginsCountsItsDaysAndEnds() {
        String domain = addedDomain("new.example");
        assertThat(ada.post(domain + "/warm-up", Map.of("plan", "fifty")).status()).isEqualTo(422);

        ada.post(domain + "/warm-up", Map.of("plan", "50, 100"));
        assertThat(ada.page(domain).text()).contains("Day 1 of 2: 0 of 50 messages");
        clock.advance(Duration.ofDays(1));
        assertThat(ada.page(domain).text()).contains("Day 2 of 2: 0 of 100 messages");
        ada.post(domain + "/warm-up", Map.of("do", "end", "confirmed", "yes"));

        assertThat(ada.page(domain).text()).doesNotContain("Day 2 of 2");
    }

    @Test
    void aDomainIsDeletedOnceItIsConfirmed() {
        String domain = addedDomain("old.example");

        assertThat(ada.post(domain + "/delete", Map.of()).body()).contains("unsigned");
        assertThat(ada.get(domain).status()).isEqualTo(200);
        ada.post(domain + "/delete", Map.of("confirmed", "yes"));

        assertThat(ada.get(domain).status()).isEqualTo(404);
        var again = ada.post("/app/domains", Map.of("domain", "not a domain"));
        assertThat(again.status()).isEqualTo(422);
        assertThat(parsed(again).select("[name=domain]").val()).isEqualTo("not a domain");
    }

    @Test
    void aTokenIsShownOnceAndTheCurlBesideItWorks() {
        var page =
                parsed(ada.post("/app/api/tokens", Map.of("name", "shop", "scope_contacts", "on")));

        String token = page.select("#issued").text();
        assertThat(page.select("#curl").text()).contains("Bearer " + token);
        assertThat(http.as(token).get("/api/v2/audiences").status()).isEqualTo(200);
        assertThat(ada.get("/app/api").body()).doesNotContain(token).contains("shop");

        String revoke =
                ada.page("/app/api").select("form[action$=/revoke]").eachAttr("action").getLast();
        assertThat(ada.post(revoke, Map.of()).body()).contains("stops working");
        ada.post(revoke, Map.of("confirmed", "yes"));
        assertThat(http.as(token).get("/api/v2/audiences").status()).isEqualTo(401);
    }

    @Test
    void aRelayByAnAddressThatIsNoAddressIsRefusedAtItsField() {
        var refused =
                ada.post(
                        "/app/setup/relay",
                        Map.of(
                                "host",
                                "2130706433",
                                "port",
                                "25",
                                "security",
                                "starttls_if_offered",
                                "do",
                                "save"));

        assertThat(refused.status()).isEqualTo(422);
        assertThat(parsed(refused).select("#host-error").text())
                .startsWith("Host must be a name, or an address of four numbers");
    }

    @Test
    void theMailboxStandsAmongTheOtherPagesForWhoIsSignedIn() {
        var page = ada.page("/mailbox");

        assertThat(page.select("nav a[href=/mailbox]").attr("aria-current")).isEqualTo("page");
        assertThat(page.select("h1").eachText().getFirst()).isEqualTo("Mailbox");
        assertThat(new Person(http.port()).page("/mailbox").select("nav a[href=/app/campaigns]"))
                .isEmpty();
    }

    @Test
    void onlyWhoRunsTheServerSeesEverybodysMailByTheirSession() {
        String first =
                single(
                        String.class,
                        """
                        SELECT account_id::text FROM account_user WHERE role = 'owner'
                        ORDER BY account_id, id LIMIT 1
                        """);
        var owner = signedIn(http.port(), newLogin(Long.parseLong(first), Role.ADMIN));
        var marketer = signedIn(http.port(), newLogin(Long.parseLong(first), Role.MARKETER));
        // As through a proxy: what comes from this machine is not trusted then.
        String[] fromElsewhere = {"X-Forwarded-For", "198.51.100.7"};

        assertThat(owner.get("/mailbox", fromElsewhere).status()).isEqualTo(200);
        assertThat(marketer.get("/mailbox", fromElsewhere).status()).isEqualTo(401);
        assertThat(ada.get("/mailbox", fromElsewhere).status()).isEqualTo(401);
    }

    @Test
    void aViewerChangesNothing() {
        String domain = addedDomain("mine.example");
        var viewer = viewer();
        var stranger = stranger();

        for (String act : List.of("/check", "/warm-up", "/delete")) {
            assertThat(viewer.post(domain + act, Map.of()).status()).isEqualTo(403);
            assertThat(stranger.post(domain + act, Map.of("confirmed", "yes")).status())
                    .isEqualTo(404);
        }
        assertThat(viewer.page(domain).select("main form")).isEmpty();
        assertThat(viewer.page("/app/api").select("main form")).isEmpty();
    }

    @Test
    void aMarketerSeesTheDomainsAndChangesNone() {
        String domain = addedDomain("read.example");
        var marketer = marketer();

        assertThat(marketer.page("/app/domains").select("tbody").text()).contains("read.example");
        assertThat(marketer.page("/app/domains").select("main form")).isEmpty();
        assertThat(marketer.page(domain).select("main form")).isEmpty();
        for (String act : List.of("/check", "/warm-up", "/delete")) {
            var refused = marketer.post(domain + act, Map.of("confirmed", "yes", "plan", "50"));
            assertThat(refused.status()).isEqualTo(403);
        }
        assertThat(marketer.post("/app/domains", Map.of("domain", "a.example")).status())
                .isEqualTo(403);
        assertThat(ada.get(domain).status()).isEqualTo(200);
    }

    private String addedDomain(String name) {
        return ada.post("/app/domains", Map.of("domain", name)).header("Location");
    }

    private Document part(String path, Map<String, String> fields) {
        return parsed(ada.post(path, fields, "HX-Request", "true"));
    }
}
