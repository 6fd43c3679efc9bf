package io.dynosend.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.Await;
import io.dynosend.Http.Reply;
import io.dynosend.Inbox;
import io.dynosend.common.Uid;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is recorded of readers, and of whom: campaigns sent over SMTP, read over HTTP. */
class TrackingModesTest extends ApiTest {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String IP = "127.8.88.188";
    private static final String PLAIN = "https://shop.example/?a=1&b=2#top";
    private static final String HTML =
            """
            <p><a id='plain' href='https://shop.example/?a=1&amp;b=2#top'>A</a>
            <a id='own' href='https://shop.example/me/{{ contact.uid }}?x=1#top'>B</a>
            <a id='choice' href='{% if CITY != blank %}https://city.example/{% else %}https://all.example/{% endif %}'>C</a>
            <!--[if mso]><v:rect href="https://shop.example/mso"></v:rect><![endif]--></p>\
            """;

    private final String userAgent = "Watched/" + Uid.random();
    private final String one = Uid.random() + "@example.org";
    private final String other = Uid.random() + "@example.org";

    @Test
    void oneReaderIsToldFromAnotherUnlessTheAudienceSaysOtherwise() {
        String audience = audienceOfTwo("individual");
        String campaign = sent(audience);

        var page = letter(one);
        assertThat(followed(href(page, "plain"))).isEqualTo(PLAIN);
        followed(href(page, "plain"));
        assertThat(followed(href(page, "own")))
                .matches("https://shop\\.example/me/[0-9a-z]{13}\\?x=1#top");
        assertThat(followed(href(page, "choice"))).isEqualTo("https://all.example/");
        look(picture(page));

        assertThat(href(page, "own"))
                .startsWith(base() + "/c/")
                .hasSizeLessThan(base().length() + 60);
        assertThat(insight(campaign, "open_count")).isEqualTo(1);
        assertThat(insight(campaign, "unique_open_count")).isEqualTo(1);
        assertThat(insight(campaign, "click_count")).isEqualTo(4);
        assertThat(insight(campaign, "unique_click_count")).isEqualTo(1);
        assertThat(links(campaign))
                .isEqualTo(
                        """
                        {"links":[\
                        {"url":"https://shop.example/?a=1&b=2#top","click_count":2,"unique_click_count":1},\
                        {"url":"https://shop.example/me/{{ contact.uid }}?x=1#top","click_count":1,"unique_click_count":1},\
                        {"url":"https://city.example/","click_count":0,"unique_click_count":0},\
                        {"url":"https://all.example/","click_count":1,"unique_click_count":1},\
                        {"url":"https://shop.example/mso","click_count":0,"unique_click_count":0}]}\
                        """);
        assertThat(Traces.of(jdbi, userAgent)).contains("engagement_event.user_agent");
        assertThat(Traces.of(jdbi, IP)).isNotEmpty();
        forget(campaign);
    }

    @Test
    void whereOnlySumsAreKeptNothingLeadsToAReader() {
        String campaign = sent(audienceOfTwo("aggregate"));

        var page = letter(one);
        var otherPage = letter(other);
        for (var each : List.of(page, otherPage)) {
            assertThat(followed(href(each, "plain"))).isEqualTo(PLAIN);
            assertThat(followed(href(each, "choice"))).isEqualTo("https://all.example/");
            look(picture(each));
        }

        for (String id : List.of("plain", "choice")) {
            assertThat(href(page, id)).isEqualTo(href(otherPage, id)).startsWith(base() + "/l/");
        }
        assertThat(picture(page)).isEqualTo(picture(otherPage)).startsWith(base() + "/i/");
        assertThat(href(page, "own")).startsWith("https://shop.example/me/");
        assertThat(insight(campaign, "open_count")).isEqualTo(2);
        assertThat(insight(campaign, "click_count")).isEqualTo(4);
        assertThat(insight(campaign, "unique_open_count")).isZero();
        assertThat(insight(campaign, "unique_click_count")).isZero();
        assertThat(links(campaign)).contains("\"%s\",\"click_count\":2,".formatted(PLAIN));
        assertThat(personal(campaign)).isZero();
        assertThat(Traces.of(jdbi, IP)).isEmpty();
        assertThat(Traces.of(jdbi, userAgent)).isEmpty();
    }

    @Test
    void whereNothingIsRecordedLinksLeadWhereTheyLead() {
        String campaign = sent(audienceOfTwo("off"));

        var page = letter(one);

        assertThat(href(page, "plain")).isEqualTo(PLAIN);
        assertThat(href(page, "own")).startsWith("https://shop.example/me/");
        assertThat(href(page, "choice")).isEqualTo("https://all.example/");
        assertThat(page.select("img")).isEmpty();
        assertThat(Inbox.html(inbox(one).message()))
                .contains(
                        "href='https://shop.example/?a=1&amp;b=2#top'",
                        "<v:rect href=\"https://shop.example/mso\">");
        assertThat(links(campaign)).isEqualTo("{\"links\":[]}");
    }

    @Test
    void mailThatIsOutWhenLessIsToBeRecordedTellsLess() {
        String audience = audienceOfTwo("individual");
        String campaign = sent(audience);
        var page = letter(one);

        change(audience, "aggregate");
        assertThat(followed(href(page, "plain"))).isEqualTo(PLAIN);
        followed(href(page, "own"));
        look(picture(page));
        change(audience, "off");
        assertThat(followed(href(page, "plain"))).isEqualTo(PLAIN);
        look(picture(page));

        assertThat(insight(campaign, "open_count")).isEqualTo(1);
        assertThat(insight(campaign, "click_count")).isEqualTo(2);
        assertThat(insight(campaign, "unique_click_count")).isZero();
        assertThat(personal(campaign)).isZero();
        assertThat(Traces.of(jdbi, IP)).isEmpty();
        assertThat(Traces.of(jdbi, userAgent)).isEmpty();
    }

    @Test
    void whatWasSentToCountOnlyStaysAnonymousWhenMoreIsToBeRecorded() {
        String audience = audienceOfTwo("aggregate");
        String campaign = sent(audience);

        change(audience, "individual");
        followed(href(letter(one), "plain"));

        assertThat(insight(campaign, "click_count")).isEqualTo(1);
        assertThat(personal(campaign)).isZero();
        assertThat(Traces.of(jdbi, userAgent)).isEmpty();
    }

    @Test
    void aCampaignGoesOnAsItWasStarted() {
        String audience = audienceOfTwo("individual");
        String campaign = newCampaign(audience, content());
        ok(start(campaign));
        change(audience, "off");

        awaitDone(campaign);

        assertThat(href(letter(one), "plain")).startsWith(base());
    }

    @Test
    void whoDoesNotWantToBeTrackedIsNotFromThenOn() {
        String audience = audienceOfTwo("individual");
        String campaign = sent(audience);
        var page = letter(one);
        String wayOut = wayOut(page);

        assertThat(http.get(wayOut).body())
                .contains("action=\"" + wayOut.substring(base().length()));
        var refused = http.post(wayOut + "/untracked", "");
        http.post(wayOut + "/untracked", "");
        assertThat(followed(href(page, "plain"))).isEqualTo(PLAIN);
        look(picture(page));
        followed(href(letter(other), "plain"));

        assertThat(refused.status()).isEqualTo(200);
        assertThat(refused.body()).contains("You are not tracked any more");
        assertThat(insight(campaign, "click_count")).isEqualTo(1);
        assertThat(insight(campaign, "open_count")).isZero();
        assertThat(contactByEmail(audience, one).get("status").asText()).isEqualTo("subscribed");
        sent(audience);
        var next = html(inbox(one).messages(2).getLast());
        assertThat(href(next, "plain")).isEqualTo(PLAIN);
        assertThat(next.select("img")).isEmpty();
        assertThat(http.post(wayOut(next), "").status()).isEqualTo(200);
        assertThat(contactByEmail(audience, one).get("status").asText()).isEqualTo("unsubscribed");
        forget(campaign);
    }

    @Test
    void lookingRefusesNothingAndNobodyElseDoes() {
        String audience = audienceOfTwo("individual");
        sent(audience);
        String path = wayOut(letter(one)) + "/untracked";

        for (String verb : List.of("GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS")) {
            http.call(verb, path, "");
        }
        var unknown = http.post(base() + "/u/x/untracked", "");

        assertThat(unknown.status()).isEqualTo(404);
        assertThat(
                        single(
                                Integer.class,
                                """
                                SELECT count(*) FROM tracking_refusal r
                                JOIN contact c ON c.id = r.contact_id
                                JOIN audience a ON a.id = c.audience_id WHERE a.uid = ?
                                """,
                                audience))
                .isZero();
    }

    @Test
    void whoLeavesIsCountedAsOneWhoLeftAndNotAsFromWhere() {
        String audience = audienceOfTwo("aggregate");
        String campaign = sent(audience);

        http.post(wayOut(letter(one)), "", "User-Agent", userAgent);

        assertThat(insight(campaign, "unsubscribed_count")).isEqualTo(1);
        assertThat(Traces.of(jdbi, userAgent)).containsExactly("contact_activity.user_agent");
        forget(campaign);
    }

    @Test
    void whatManyDoAtTheSameMomentIsAllCounted() throws Exception {
        String campaign = sent(audienceOfTwo("individual"));
        var paths =
                List.of(
                        href(letter(one), "plain"),
                        href(letter(other), "plain"),
                        picture(letter(one)),
                        picture(letter(other)));

        try (var threads = Executors.newFixedThreadPool(16)) {
            var replies = new ArrayList<Future<Reply>>();
            for (int i = 0; i < 200; i++) {
                String path = paths.get(i % 4);
                replies.add(threads.submit(() -> http.get(path)));
            }
            for (var reply : replies) assertThat(reply.get().status()).isIn(200, 302);
        }

        assertThat(insight(campaign, "click_count")).isEqualTo(100);
        assertThat(insight(campaign, "open_count")).isEqualTo(100);
        assertThat(insight(campaign, "unique_click_count")).isEqualTo(2);
        assertThat(links(campaign)).contains("\"%s\",\"click_count\":100,".formatted(PLAIN));
    }

    @Test
    void anAudienceShowsItsModeOnceItIsNotTheUsualOne() {
        String audience = newAudience();

        String usual = settings(audience);
        change(audience, "Aggregate");
        String aggregate = settings(audience);
        ok(update(audience, "\"name\": \"Other\", \"tracking\": null"));
        String still = settings(audience);
        change(audience, "individual");

        assertThat(usual).doesNotContain("tracking");
        assertThat(aggregate).contains("\"tracking\":\"aggregate\"");
        assertThat(still).contains("\"tracking\":\"aggregate\"");
        assertThat(settings(audience)).doesNotContain("tracking");
    }

    @ParameterizedTest
    @ValueSource(strings = {"some", "true", "aggregate,off", "[]"})
    void aModeThatThereIsNotIsRefused(String mode) {
        String value = mode.equals("[]") ? mode : "\"%s\"".formatted(mode);

        badInput(update(newAudience(), "\"name\": \"Other\", \"tracking\": " + value));
        badInput(
                call(
                        "POST",
                        "/audiences",
                        """
                        {"name": "A", "from_email": "a@example.org", "from_name": "A", "tracking": %s}
                        """
                                .formatted(value)));
    }

    private String audienceOfTwo(String mode) {
        String audience =
                newAudience(
                        """
                        "tracking": "%s", "contact_information": {"address_1": "1 Main Street"}
                        """
                                .formatted(mode));
        addField(audience, "text", "CITY");
        newContact(audience, "\"EMAIL\": \"%s\"".formatted(one));
        newContact(audience, "\"EMAIL\": \"%s\"".formatted(other));
        return audience;
    }

    private String sent(String audience) {
        String campaign = newCampaign(audience, content());
        ok(start(campaign));
        awaitDone(campaign);
        return campaign;
    }

    private static String content() {
        return "\"subject\": \"Hello\", \"html\": \"%s\""
                .formatted(HTML.replace("\"", "\\\"").replace("\n", "\\n"));
    }

    private void awaitDone(String campaign) {
        Await.until("done", SOON, () -> status(campaign).equals("done"));
    }

    private Reply update(String audience, String changes) {
        return call(
                "PATCH",
                "/audiences/update",
                "{\"audience_uid\": \"%s\", %s}".formatted(audience, changes));
    }

    private void change(String audience, String mode) {
        ok(update(audience, "\"tracking\": \"%s\"".formatted(mode)));
    }

    private String settings(String audience) {
        return ok(call("GET", "/audiences?audience_uid=" + audience, "")).toString();
    }

    private int insight(String campaign, String name) {
        return ok(call("GET", "/campaigns?campaign_uid=" + campaign, ""))
                .at("/insights/" + name)
                .asInt();
    }

    private String links(String campaign) {
        return ok(call("GET", "/campaigns/links?campaign_uid=" + campaign, "")).toString();
    }

    /** Rows about one recipient. */
    private static int personal(String campaign) {
        return single(
                Integer.class,
                """
                SELECT (SELECT count(*) FROM engagement e WHERE e.mailing_id = c.mailing_id)
                     + (SELECT count(*) FROM engagement_event e WHERE e.mailing_id = c.mailing_id)
                FROM campaign c WHERE uid = ?
                """,
                campaign);
    }

    // Other tests look for these traces.
    private static void forget(String campaign) {
        execute(
                """
                DELETE FROM engagement_event
                WHERE mailing_id = (SELECT mailing_id FROM campaign WHERE uid = ?)
                """,
                campaign);
    }

    private Inbox inbox(String address) {
        return new Inbox(http, address);
    }

    private Document letter(String address) {
        return html(inbox(address).message());
    }

    private static Document html(jakarta.mail.internet.MimeMessage message) {
        return Jsoup.parse(Inbox.html(message));
    }

    private static String href(Document page, String id) {
        return page.expectFirst("#" + id).attr("href");
    }

    private static String picture(Document page) {
        return page.expectFirst("img").attr("src");
    }

    private static String wayOut(Document page) {
        return page.expectFirst("a[href*=/u/]").attr("href");
    }

    private String base() {
        return "http://localhost:" + http.port();
    }

    private String followed(String url) {
        var reply = visit(url);
        assertThat(reply.statusCode()).as(url).isEqualTo(302);
        return reply.headers().firstValue("Location").orElse("");
    }

    private void look(String url) {
        assertThat(visit(url).statusCode()).isEqualTo(200);
    }

    /** From an address and with a program that nobody else leaves as a trace. */
    private HttpResponse<String> visit(String url) {
        try (var client = HttpClient.newBuilder().localAddress(InetAddress.getByName(IP)).build()) {
            var request =
                    HttpRequest.newBuilder(URI.create(url.replace("localhost", "127.0.0.1")))
                            .header("User-Agent", userAgent)
                            .build();
            return client.send(request, BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
