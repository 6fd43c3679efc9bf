package io.dynosend.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.DatabaseTest;
import io.dynosend.account.Role;
import io.dynosend.account.Sessions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DashboardTest extends DatabaseTest {

    private static final String HOSTILE =
            "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";

    private final long account = holder(http.token()).account();
    private final Person ada = new Person(http.port());
    private String email;

    @BeforeEach
    void adaSignsIn() {
        email = user(Role.OWNER);
        ada.signIn(email, Person.PASSWORD);
    }

    @Test
    void whoIsNotSignedInSignsInFirstAndThenGetsThePageThatWasAskedFor() {
        var stranger = new Person(http.port());

        var way = stranger.get("/app/audiences?x=1");
        assertThat(way.status()).isEqualTo(303);
        assertThat(way.header("Location"))
                .isEqualTo("/app/sign-in?next=%2Fapp%2Faudiences%3Fx%3D1");

        var in = stranger.signIn(email, Person.PASSWORD, "next", "/app/audiences?x=1");
        assertThat(in.header("Location")).isEqualTo("/app/audiences?x=1");
        assertThat(stranger.get("/app/audiences").status()).isEqualTo(200);
    }

    @Test
    void aPageThatIsNotThereHasTheMenuForWhoIsSignedIn() {
        var missing = ada.get("/app/nonsense");

        assertThat(missing.status()).isEqualTo(404);
        assertThat(Jsoup.parse(missing.body()).select("nav a[href=/app/campaigns]")).hasSize(1);
        var stranger = new Person(http.port());
        assertThat(stranger.get("/app/nonsense").status()).isEqualTo(404);
        assertThat(stranger.page("/app/nonsense").select("nav a[href=/app/campaigns]")).isEmpty();
        assertThat(ada.page("/nonsense").select("nav a[href=/app/campaigns]")).isEmpty();
    }

    @Test
    void aReferrerWithoutAPathLeadsBackToTheFirstPage() {
        String domain = ada.post("/app/domains", Map.of("domain", "a.example")).header("Location");

        for (String referrer : List.of("javascript:x//app/", "data:text/html,x", "/app/\\", "")) {
            var question = ada.post(domain + "/delete", Map.of(), "Referer", referrer);

            assertThat(question.status()).as(referrer).isEqualTo(200);
            assertThat(Jsoup.parse(question.body()).select("main a").eachAttr("href"))
                    .contains("/app");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "", "{}", "[]", "1", "\"x\"", "{\"response\": null}"})
    void whatIsNoPasskeyIsNotTaken(String credential) {
        var stranger = new Person(http.port());

        var reply = stranger.postWithout("/app/sign-in/passkey", Map.of("credential", credential));

        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.body()).contains("The passkey was not taken");
        var added = ada.post("/app/you/passkeys", Map.of("name", "key", "credential", credential));
        assertThat(added.status()).isBetween(400, 422);
    }

    @Test
    void signingInLeadsToNoOtherSite() {
        for (String next :
                List.of(
                        "https://evil.example",
                        "//evil.example",
                        "/\\evil.example",
                        "/app/\\evil",
                        "/apparently",
                        "/app\r\nX: y",
                        "javascript:alert(1)")) {
            var in = new Person(http.port()).signIn(email, Person.PASSWORD, "next", next);

            assertThat(in.header("Location")).as(next).isEqualTo("/app");
        }
    }

    @Test
    void anUnknownAddressAndAWrongPasswordGetTheSameAnswer() {
        var unknown = new Person(http.port()).signIn("nobody@example.org", "wrong password");
        var wrong = new Person(http.port()).signIn(email, "wrong password");

        assertThat(unknown.status()).isEqualTo(401).isEqualTo(wrong.status());
        assertThat(unknown.body().replace("nobody@example.org", ""))
                .isEqualTo(wrong.body().replace(email, ""));
    }

    @Test
    void whoGuessesIsStoppedAndMayTryAgainLater() {
        var guesser = new Person(http.port());
        for (int i = 0; i < 10; i++) {
            assertThat(guesser.signIn(email, "guess " + i).status()).isEqualTo(401);
        }

        assertThat(guesser.signIn(email, Person.PASSWORD).status()).isEqualTo(429);

        clock.advance(Duration.ofMinutes(16));
        assertThat(guesser.signIn(email, Person.PASSWORD).status()).isEqualTo(303);
    }

    @Test
    void aProgramDoesNotSignIn() {
        assertThat(new Person(http.port()).signIn(user(Role.API), Person.PASSWORD).status())
                .isEqualTo(401);
    }

    @Test
    void aTokenThatWasThereBeforeTheSignInIsWorthNothingAfterIt() {
        var victim = new Person(http.port());
        victim.plant(ada.cookie());

        victim.signIn(user(Role.MARKETER), Person.PASSWORD);

        assertThat(victim.cookie()).isNotEqualTo(ada.cookie());
        assertThat(ada.get("/app").status()).isEqualTo(303);
    }

    @Test
    void theCookieIsForOurServerAloneAndForNoScript() {
        var set = new Person(http.port()).signIn(email, Person.PASSWORD).header("Set-Cookie");

        assertThat(set).contains("HttpOnly", "SameSite=Lax", "Path=/");
        assertThat(
                        single(
                                Long.class,
                                "SELECT count(*) FROM session WHERE position(? IN encode(token_hash, 'escape')) > 0",
                                set.substring(set.indexOf('=') + 1, set.indexOf(';'))))
                .isZero();
    }

    @Test
    void aSessionEndsWhenItIsIdleAndHoweverBusyAfterThirtyDays() {
        clock.advance(Sessions.IDLE.minusMinutes(1));
        assertThat(ada.get("/app").status()).isEqualTo(200);
        clock.advance(Sessions.IDLE.plusMinutes(1));
        assertThat(ada.get("/app").status()).isEqualTo(303);

        ada.signIn(email, Person.PASSWORD);
        for (int day = 0; day < 29; day++) {
            clock.advance(Duration.ofDays(1));
            assertThat(ada.get("/app").status()).isEqualTo(200);
        }
        clock.advance(Duration.ofDays(1).plusMinutes(1));
        assertThat(ada.get("/app").status()).isEqualTo(303);
    }

    @Test
    void whoSignsOutIsOut() {
        ada.postWithout("/app/sign-out", Map.of());

        assertThat(ada.get("/app").status()).isEqualTo(303);
    }

    @Test
    void aNewPasswordEndsAllOtherSessions() {
        var elsewhere = new Person(http.port());
        elsewhere.signIn(email, Person.PASSWORD);

        var changed =
                ada.post(
                        "/app/you/password",
                        Map.of(
                                "current", Person.PASSWORD,
                                "wanted", "another password",
                                "again", "another password"));

        assertThat(changed.status()).isEqualTo(303);
        assertThat(ada.get("/app").status()).isEqualTo(200);
        assertThat(elsewhere.get("/app").status()).isEqualTo(303);
        assertThat(elsewhere.signIn(email, Person.PASSWORD).status()).isEqualTo(401);
        assertThat(elsewhere.signIn(email, "another password").status()).isEqualTo(303);
    }

    @Test
    void aPasswordIsNotChangedWithoutTheOneThatIs() {
        var refused =
                ada.post(
                        "/app/you/password",
                        Map.of("current", "x", "wanted", "another one", "again", "another one"));

        assertThat(refused.status()).isEqualTo(422);
        assertThat(Jsoup.parse(refused.body()).select("#current-error").text())
                .isEqualTo("This is not your password");
    }

    @Test
    void aFormWithoutTheTokenOfItsSessionChangesNothing() {
        assertThat(ada.postWithout("/app/audiences/new", audience("A")).status()).isEqualTo(403);
        var other = new Person(http.port());
        other.signIn(user(Role.OWNER), Person.PASSWORD);
        String foreign = other.page("/app/you").select("input[name=form_token]").attr("value");
        var fields = new java.util.HashMap<>(audience("A"));
        fields.put("form_token", foreign);
        assertThat(ada.postWithout("/app/audiences/new", fields).status()).isEqualTo(403);

        assertThat(ada.page("/app/audiences").select("tbody tr")).isEmpty();
    }

    @Test
    void aFormFromAnotherSiteChangesNothing() {
        assertThat(
                        ada.post(
                                        "/app/audiences/new",
                                        audience("A"),
                                        "Origin",
                                        "https://evil.example")
                                .status())
                .isEqualTo(403);
        assertThat(
                        ada.post(
                                        "/app/audiences/new",
                                        audience("A"),
                                        "Sec-Fetch-Site",
                                        "cross-site")
                                .status())
                .isEqualTo(403);
    }

    @Test
    void aViewerChangesNothingAlsoByForgedRequests() {
        ada.post("/app/audiences/new", audience("Letters"));
        String uid = uidOf("/app/audiences");
        var viewer = new Person(http.port());
        viewer.signIn(user(Role.VIEWER), Person.PASSWORD);

        for (String path :
                List.of(
                        "/app/audiences/new",
                        "/app/audiences/" + uid + "/settings",
                        "/app/audiences/" + uid + "/fields",
                        "/app/audiences/" + uid + "/delete",
                        "/app/audiences/" + uid + "/contacts/new",
                        "/app/audiences/" + uid + "/contacts/bulk",
                        "/app/campaigns/new",
                        "/app/blacklist",
                        "/app/blacklist/remove",
                        "/app/domains",
                        "/app/api/tokens")) {
            assertThat(viewer.post(path, audience("Mine")).status()).as(path).isEqualTo(403);
        }
        assertThat(viewer.page("/app/audiences").select("tbody th").text()).contains("Letters");
        assertThat(viewer.page("/app/audiences").select("a.button")).isEmpty();
    }

    @Test
    void nobodySeesAnotherAccount() {
        ada.post("/app/audiences/new", audience("Letters"));
        String uid = uidOf("/app/audiences");
        var stranger = new Person(http.port());
        stranger.signIn(ownerOfAnotherAccount(), Person.PASSWORD);

        assertThat(stranger.get("/app/audiences").body()).doesNotContain("Letters");
        assertThat(stranger.get("/app/audiences/" + uid).status()).isEqualTo(404);
        assertThat(stranger.post("/app/audiences/" + uid + "/delete", Map.of()).status())
                .isEqualTo(404);
        assertThat(ada.get("/app/audiences/" + uid).status()).isEqualTo(200);
    }

    @Test
    void whatIsNoNumberWhereOneShouldBeIsNotThere() {
        assertThat(ada.post("/app/api/tokens/x/revoke", Map.of()).status()).isEqualTo(404);
        assertThat(ada.post("/app/you/sessions/-1/close", Map.of()).status()).isEqualTo(404);
        assertThat(ada.post("/app/people/x/remove", Map.of()).status()).isEqualTo(404);
    }

    @Test
    void whatIsWrongIsSaidAtItsFieldAndWhatWasTypedStays() {
        var refused =
                ada.post(
                        "/app/audiences/new",
                        Map.of("name", "", "from_name", "Ada", "from_email", "not an address"));

        assertThat(refused.status()).isEqualTo(422);
        var page = Jsoup.parse(refused.body());
        assertThat(page.select("#name-error").text()).isNotEmpty();
        assertThat(page.select("#from_email").attr("value")).isEqualTo("not an address");
        assertThat(page.select("#from_email").attr("aria-invalid")).isEqualTo("true");
    }

    @Test
    void anAudienceAContactAndACampaignAreMadeSentAndReported() {
        ada.post("/app/audiences/new", audience("Letters"));
        String audience = "/app/audiences/" + uidOf("/app/audiences");
        ada.post(audience + "/contacts/new", Map.of("email", "bob@example.org", "tags", "a, b"));
        assertThat(ada.page(audience).select("tbody th").text()).contains("bob@example.org");

        ada.post(
                "/app/campaigns/new",
                Map.of(
                        "name", "November",
                        "audience", audience.substring("/app/audiences/".length()),
                        "subject", "Hello"));
        String campaign = "/app/campaigns/" + uidOf("/app/campaigns");
        var saved =
                ada.post(
                        campaign + "/content",
                        Map.of(
                                "format", "html",
                                "content", "<p>Hello {{ EMAIL }}</p>",
                                "text", ""));
        assertThat(saved.header("Location")).isEqualTo(campaign + "/review");
        assertThat(ada.page(campaign + "/reach").select(".reach-number").text()).startsWith("1 ");
        ada.post(campaign + "/start", Map.of("confirmed", "yes"));

        io.dynosend.Await.until(
                "it is sent",
                Duration.ofSeconds(30),
                () -> ada.page(campaign).select(".badge").text().contains("Sent"));
        assertThat(ada.page(campaign).select(".parts-legend").text()).contains("Sent 1 100 %");
    }

    @Test
    void aTemplateErrorIsShownWithItsLineAndNothingThatWasWrittenIsLost() {
        ada.post("/app/audiences/new", audience("Letters"));
        ada.post(
                "/app/campaigns/new",
                Map.of("name", "November", "audience", uidOf("/app/audiences")));
        String campaign = "/app/campaigns/" + uidOf("/app/campaigns");

        var refused =
                ada.post(
                        campaign + "/content",
                        Map.of("format", "html", "content", "<p>\n{% if %}</p>", "text", ""));

        assertThat(refused.status()).isEqualTo(422);
        var page = Jsoup.parse(refused.body());
        assertThat(page.select(".problem").text()).contains("line 2");
        assertThat(page.select("#content").val()).isEqualTo("<p>\n{% if %}</p>");
    }

    @Test
    void contactsAreFoundByAnyPartOfTheirAddressByStatusAndByTag() {
        ada.post("/app/audiences/new", audience("Letters"));
        String audience = "/app/audiences/" + uidOf("/app/audiences");
        for (String who : List.of("ada", "bob", "carol_x")) {
            ada.post(
                    audience + "/contacts/new",
                    Map.of("email", who + "@example.org", "tags", who.equals("bob") ? "vip" : ""));
        }

        assertThat(found(audience + "?search=arol")).containsExactly("carol_x@example.org");
        assertThat(found(audience + "?search=l_x")).containsExactly("carol_x@example.org");
        assertThat(found(audience + "?search=b_b")).isEmpty();
        assertThat(found(audience + "?search=%25")).isEmpty();
        assertThat(found(audience + "?search=BO")).containsExactly("bob@example.org");
        assertThat(found(audience + "?tag=vip")).containsExactly("bob@example.org");
        assertThat(found(audience + "?status=unsubscribed")).isEmpty();
        assertThat(found(audience)).hasSize(3);
    }

    @Test
    void manyContactsAreChangedAtOnce() {
        ada.post("/app/audiences/new", audience("Letters"));
        String audience = "/app/audiences/" + uidOf("/app/audiences");
        ada.post(audience + "/contacts/new", Map.of("email", "bob@example.org"));
        String bob = ada.page(audience).select("input[name=pick]").attr("value");

        ada.post(audience + "/contacts/bulk", Map.of("pick", bob, "do", "tag", "with_tag", "vip"));
        assertThat(ada.page("/app").select(".toast").text()).isEqualTo("Tagged 1 contact “vip”.");
        assertThat(ada.page("/app").select(".toast")).as("said once").isEmpty();
        assertThat(found(audience + "?tag=vip")).containsExactly("bob@example.org");

        ada.post(
                audience + "/contacts/bulk",
                Map.of("pick", bob, "do", "unsubscribe", "confirmed", "yes"));
        assertThat(found(audience + "?status=unsubscribed")).hasSize(1);

        ada.post(
                audience + "/contacts/bulk",
                Map.of("pick", bob, "do", "delete", "confirmed", "yes"));
        assertThat(ada.page(audience).select("tbody tr")).isEmpty();
    }

    @Test
    void wordsFromStrangersStayWords() {
        var fields = new java.util.HashMap<>(audience(HOSTILE));
        fields.put("from_name", HOSTILE);
        ada.post("/app/audiences/new", fields);
        String audience = "/app/audiences/" + uidOf("/app/audiences");
        ada.post(audience + "/fields", Map.of("label", HOSTILE, "tag", "CITY", "type", "text"));
        ada.post(
                audience + "/contacts/new",
                Map.of("email", "bob@example.org", "tags", HOSTILE, "CITY", HOSTILE));
        String bob = ada.page(audience).select("input[name=pick]").attr("value");
        ada.post(
                "/app/campaigns/new",
                Map.of(
                        "name", HOSTILE,
                        "audience", audience.substring("/app/audiences/".length()),
                        "subject", HOSTILE));
        String campaign = "/app/campaigns/" + uidOf("/app/campaigns");
        ada.post("/app/api/tokens", Map.of("name", HOSTILE, "scope_contacts", "on"));

        for (String path :
                List.of(
                        "/app",
                        "/app/audiences",
                        audience,
                        audience + "?search=" + "%3Cscript%3E&tag=%22%3E%3Cimg%20src%3Dx%3E",
                        audience + "/settings",
                        audience + "/contacts/" + bob,
                        "/app/campaigns",
                        campaign,
                        campaign + "/audience",
                        campaign + "/design",
                        campaign + "/content?way=code",
                        campaign + "/look",
                        campaign + "/review",
                        campaign + "/send",
                        "/app/blacklist?search=%3Cscript%3E",
                        "/app/domains",
                        "/app/api",
                        "/app/you")) {
            var reply = ada.get(path);
            assertThat(reply.status()).as(path).isEqualTo(200);
            isHarmless(path, Jsoup.parse(reply.body()));
            assertThat(reply.header("Content-Security-Policy"))
                    .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
                    .doesNotContain("unsafe");
            assertThat(reply.header("X-Frame-Options")).isEqualTo("DENY");
            assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
        }
    }

    @Test
    void aPreviewRunsNothing() {
        ada.post("/app/audiences/new", audience("Letters"));
        ada.post(
                "/app/campaigns/new",
                Map.of("name", "November", "audience", uidOf("/app/audiences"), "subject", "S"));
        String campaign = "/app/campaigns/" + uidOf("/app/campaigns");
        ada.post(
                campaign + "/content",
                Map.of(
                        "format", "html",
                        "content", "<p>Hello<script>alert(1)</script></p>",
                        "text", ""));

        var frame = ada.page(campaign + "/look").select("iframe");
        var preview = ada.get(campaign + "/preview");

        assertThat(frame.hasAttr("sandbox")).isTrue();
        assertThat(frame.attr("sandbox")).isEmpty();
        assertThat(preview.body()).contains("Hello");
        assertThat(preview.header("Content-Security-Policy"))
                .contains("default-src 'none'", "sandbox")
                .doesNotContain("script-src", "allow-scripts");
    }

    private static void isHarmless(String path, Document page) {
        assertThat(page.select("script")).as(path).allMatch(script -> script.hasAttr("src"));
        assertThat(page.select("img")).as(path).isEmpty();
        assertThat(page.select("[style]")).as(path).isEmpty();
        for (var element : page.getAllElements()) {
            assertThat(element.attributes().asList())
                    .as(path)
                    .noneMatch(attribute -> attribute.getKey().startsWith("on"));
        }
    }

    private List<String> found(String path) {
        return ada.page(path).select("tbody th").eachText();
    }

    /** Of the only row in a list. */
    private String uidOf(String list) {
        var href = ada.page(list).select("tbody th a").attr("href");
        return href.substring(href.lastIndexOf('/') + 1);
    }

    private static Map<String, String> audience(String name) {
        return Map.of(
                "name", name,
                "from_name", "Ada",
                "from_email", "ada@example.org",
                "address_1", "12 Main Street",
                "city", "Bern");
    }

    private String user(Role role) {
        return newLogin(account, role);
    }

    private static String ownerOfAnotherAccount() {
        return newLogin(holder(newAccount()).account(), Role.OWNER);
    }
}
