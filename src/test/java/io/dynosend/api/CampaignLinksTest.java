package io.dynosend.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.Await;
import io.dynosend.Http.Reply;
import io.dynosend.Inbox;
import io.dynosend.common.Uid;
import java.time.Duration;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The parameters that a campaign appends to its links. */
class CampaignLinksTest extends ApiTest {

    private static final String UTM =
            "\"utm\": {\"source\": \"news letter\", \"medium\": \"email\", \"campaign\": \"october\"}";
    private static final String QUERY =
            "utm_source=news%20letter&utm_medium=email&utm_campaign=october";

    private final String audience = newAudience();
    private final String campaign =
            newCampaign(
                    audience,
                    """
                    "subject": "Hello", "html": "<a href='https://a.example/?x=1#y'>A</a>", %s
                    """
                            .formatted(UTM));

    @Test
    void theyAreShownWithTheCampaign() {
        assertThat(settings())
                .contains(
                        """
                        "utm":{"source":"news letter","medium":"email","campaign":"october",\
                        "term":null,"content":null}\
                        """);
        assertThat(ok(call("GET", "/campaigns", "")).get(0).has("utm")).isFalse();
    }

    @Test
    void theyAreReplacedAsAWholeOrTakenBack() {
        ok(update("\"name\": \"Other\""));
        String kept = settings();
        ok(
                update(
                        "\"utm\": {\"source\": \"a\", \"medium\": \"b\", \"campaign\": \"c\", \"term\": \"d\"}"));
        String replaced = settings();
        ok(update("\"utm\": null"));

        assertThat(kept).contains("\"source\":\"news letter\"");
        assertThat(replaced)
                .contains(
                        """
                        "utm":{"source":"a","medium":"b","campaign":"c","term":"d","content":null}\
                        """);
        assertThat(settings()).doesNotContain("utm");
    }

    @Test
    void theyComeInEveryForm() {
        var reply =
                call(
                        "PATCH",
                        "/campaigns/update",
                        form(
                                "campaign_uid",
                                campaign,
                                "utm[source]",
                                "a",
                                "utm[medium]",
                                "b",
                                "utm[campaign]",
                                "c"),
                        "Content-Type",
                        "application/x-www-form-urlencoded");

        ok(reply);
        assertThat(settings()).contains("\"utm\":{\"source\":\"a\",\"medium\":\"b\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"source\": \"a\", \"medium\": \"b\"} | missing_parameter",
                "{\"source\": \" \", \"medium\": \"b\", \"campaign\": \"c\"} | missing_parameter",
                "{\"medium\": \"b\", \"campaign\": \"c\"} | missing_parameter",
                "{\"source\": \"a\\nb\", \"medium\": \"b\", \"campaign\": \"c\"} | bad_input",
                "{\"source\": [\"a\"], \"medium\": \"b\", \"campaign\": \"c\"} | bad_input",
                "\"utm_source=a\" | bad_input",
                "[1] | bad_input"
            })
    void whatIsIncompleteIsRefused(String utm, String code) {
        refused(update("\"name\": \"Other\", \"utm\": " + utm), 400, code);
        refused(createCampaign(audience, "\"utm\": " + utm), 400, code);

        assertThat(settings()).contains("news letter").doesNotContain("Other");
    }

    @Test
    void aPreviewHasThem() {
        assertThat(
                        ok(call(
                                        "POST",
                                        "/campaigns/preview",
                                        "{\"campaign_uid\": \"%s\"}".formatted(campaign)))
                                .at("/preview/html")
                                .asText())
                .contains("https://a.example/?x=1&amp;%s#y".formatted(QUERY.replace("&", "&amp;")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"individual", "aggregate", "off"})
    void aReaderArrivesWithThemWhateverIsRecorded(String mode) {
        String address = Uid.random() + "@example.org";
        newContact(audience, "\"EMAIL\": \"%s\"".formatted(address));
        ok(
                call(
                        "PATCH",
                        "/audiences/update",
                        "{\"audience_uid\": \"%s\", \"tracking\": \"%s\"}"
                                .formatted(audience, mode)));

        ok(start(campaign));
        Await.until("done", Duration.ofSeconds(30), () -> status(campaign).equals("done"));

        var message = new Inbox(http, address).message();
        String href = Jsoup.parse(Inbox.html(message)).expectFirst("a").attr("href");
        String target = mode.equals("off") ? href : http.get(href).header("Location");
        assertThat(target).isEqualTo("https://a.example/?x=1&" + QUERY + "#y");
    }

    private Reply update(String changes) {
        return call(
                "PATCH",
                "/campaigns/update",
                "{\"campaign_uid\": \"%s\", %s}".formatted(campaign, changes));
    }

    private String settings() {
        return ok(call("GET", "/campaigns?campaign_uid=" + campaign, "")).toString();
    }
}
