package io.dynosend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.Test;

/** The main job through the public doors alone: HTTP in, SMTP out, and a mail program's eyes. */
class MainJobTest extends DatabaseTest {

    private static final String HTML =
            """
            <html><body><p>Hello {{ FIRST_NAME | default: "you" | upcase }},</p>
            {% for tag in contact.tags %}<i>{{ tag }}</i> {% endfor %}
            <p><a href="https://shop.example/a?x=1&amp;y=2">Shop</a>
            <a href="https://shop.example/p?plan={{ PLAN | url_encode }}">Plan</a></p></body></html>
            """;

    @Test
    void whatWasWrittenArrivesIsReadAndIsCounted() throws Exception {
        String audience = makeAudience();
        addContact(audience, "ada", "Zoë", "Gold & more");
        addContact(audience, "bounce-bob", "Bob", "Free");
        addContact(audience, "cy", "", "Free");
        unsubscribe(audience, addContact(audience, "dan", "Dan", "Free"));
        String campaign = makeCampaign(audience);

        post("/campaigns/start", "{\"campaign_uid\": \"%s\"}".formatted(campaign));
        awaitDone(campaign);

        assertThat(counts(campaign))
                .isEqualTo(
                        Http.json(
                                """
                                {"recipients": 3, "waiting": 0, "sent": 2, "failed": 1,
                                 "skipped": 0, "unknown": 0, "bounced": 1}
                                """));
        var ada = received("ada");
        assertThat(ada.getSubject()).isEqualTo("Grüße an Zoë 🎉");
        assertThat(ada.getHeader("List-Unsubscribe-Post", null))
                .isEqualTo("List-Unsubscribe=One-Click");
        var page = Jsoup.parse(part(ada, 1));
        assertThat(page.text()).contains("Hello ZOË", "first second");
        assertThat(part(ada, 0)).contains("Hello ZOË", "Shop (http", "12 Main Street");
        assertThat(page.text()).contains("12 Main Street", "Unsubscribe");

        var links = page.select("a").eachAttr("href");
        String pixel = page.select("img").eachAttr("src").getLast();
        assertThat(follow(pixel).status()).isEqualTo(200);
        follow(pixel);
        assertThat(follow(links.get(0)).header("Location"))
                .isEqualTo("https://shop.example/a?x=1&y=2");
        assertThat(follow(links.get(1)).header("Location"))
                .isEqualTo("https://shop.example/p?plan=Gold+%26+more");

        String way = received("cy").getHeader("List-Unsubscribe", null).replaceAll("[<>]", "");
        assertThat(http.get(way).body()).contains("cy@main-job.example.org", "<button");
        assertThat(status(audience, "cy")).isEqualTo("subscribed");
        var oneClick =
                http.post(
                        way,
                        "List-Unsubscribe=One-Click",
                        "Content-Type",
                        "application/x-www-form-urlencoded");
        assertThat(oneClick.status()).isEqualTo(200);
        assertThat(status(audience, "cy")).isEqualTo("unsubscribed");

        assertThat(insights(campaign))
                .isEqualTo(
                        Http.json(
                                """
                                {"recipients": 3, "delivery_rate": 0.67,
                                 "open_count": 2, "unique_open_count": 1, "unique_open_rate": 0.5,
                                 "click_count": 2, "unique_click_count": 1, "click_rate": 1,
                                 "click_per_unique_open": 1,
                                 "spam_report_count": 0, "spam_report_rate": 0,
                                 "bounce_count": 1, "bounce_rate": 0.33,
                                 "unsubscribed_count": 1, "unsubscribed_rate": 0.5}
                                """));
    }

    private String makeAudience() {
        String audience =
                post(
                                "/audiences",
                                """
                                {"name": "Readers", "from_email": "me@main-job.example.org",
                                 "from_name": "Jürgen", "contact_information":
                                    {"company": "Acme", "address_1": "12 Main Street",
                                     "city": "Ulm", "country": "Germany"}}
                                """)
                        .get("audience_uid")
                        .asText();
        for (String tag : List.of("FIRST_NAME", "PLAN")) {
            post(
                    "/audiences/add-field",
                    """
                    {"audience_uid": "%s", "type": "text", "label": "%s", "tag": "%s"}
                    """
                            .formatted(audience, tag, tag));
        }
        return audience;
    }

    private String addContact(String audience, String name, String firstName, String plan) {
        return post(
                        "/contacts",
                        """
                        {"audience_uid": "%s", "EMAIL": "%s@main-job.example.org", "FIRST_NAME": "%s",
                         "PLAN": "%s", "tag": "first,second"}
                        """
                                .formatted(audience, name, firstName, plan))
                .get("contact_uid")
                .asText();
    }

    private void unsubscribe(String audience, String contact) {
        var reply =
                http.patch(
                        "/api/v2/contacts/unsubscribe",
                        "{\"audience_uid\": \"%s\", \"contact_uid\": \"%s\"}"
                                .formatted(audience, contact));
        assertThat(reply.status()).isEqualTo(200);
    }

    private String makeCampaign(String audience) {
        return post(
                        "/campaigns",
                        "{\"name\": \"First\", \"audience_uid\": \"%s\", \"html\": %s, \"subject\": \"%s\"}"
                                .formatted(
                                        audience,
                                        new TextNode(HTML),
                                        "Grüße an {{ FIRST_NAME }} 🎉"))
                .get("campaign_uid")
                .asText();
    }

    private void awaitDone(String campaign) {
        Await.until(
                "the campaign is done",
                Duration.ofSeconds(30),
                () -> get(campaign).at("/campaign/status").asText().equals("done"));
    }

    private JsonNode get(String campaign) {
        return http.get("/api/v2/campaigns?campaign_uid=" + campaign).json();
    }

    private JsonNode insights(String campaign) {
        return get(campaign).get("insights");
    }

    private JsonNode counts(String campaign) {
        return http.get("/api/v2/campaigns/recipients?campaign_uid=" + campaign)
                .json()
                .get("counts");
    }

    private String status(String audience, String name) {
        return http.get(
                        "/api/v2/contacts?audience_uid=%s&email=%s@main-job.example.org"
                                .formatted(audience, name))
                .json()
                .at("/contact/status")
                .asText();
    }

    private JsonNode post(String path, String body) {
        var reply = http.post("/api/v2" + path, body);
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        return reply.json();
    }

    private Http.Reply follow(String url) {
        return http.get(url);
    }

    /** The message in the mailbox, as a mail program reads it. */
    private MimeMessage received(String name) throws MessagingException {
        for (var message : http.get("/mailbox/messages?limit=1000&after=").json().get("messages")) {
            if (message.get("to").asText().equals(name + "@main-job.example.org")) {
                var source =
                        http.get("/mailbox/%s.eml".formatted(message.get("id").asText())).body();
                return new MimeMessage(
                        Session.getInstance(new Properties()),
                        new ByteArrayInputStream(source.getBytes(StandardCharsets.UTF_8)));
            }
        }
        throw new AssertionError("No message for " + name);
    }

    private static String part(MimeMessage message, int number)
            throws MessagingException, IOException {
        return (String) ((MimeMultipart) message.getContent()).getBodyPart(number).getContent();
    }
}
