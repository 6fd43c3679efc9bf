package io.dynosend.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.DatabaseTest;
import io.dynosend.Http.Reply;
import io.dynosend.Inbox;
import io.dynosend.account.Quotas;
import io.dynosend.account.Role;
import java.util.HashMap;
import java.util.Map;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the editor of campaigns promises, to somebody whose browser runs no script. */
class EditorTest extends DatabaseTest {

    private final String email = newLogin(holder(http.token()).account(), Role.OWNER);
    private final Person ada = new Person(http.port());
    private String audience = "";
    private String campaign = "";

    @BeforeEach
    void aCampaign() {
        ada.signIn(email, Person.PASSWORD);
        audience =
                http.post(
                                "/api/v2/audiences",
                                """
                                {"name": "Readers", "from_email": "a@example.org",
                                 "from_name": "Ada", "contact_information": {"company": "C",
                                 "address_1": "1 Main Street", "city": "X", "country": "DE"}}
                                """,
                                "Content-Type",
                                "application/json")
                        .json()
                        .path("audience_uid")
                        .asText();
        contact("zoe@example.org");
        var created =
                ada.post(
                        "/app/campaigns/new",
                        Map.of("name", "November", "subject", "News", "audience", audience));
        campaign = created.header("Location").replace("/content", "");
    }

    @Test
    void whoHasWrittenNothingChoosesADesignAndTheStepsSayWhatIsMissing() {
        assertThat(ada.get(campaign + "/content").header("Location"))
                .isEqualTo(campaign + "/design");
        assertThat(ada.page(campaign + "/review").select(".problem").text())
                .contains("says nothing");
        assertThat(
                        ada.page(campaign + "/send")
                                .select("form[action$=/start] button")
                                .hasAttr("disabled"))
                .isTrue();

        ada.post(campaign + "/design", Map.of("starter", "offer"));

        var page = ada.page(campaign + "/content");
        assertThat(page.select("#content").val()).contains("ds-sheet", "{{ unsubscribe_url }}");
        assertThat(page.select(".step-done strong").eachText()).containsExactly("Audience");
        assertThat(page.select(".steps-to-send, ol").text()).contains("Still the design's words");
        assertThat(
                        ada.page(campaign + "/send")
                                .select("form[action$=/start] button")
                                .hasAttr("disabled"))
                .isFalse();
    }

    @Test
    void wordsThatADesignOnlySuggestsAreFoundUntilTheyAreReplaced() {
        ada.post(campaign + "/design", Map.of("starter", "letter"));
        assertThat(ada.page(campaign + "/checks").text())
                .contains("The design's own words are still in it, such as “Begin with why");

        String mine =
                written()
                        .replace("Begin with why you write", "We open on Friday")
                        .replace("Keep it as short as you would to a friend", "Come");
        save(mine, ada.page(campaign + "/content").select("[name=version]").val());

        assertThat(ada.page(campaign + "/checks").text()).doesNotContain("design's own words");
        assertThat(ada.page(campaign + "/content").select(".step-done strong").eachText())
                .containsExactly("Audience", "Content");
    }

    @Test
    void whoSendsWithoutARelayIsToldTwiceThatItReachesNobody() {
        ada.post(campaign + "/design", Map.of("format", "markdown"));

        assertThat(ada.page(campaign + "/send").select(".notice").text())
                .contains("mail stays in the built-in mailbox");
        var asked = Jsoup.parse(ada.post(campaign + "/start", Map.of()).body());
        assertThat(asked.select(".question").text()).contains("mail stays in the built-in mailbox");
        assertThat(asked.select("main .button.danger")).isEmpty();
        assertThat(asked.select("nav [aria-current=page]").text()).isEqualTo("Campaigns");
    }

    @Test
    void aDesignThatReplacesContentAsksAndSaysWhatIsLost() {
        ada.post(campaign + "/design", Map.of("format", "markdown"));

        var asked = ada.post(campaign + "/design", Map.of("starter", "letter"));

        assertThat(asked.status()).isEqualTo(200);
        assertThat(Jsoup.parse(asked.body()).text()).contains("(Markdown) is lost");
        assertThat(written()).contains("# Hello");
        ada.post(campaign + "/design", Map.of("starter", "letter", "confirmed", "yes"));
        assertThat(written()).contains("ds-sheet");
    }

    @Test
    void whoSavesAnOldVersionIsToldAndKeepsWhatTheyTyped() {
        ada.post(campaign + "/design", Map.of("format", "html"));
        String version = ada.page(campaign + "/content").select("[name=version]").val();
        save("<p>First</p>", version);

        var second = save("<p>Second</p>", version);

        assertThat(second.status()).isEqualTo(409);
        var page = Jsoup.parse(second.body());
        assertThat(page.select(".problem").text()).contains("saved in another window");
        assertThat(page.select("#content").val()).isEqualTo("<p>Second</p>");
        assertThat(written()).isEqualTo("<p>First</p>");
        save("<p>Second</p>", page.select("[name=version]").val());
        assertThat(written()).isEqualTo("<p>Second</p>");
    }

    @Test
    void savingByScriptAnswersWithTheVersionOrThePlaceOfTheError() {
        var fields = new HashMap<>(Map.of("format", "html", "content", "<p>One</p>", "text", ""));
        var saved = ada.post(campaign + "/content", fields, "X-Autosave", "true");
        assertThat(saved.json().path("version").asInt()).isEqualTo(2);

        fields.put("content", "<p>\n\n{% if %}</p>");
        fields.put("version", "2");
        var refused = ada.post(campaign + "/content", fields, "X-Autosave", "true");

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.json().path("line").asInt()).isEqualTo(3);
        assertThat(written()).isEqualTo("<p>One</p>");
        fields.put("content", "<p>Two</p>");
        fields.put("version", "1");
        var stale = ada.post(campaign + "/content", fields, "X-Autosave", "true");
        assertThat(stale.status()).isEqualTo(409);
        assertThat(stale.json().path("version").asInt()).isEqualTo(2);
    }

    @Test
    void whatTheApiChangesIsAnotherVersion() {
        http.patch(
                "/api/v2/campaigns/update",
                "{\"campaign_uid\": \"%s\", \"subject\": \"Other\"}".formatted(uid()),
                "Content-Type",
                "application/json");

        var fields = Map.of("format", "html", "content", "<p>One</p>", "text", "", "version", "1");
        assertThat(ada.post(campaign + "/content", fields).status()).isEqualTo(409);
    }

    @Test
    void subjectSenderRepliesAndLinkParametersAreChanged() {
        var fields = new HashMap<>(settings());
        fields.put("subject", "For {{ EMAIL }}");
        fields.put("reply_to", "help@example.org");
        fields.put("utm_source", "dynosend");

        var refused = ada.post(campaign + "/audience", fields);
        assertThat(refused.status()).isEqualTo(422);
        assertThat(Jsoup.parse(refused.body()).select("#utm_medium-error").text())
                .contains("email");
        fields.put("utm_medium", "email");
        fields.put("utm_campaign", "november");
        assertThat(ada.post(campaign + "/audience", fields).header("Location"))
                .isEqualTo(campaign + "/content");

        var page = ada.page(campaign + "/audience");
        assertThat(page.select("#utm_campaign").val()).isEqualTo("november");
        assertThat(page.select("#reply_to").val()).isEqualTo("help@example.org");
        save("<p>Hi <a href=\"https://example.com/\">there</a></p>", "");
        assertThat(ada.page(campaign + "/look").select(".inbox").text())
                .contains("For jane@example.com");
    }

    @Test
    void aPreviewIsOfTheContactWhoWasSearchedFor() {
        save("<p>Dear {{ EMAIL }}</p>", "");

        var found = ada.page(campaign + "/look?q=zo&theme=dark").select(".look-found a");
        var look = ada.page(found.attr("href"));

        assertThat(found.text()).isEqualTo("zoe@example.org");
        assertThat(look.select(".look-who").text()).contains("zoe@example.org");
        assertThat(look.select(".stage.dark iframe[sandbox]").attr("sandbox")).isEmpty();
        assertThat(ada.get(look.select("iframe").attr("src")).body())
                .contains("Dear zoe@example.org");
        assertThat(ada.page(found.attr("href") + "&part=text").select(".text-part").text())
                .contains("Dear zoe@example.org");
        var stranger = new Person(http.port());
        stranger.signIn(newLogin(holder(newAccount()).account(), Role.OWNER), Person.PASSWORD);
        assertThat(stranger.get(campaign + "/look").status()).isEqualTo(404);
        assertThat(ada.get(campaign + "/look?contact=0000000000000").status()).isEqualTo(404);
    }

    @Test
    void findingsAreGroupedAndLeadToTheirLine() {
        save("<p>\n<img src=\"https://127.0.0.1/a.png\">\n{{ FRIST_NAME }}</p>", "");

        var checks = ada.page(campaign + "/checks");

        assertThat(checks.select("h3").eachText()).anyMatch(text -> text.contains("warning"));
        assertThat(checks.select("a.place").eachAttr("href"))
                .anyMatch(href -> href.contains("line=2"))
                .anyMatch(href -> href.contains("line=3"));
    }

    @Test
    void theReviewSaysWhoIsLeftOutAndWhy() {
        contact("max@example.org");
        contact("eve@example.org");
        execute(
                "INSERT INTO blacklist (account_id, email, reason, created_at)"
                        + " VALUES (?, 'max@example.org', 'manual', now())",
                holder(http.token()).account());
        execute(
                "UPDATE contact SET status = 'unsubscribed', unsubscribed_at = now()"
                        + " WHERE account_id = ? AND email = 'eve@example.org'",
                holder(http.token()).account());

        var reach = ada.page(campaign + "/reach");

        assertThat(reach.select(".reach-number").text()).isEqualTo("1 contact gets it");
        assertThat(reach.text())
                .contains("2: 1 unsubscribed, 0 not confirmed, 1 on the blacklist", "Unlimited");
    }

    @Test
    void aTestGoesToSeveralAsOneContact() {
        save("<p>Dear {{ EMAIL }}</p>", "");
        String to = "test-" + uid() + "@example.org";

        var wrong = ada.post(campaign + "/test", Map.of("to", to + ", nobody", "as", ""));
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(Jsoup.parse(wrong.body()).select("#to-error").text()).contains("nobody");
        var unknown = ada.post(campaign + "/test", Map.of("to", to, "as", "x@example.org"));
        assertThat(Jsoup.parse(unknown.body()).select("#as-error").text()).contains("no contact");
        ada.post(campaign + "/test", Map.of("to", to + ", b" + to, "as", "zoe@example.org"));

        assertThat(Inbox.everything(new Inbox(http, to).message()))
                .contains("[Test] News", "Dear zoe@example.org");
        new Inbox(http, "b" + to).message();
    }

    @Test
    void aStartSaysToHowManyAndGoesOutOnceConfirmed() {
        save("<p>Hello</p>", "");

        var asked = ada.post(campaign + "/start", Map.of());

        assertThat(Jsoup.parse(asked.body()).text()).contains("to 1 contact of “Readers” now?");
        assertThat(status()).isEqualTo("new");
        ada.post(campaign + "/start", Map.of("confirmed", "yes"));
        assertThat(status()).isNotEqualTo("new");
        assertThat(ada.get(campaign + "/content").header("Location")).isEqualTo(campaign);
        assertThat(save("<p>Too late</p>", "").status()).isIn(303, 302);
    }

    @Test
    void whereTooFewMailsAreLeftThePageSaysSoAndDoesNotOfferToSendNow() {
        save("<p>Hello</p>", "");
        contact("max@example.org");
        var quotas = new Quotas(jdbi, clock);
        quotas.set(holder(http.token()).account(), 1L);

        var page = ada.page(campaign + "/send");
        assertThat(page.select(".problem").text())
                .contains("left this month: 1 of 1, and 2 contacts would get this")
                .contains("for 1 Feb 2026 (UTC) or later");
        assertThat(button(page, "Send now").hasAttr("disabled")).isTrue();
        assertThat(button(page, "Schedule").hasAttr("disabled")).isFalse();
        assertThat(ada.post(campaign + "/start", Map.of("confirmed", "yes")).status())
                .isEqualTo(422);

        quotas.set(holder(http.token()).account(), 2L);
        page = ada.page(campaign + "/send");
        assertThat(page.select(".problem")).isEmpty();
        assertThat(button(page, "Send now").hasAttr("disabled")).isFalse();
    }

    @Test
    void aScheduleIsInTheZoneThatWasChosenAndCanBeTakenBack() {
        save("<p>Hello</p>", "");

        ada.post(campaign + "/schedule", Map.of("at", "2026-06-01T09:30", "zone", "Europe/Berlin"));

        var page = ada.page(campaign + "/send");
        assertThat(page.select(".scheduled").text())
                .isEqualTo("Monday, 1 June 2026, 09:30 (Europe/Berlin), which is 1 Jun, 07:30 UTC");
        assertThat(page.select("#at").val()).isEqualTo("2026-06-01T09:30");
        assertThat(status()).isEqualTo("scheduled");
        ada.post(campaign + "/unschedule", Map.of());
        assertThat(status()).isEqualTo("new");
    }

    @Test
    void aTimeThatDoesNotExistIsRefusedAndOneThatComesTwiceIsTold() {
        save("<p>Hello</p>", "");

        assertThat(refused("2026-03-29T02:30", "Europe/Berlin")).contains("no 02:30", "03:00");
        assertThat(refused("2025-01-01T00:00", "UTC")).contains("in the future");
        assertThat(refused("soon", "UTC")).contains("Choose a day");
        assertThat(refused("2026-06-01T09:30", "Mars/Olympus")).contains("time zone");
        ada.post(campaign + "/schedule", Map.of("at", "2026-10-25T02:30", "zone", "Europe/Berlin"));

        assertThat(ada.page(campaign + "/send").text()).contains("comes twice", "00:30 UTC");
    }

    @Test
    void theSpeedIsLimited() {
        ada.post(campaign + "/limit", Map.of("per_hour", "1,000"));
        assertThat(ada.page(campaign + "/send").select("#per_hour").val()).isEqualTo("1000");

        assertThat(ada.post(campaign + "/limit", Map.of("per_hour", "fast")).status())
                .isEqualTo(422);
        ada.post(campaign + "/limit", Map.of("per_hour", ""));
        assertThat(ada.page(campaign + "/send").select("#per_hour").val()).isEmpty();
    }

    @Test
    void aViewerLooksAndChangesNothing() {
        save("<p>Hello</p>", "");
        var viewer = new Person(http.port());
        viewer.signIn(newLogin(holder(http.token()).account(), Role.VIEWER), Person.PASSWORD);

        for (String path :
                new String[] {
                    "/audience",
                    "/content",
                    "/design",
                    "/test",
                    "/start",
                    "/schedule",
                    "/unschedule",
                    "/limit"
                }) {
            assertThat(viewer.post(campaign + path, Map.of("confirmed", "yes")).status())
                    .as(path)
                    .isEqualTo(403);
        }
        assertThat(viewer.page(campaign + "/content").select("button[name=then]")).isEmpty();
        assertThat(viewer.page(campaign + "/send").select("main form")).isEmpty();
    }

    @Test
    void theBuilderIsADocumentOfItsOwnThatConnectsToNothing() {
        var frame = ada.get("/app/builder");

        assertThat(frame.header("Content-Security-Policy"))
                .contains("default-src 'none'", "connect-src 'none'", "frame-ancestors 'self'")
                .doesNotContain("script-src 'unsafe-inline'");
        save("<p>Hello</p>", "");
        assertThat(ada.get(campaign + "/content").header("Content-Security-Policy"))
                .doesNotContain("unsafe");
    }

    private Map<String, String> settings() {
        return Map.of(
                "name", "November",
                "audience", audience,
                "subject", "News",
                "from_name", "Ada",
                "from_email", "a@example.org");
    }

    private String refused(String at, String zone) {
        var reply = ada.post(campaign + "/schedule", Map.of("at", at, "zone", zone));
        assertThat(reply.status()).isEqualTo(422);
        return Jsoup.parse(reply.body()).select("#at-error").text();
    }

    private Reply save(String content, String version) {
        return ada.post(
                campaign + "/content",
                Map.of("format", "html", "content", content, "text", "", "version", version));
    }

    private String written() {
        Document page = ada.page(campaign + "/content?way=code");
        return page.select("#content").val();
    }

    private String status() {
        return http.get("/api/v2/campaigns?campaign_uid=" + uid())
                .json()
                .findPath("status")
                .asText();
    }

    private String uid() {
        return campaign.substring(campaign.lastIndexOf('/') + 1);
    }

    private static Element button(Document page, String name) {
        return page.select("main button").stream()
                .filter(each -> each.text().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private void contact(String address) {
        http.post(
                "/api/v2/contacts",
                "{\"audience_uid\": \"%s\", \"EMAIL\": \"%s\"}".formatted(audience, address),
                "Content-Type",
                "application/json");
    }
}
