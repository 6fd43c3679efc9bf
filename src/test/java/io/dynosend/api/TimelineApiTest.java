package io.dynosend.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.dynosend.Await;
import io.dynosend.account.Role;
import io.dynosend.account.SigningKey;
import io.dynosend.tracking.DeliveryRef;
import io.dynosend.tracking.TrackingTokens;
import io.dynosend.tracking.TrackingTokens.Click;
import io.dynosend.tracking.TrackingTokens.Open;
import io.dynosend.tracking.TrackingTokens.Unsubscribe;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** All that happened to a contact, and the evidence of its consent. */
class TimelineApiTest extends ApiTest {

    private String audience = "";

    @BeforeEach
    void anAudience() {
        audience =
                newAudience(
                        """
                        "double_opt_in": true, "contact_information": {"address_1": "1 Main Street"}
                        """);
    }

    @Test
    void theEvidenceSaysWhoIgnoredDoubleOptInAndFromWhere() {
        String contact =
                ok(http.call(
                                "POST",
                                "/api/v2/contacts",
                                """
                                {"audience_uid": "%s", "EMAIL": "a@example.org", "tag": "x",
                                 "ignore_doi": true}
                                """
                                        .formatted(audience),
                                "User-Agent",
                                "Shop/1.0"))
                        .get("contact_uid")
                        .asText();

        var timeline =
                curl(
                        "GET",
                        "/contacts/timeline",
                        "{\"audience_uid\": \"%s\", \"contact_uid\": \"%s\"}"
                                .formatted(audience, contact));

        ok(timeline);
        assertThat(timeline.body())
                .isEqualTo(
                        """
                        {"timeline":[{"at":"%s","type":"subscribed","source":"api",\
                        "user_uid":"%s","ip_address":"127.0.0.1","user_agent":"Shop/1.0",\
                        "wording":null,"tags":["x"],"ignore_doi":true}]}\
                        """
                                .formatted(NOW, userUid()));
    }

    @Test
    void whatHappenedIsToldNewestFirst() {
        sendNothing();
        String contact = newContact(audience, "\"EMAIL\": \"a@example.org\"");
        change(contact, "addtag", "\"tag\": \"x,y\"");
        change(contact, "addtag", "\"tag\": \"x\"");
        change(contact, "removetag", "\"tag\": \"x,z\"");
        change(contact, "update", "\"new_email\": \"b@example.org\", \"tag\": \"n\"");
        change(contact, "subscribe", "\"x\": 1");
        change(contact, "subscribe", "\"x\": 1");
        call(
                "POST",
                "/events",
                parameters(contact, "\"event_name\": \"login\", \"properties\": {\"a\": 1}"));
        change(contact, "unsubscribe", "\"x\": 1");

        var timeline = timeline(contact, "");

        assertThat(timeline.findValuesAsText("type"))
                .containsExactly(
                        "unsubscribed",
                        "event",
                        "subscribed",
                        "updated",
                        "untagged",
                        "tagged",
                        "unconfirmed");
        assertThat(timeline.get(1).toString())
                .isEqualTo(
                        """
                        {"at":"2026-01-01T10:00:06.000000Z","type":"event","name":"login",\
                        "properties":{"a":1}}\
                        """);
        assertThat(timeline.get(2).get("status_before").asText()).isEqualTo("unconfirmed");
        assertThat(timeline.get(3).get("email").toString())
                .isEqualTo("{\"to\":\"b@example.org\",\"from\":\"a@example.org\"}");
        assertThat(timeline.get(3).get("tags").toString()).isEqualTo("[\"n\"]");
        assertThat(timeline.get(4).get("tags").toString()).isEqualTo("[\"x\"]");
        assertThat(timeline.get(5).get("tags").toString()).isEqualTo("[\"x\",\"y\"]");
    }

    @Test
    void theTimelineIsPaged() {
        sendNothing();
        String contact = newContact(audience, "\"EMAIL\": \"a@example.org\"");
        for (int i = 1; i <= 22; i++) change(contact, "addtag", "\"tag\": \"t%d\"".formatted(i));

        assertThat(timeline(contact, "")).hasSize(20);
        assertThat(timeline(contact, "&page=2").findValuesAsText("type"))
                .containsExactly("tagged", "tagged", "unconfirmed");
        assertThat(timeline(contact, "&page=2&per_page=5").at("/0/tags/0").asText())
                .isEqualTo("t17");
        assertThat(
                        badInput(
                                call(
                                        "GET",
                                        "/contacts/timeline?audience_uid=%s&contact_uid=%s&per_page=1001"
                                                .formatted(audience, contact),
                                        "")))
                .startsWith("per_page ");
    }

    @Test
    void mailsOpensAndClicksAreInIt() {
        String contact = newContact(audience, "\"EMAIL\": \"a@example.org\", \"ignore_doi\": true");
        String campaign =
                newCampaign(
                        audience,
                        """
                        "subject": "Hello", "html": "<a href='https://shop.example/'>x</a>"
                        """);
        ok(start(campaign));
        Await.until("sent", Duration.ofSeconds(30), () -> timeline(contact, "").size() == 2);
        var delivery = delivery(campaign);
        var tokens = new TrackingTokens(SigningKey.load(jdbi, null));
        long id = single(Long.class, "SELECT id FROM contact WHERE uid = ?", contact);
        // The ledger's clock is the database's: a mail is later than all that this test's clock
        // says.
        execute(
                "UPDATE delivery SET finished_at = '2026-01-01T10:00:00.5Z' WHERE mailing_id = ?",
                delivery.mailing());
        clock.advance(Duration.ofSeconds(1));
        http.get("/o/" + tokens.of(new Open(delivery)) + ".gif");
        clock.advance(Duration.ofSeconds(1));
        http.get("/c/" + tokens.of(new Click(delivery, 0)));
        clock.advance(Duration.ofSeconds(1));
        http.post("/u/" + tokens.of(new Unsubscribe(delivery, id)), "");

        var timeline = timeline(contact, "");

        assertThat(timeline.findValuesAsText("type"))
                .containsExactly("unsubscribed", "clicked", "opened", "mailed", "subscribed");
        assertThat(timeline.get(0).get("source").asText()).isEqualTo("link");
        assertThat(timeline.get(0).get("user_uid").isNull()).isTrue();
        assertThat(timeline.get(1).get("url").asText()).isEqualTo("https://shop.example/");
        assertThat(timeline.get(1).get("campaign_uid").asText()).isEqualTo(campaign);
        assertThat(timeline.get(3).toString())
                .isEqualTo(
                        """
                        {"at":"2026-01-01T10:00:00.500000Z","type":"mailed","kind":"campaign",\
                        "campaign_uid":"%s","campaign":"News","transactional_uid":null,"message_uid":null,\
                        "subject":null,"state":"sent","reason":null}\
                        """
                                .formatted(campaign));
    }

    @Test
    void anImportIsEvidenceWithItsUser() {
        var marketer = http.as(newUser(http.token(), Role.MARKETER));
        var upload =
                marketer.upload(
                        "/api/v2/imports",
                        Map.of("audience_uid", audience),
                        "c.csv",
                        "EMAIL\na@example.org\n".getBytes(StandardCharsets.UTF_8));
        String importUid = ok(upload).get("import_uid").asText();

        var entry =
                timeline(contactByEmail(audience, "a@example.org").get("contact_uid").asText(), "")
                        .get(0);

        assertThat(entry.get("type").asText()).isEqualTo("subscribed");
        assertThat(entry.get("source").asText()).isEqualTo("import");
        assertThat(entry.get("import_uid").asText()).isEqualTo(importUid);
        assertThat(entry.get("user_uid").asText())
                .isEqualTo(
                        single(
                                String.class,
                                "SELECT uid FROM account_user WHERE id = ?",
                                holder(marketer.token()).user()));
    }

    // The confirmation mail would come in between, sooner or later.
    private void sendNothing() {
        execute(
                "UPDATE account SET monthly_quota = 0 WHERE id = ?",
                holder(http.token()).account());
    }

    private void change(String contact, String operation, String more) {
        clock.advance(Duration.ofSeconds(1));
        ok(call("PATCH", "/contacts/" + operation, parameters(contact, more)));
    }

    private String parameters(String contact, String more) {
        return "{\"audience_uid\": \"%s\", \"contact_uid\": \"%s\", %s}"
                .formatted(audience, contact, more);
    }

    private JsonNode timeline(String contact, String more) {
        return ok(call(
                        "GET",
                        "/contacts/timeline?audience_uid=%s&contact_uid=%s%s"
                                .formatted(audience, contact, more),
                        ""))
                .get("timeline");
    }

    private DeliveryRef delivery(String campaign) {
        long mailing =
                single(Long.class, "SELECT mailing_id FROM campaign WHERE uid = ?", campaign);
        return new DeliveryRef(holder(http.token()).account(), mailing, 1);
    }

    private String userUid() {
        return single(
                String.class,
                "SELECT uid FROM account_user WHERE id = ?",
                holder(http.token()).user());
    }
}
