package io.dynosend.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.Await;
import io.dynosend.Inbox;
import io.dynosend.common.Uid;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;

/** Mail as a web page, reached from the mail itself. */
class WebVersionsTest extends ApiTest {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String HTML =
            "<p>Hi {{ CITY | default: 'friend' }} {{ EMAIL }} {{ contact.uid }}</p>"
                    + "<a id='shop' href='https://shop.example/'>shop</a>"
                    + "<a id='view' href='{{ view_url }}'>in your browser</a>"
                    + "<a id='out' href='{{ unsubscribe_url }}'>out</a>"
                    + "<script>alert(1)</script>";

    private final String one = Uid.random() + "@example.org";
    private final String other = Uid.random() + "@example.org";

    @Test
    void aReaderSeesTheirOwnCopyInTheBrowserWithoutBeingRecorded() {
        String audience = audienceOfTwo("individual");
        String campaign = sent(audience);

        String view = href(letter(one), "view");
        var page = http.get(view);

        assertThat(view).startsWith(base() + "/v/").isNotEqualTo(href(letter(other), "view"));
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.body()).contains("Hi &lt;Ulm&gt; " + one).doesNotContain("/c/", "/o/");
        var html = Jsoup.parse(page.body());
        assertThat(href(html, "shop")).isEqualTo("https://shop.example/");
        assertThat(href(html, "view")).isEqualTo(view);
        assertThat(http.get(href(html, "out")).body()).contains("Unsubscribe", one);
        assertThat(http.call("HEAD", view, "").status()).isEqualTo(200);
        assertThat(insight(campaign, "open_count") + insight(campaign, "click_count")).isZero();
    }

    @Test
    void thePageMayRunNothingAndIsKeptByNobody() {
        sent(audienceOfTwo("individual"));

        var page = http.get(href(letter(one), "view"));

        assertThat(page.header("Content-Security-Policy"))
                .startsWith("sandbox ")
                .contains(
                        "default-src 'none'",
                        "img-src https: http: data:",
                        "style-src 'unsafe-inline'")
                .doesNotContain("allow-scripts", "allow-same-origin", "allow-forms", "script-src");
        assertThat(page.header("Content-Type")).isEqualTo("text/html;charset=utf-8");
        assertThat(page.header("X-Robots-Tag")).contains("noindex");
        assertThat(page.header("Cache-Control")).isEqualTo("no-store");
        assertThat(page.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(page.header("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(page.headers().map()).doesNotContainKey("set-cookie");
    }

    @Test
    void whereReadersAreNotToldApartAllSeeTheSame() {
        for (String mode : List.of("aggregate", "off")) {
            String audience = audienceOfTwo(mode);
            sent(audience);

            var letters = List.of(last(one), last(other));
            String view = href(letters.getFirst(), "view");
            var page = http.get(view);

            assertThat(view).startsWith(base() + "/w/").isEqualTo(href(letters.getLast(), "view"));
            assertThat(page.status()).isEqualTo(200);
            assertThat(page.body()).contains("Hi friend  </p>").doesNotContain(one, other, "Ulm");
            assertThat(page.header("Content-Security-Policy")).startsWith("sandbox ");
            var leave = http.get(href(Jsoup.parse(page.body()), "out"));
            assertThat(leave.status()).isEqualTo(200);
            assertThat(leave.body()).contains("The way out is in your mail");
        }
    }

    @Test
    void whoIsErasedOrWhatIsDeletedIsShownNoMore() {
        String audience = audienceOfTwo("individual");
        String campaign = sent(audience);
        String ones = href(letter(one), "view");
        String others = href(letter(other), "view");

        ok(
                call(
                        "DELETE",
                        "/contacts",
                        "{\"audience_uid\": \"%s\", \"email\": \"%s\"}".formatted(audience, one)));

        assertThat(http.get(ones).status()).isEqualTo(404);
        assertThat(http.get(others).status()).isEqualTo(200);

        ok(call("DELETE", "/campaigns", "{\"campaign_uid\": \"%s\"}".formatted(campaign)));

        assertThat(http.get(others).status()).isEqualTo(404);
        assertThat(http.get(others).body()).isEqualTo(http.get(base() + "/v/x").body());
    }

    @Test
    void aLinkOfWhichOneBitIsOtherShowsNothing() {
        sent(audienceOfTwo("individual"));
        String view = href(letter(one), "view");
        String unsubscribe = href(letter(one), "out");
        String token = view.substring(view.lastIndexOf('/') + 1);

        byte[] bytes = Base64.getUrlDecoder().decode(token);
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
            String forged = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(http.get("/v/" + forged).status()).isEqualTo(404);
            assertThat(http.get("/w/" + forged).status()).isEqualTo(404);
        }

        String other = unsubscribe.substring(unsubscribe.lastIndexOf('/') + 1);
        assertThat(http.get("/v/" + other).status()).isEqualTo(404);
        assertThat(http.post("/u/" + token, "").status()).isEqualTo(404);
    }

    private String audienceOfTwo(String mode) {
        String audience =
                newAudience(
                        """
                        "tracking": "%s", "contact_information": {"address_1": "1 Main Street"}
                        """
                                .formatted(mode));
        addField(audience, "text", "CITY");
        newContact(audience, "\"EMAIL\": \"%s\", \"CITY\": \"<Ulm>\"".formatted(one));
        newContact(audience, "\"EMAIL\": \"%s\"".formatted(other));
        return audience;
    }

    private String sent(String audience) {
        String campaign =
                newCampaign(audience, "\"subject\": \"Hello\", \"html\": \"%s\"".formatted(HTML));
        ok(start(campaign));
        Await.until("done", SOON, () -> status(campaign).equals("done"));
        return campaign;
    }

    private int insight(String campaign, String name) {
        return ok(call("GET", "/campaigns?campaign_uid=" + campaign, ""))
                .at("/insights/" + name)
                .asInt();
    }

    private Document letter(String address) {
        return Jsoup.parse(Inbox.html(new Inbox(http, address).message()));
    }

    private Document last(String address) {
        var inbox = new Inbox(http, address);
        int mailings = inbox.messages(1).size();
        return Jsoup.parse(Inbox.html(inbox.messages(mailings).getLast()));
    }

    private static String href(Document page, String id) {
        var link = page.getElementById(id);
        if (link == null) throw new AssertionError("No " + id);
        return link.attr("href");
    }

    private String base() {
        return "http://localhost:" + http.port();
    }
}
