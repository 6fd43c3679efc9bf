package io.dynosend.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BlacklistRoomTest extends RoomTest {

    @Test
    void manyAreAddedAtOnceWithAReason() {
        var added =
                ada.post(
                        "/app/blacklist",
                        Map.of(
                                "emails",
                                "ada@example.org, bob@example.org\ncy@example.net;ADA@example.org",
                                "reason",
                                "unsubscribed",
                                "comment",
                                "objections from the shop"));

        assertThat(added.status()).isEqualTo(303);
        assertThat(addresses("/app/blacklist"))
                .containsExactlyInAnyOrder("ada@example.org", "bob@example.org", "cy@example.net");
        assertThat(actions().getFirst())
                .isEqualTo(
                        "added 3 addresses to the blacklist (unsubscribed): objections from the"
                                + " shop");
    }

    @Test
    void whatIsNoAddressIsNamedAndNothingIsAdded() {
        var refused = ada.post("/app/blacklist", Map.of("emails", "ada@example.org <script>"));

        assertThat(refused.status()).isEqualTo(422);
        var page = parsed(refused);
        assertThat(page.select("#emails-error").text()).contains("“<script>” is not an e-mail");
        assertThat(page.select("#emails").text()).contains("ada@example.org");
        assertThat(addresses("/app/blacklist")).isEmpty();
    }

    @Test
    void anAsteriskThatStandsForManyIsRefusedForItWouldStopNobody() {
        var refused =
                ada.post("/app/blacklist", Map.of("emails", "*@example.org", "reason", "manual"));

        assertThat(refused.status()).isEqualTo(422);
        assertThat(parsed(refused).select(".error").text()).contains("Each address by itself");
        assertThat(addresses("/app/blacklist")).isEmpty();
    }

    @Test
    void anyPartOfAnAddressAndAReasonFindIt() {
        add("ada@example.org", "bounced");
        add("bob@sub.example.net", "manual");

        assertThat(addresses("/app/blacklist?search=EXAMPLE")).hasSize(2);
        assertThat(addresses("/app/blacklist?search=sub.ex"))
                .containsExactly("bob@sub.example.net");
        assertThat(addresses("/app/blacklist?search=ad")).containsExactly("ada@example.org");
        assertThat(addresses("/app/blacklist?search=%25%5F")).isEmpty();
        assertThat(addresses("/app/blacklist?reason=bounced")).containsExactly("ada@example.org");
        assertThat(addresses("/app/blacklist?search=example&reason=complained")).isEmpty();
    }

    @Test
    void theNewestComeFirstPageByPage() {
        for (int i = 0; i < 60; i++) {
            add("n%02d@example.org".formatted(i), "manual");
            clock.advance(Duration.ofSeconds(1));
        }

        var first = ada.page("/app/blacklist");
        assertThat(first.select("tbody th").eachText())
                .hasSize(50)
                .startsWith("n59@example.org", "n58@example.org");
        assertThat(first.select(".below-rows").text()).contains("60 addresses");
        assertThat(addresses(first.select("a[rel=next]").attr("href")))
                .hasSize(10)
                .startsWith("n09@example.org")
                .endsWith("n00@example.org");
        assertThat(addresses("/app/blacklist?before=nonsense")).hasSize(50);
        assertThat(addresses("/app/blacklist?before=99999999999999999999.0.a@b.example"))
                .hasSize(50);
    }

    @Test
    void anAddressIsRemovedForAReasonThatIsKept() {
        add("ada@example.org", "complained");
        String ask = ada.page("/app/blacklist").select("td.row-acts a").attr("href");
        assertThat(ada.page(ask).text()).contains("called your mail spam");

        var without =
                ada.post(
                        "/app/blacklist/remove",
                        Map.of("email", "ada@example.org", "confirmed", "yes"));
        assertThat(without.status()).isEqualTo(422);
        ada.post(
                "/app/blacklist/remove",
                Map.of("email", "ada@example.org", "confirmed", "yes", "why", "she called us"));

        assertThat(addresses("/app/blacklist")).isEmpty();
        assertThat(actions())
                .contains("removed an address at example.org from the blacklist: she called us");
    }

    @Test
    void theExportIsNoSpreadsheetsProgram() {
        add("=1+1@example.org", "manual");
        add("ada@example.org", "bounced");

        var csv = ada.get("/app/blacklist/export?search=example");

        assertThat(csv.header("Content-Type")).startsWith("text/csv");
        assertThat(csv.header("Content-Disposition")).contains("attachment");
        assertThat(csv.body())
                .startsWith("email,reason,added\r\n")
                .contains("\r\n'=1+1@example.org,manual,", "ada@example.org,bounced,");
        assertThat(ada.get("/app/blacklist/export?reason=bounced").body()).doesNotContain("1+1");
    }

    @Test
    void othersSeeAndChangeNothingOfIt() {
        add("ada@example.org", "manual");
        var stranger = stranger();
        var viewer = viewer();

        assertThat(stranger.get("/app/blacklist?search=ada").body())
                .doesNotContain("ada@example.org");
        assertThat(stranger.get("/app/blacklist/export").body()).doesNotContain("ada");
        assertThat(viewer.get("/app/blacklist/export").status()).isEqualTo(403);
        assertThat(viewer.page("/app/blacklist").select("a[href*=export]")).isEmpty();
        assertThat(stranger.get("/app/blacklist/remove?email=ada@example.org").status())
                .isEqualTo(404);
        assertThat(viewer.post("/app/blacklist", Map.of("emails", "b@example.org")).status())
                .isEqualTo(403);
        assertThat(viewer.page("/app/blacklist").select("td.row-acts")).isEmpty();
    }

    private void add(String email, String reason) {
        assertThat(ada.post("/app/blacklist", Map.of("emails", email, "reason", reason)).status())
                .isEqualTo(303);
    }

    private List<String> addresses(String path) {
        return ada.page(path).select("tbody th").eachText();
    }
}
