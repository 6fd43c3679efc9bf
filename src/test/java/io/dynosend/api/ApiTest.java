package io.dynosend.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.dynosend.DatabaseTest;
import io.dynosend.Http.Reply;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What the tests of all sections of the API document say again and again. */
abstract class ApiTest extends DatabaseTest {

    static final String NOW = "2026-01-01T10:00:00.000000Z";
    static final String FORM = "application/x-www-form-urlencoded";
    static final String MULTIPART = "multipart/form-data; boundary=limit";

    Reply call(String verb, String path, String body, String... headers) {
        return http.call(verb, "/api/v2" + path, body, headers);
    }

    /** As every curl of the document does it. */
    Reply curl(String verb, String path, String body) {
        return call(verb, path, body, "Content-Type", "application/json");
    }

    JsonNode ok(Reply reply) {
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        assertThat(reply.header("Content-Type")).isEqualTo("application/json");
        return reply.json();
    }

    /** The message of a refusal whose shape is right. */
    static String refused(Reply reply, int status, String code) {
        assertThat(reply.status()).as(reply.body()).isEqualTo(status);
        assertThat(reply.header("Content-Type")).isEqualTo("application/json");
        var names = new ArrayList<String>();
        reply.json().fieldNames().forEachRemaining(names::add);
        assertThat(names.subList(0, 3)).isEqualTo(List.of("status", "message", "code"));
        assertThat(reply.json().get("status").asText()).isEqualTo("error");
        assertThat(reply.json().get("code").asText()).as(reply.body()).isEqualTo(code);
        assertThat(reply.body()).doesNotContain("Exception", "\tat ", "<html", "java.");
        return reply.json().get("message").asText();
    }

    static String badInput(Reply reply) {
        return refused(reply, 400, "bad_input");
    }

    String newAudience() {
        return newAudience("\"contact_information\": {\"address_1\": \"1 Main Street\"}");
    }

    /**
     * @param more members of the JSON object
     */
    String newAudience(String more) {
        return ok(call(
                        "POST",
                        "/audiences",
                        """
                        {"name": "Readers", "from_email": "me@example.org", "from_name": "Me", %s}
                        """
                                .formatted(more)))
                .get("audience_uid")
                .asText();
    }

    void addField(String audience, String type, String tag) {
        addField(audience, type, tag, "Label of " + tag);
    }

    void addField(String audience, String type, String tag, String label) {
        ok(
                call(
                        "POST",
                        "/audiences/add-field",
                        """
                        {"audience_uid": "%s", "type": "%s", "label": "%s", "tag": "%s"}
                        """
                                .formatted(audience, type, label, tag)));
    }

    /**
     * @param more members of the JSON object
     */
    String newContact(String audience, String more) {
        return ok(createContact(audience, more)).get("contact_uid").asText();
    }

    Reply createContact(String audience, String more) {
        return call(
                "POST", "/contacts", "{\"audience_uid\": \"%s\", %s}".formatted(audience, more));
    }

    JsonNode contact(String audience, String uid) {
        return ok(call(
                        "GET",
                        "/contacts?audience_uid=%s&contact_uid=%s".formatted(audience, uid),
                        ""))
                .get("contact");
    }

    JsonNode contactByEmail(String audience, String email) {
        return ok(call(
                        "GET",
                        "/contacts?audience_uid=%s&email=%s".formatted(audience, encoded(email)),
                        ""))
                .get("contact");
    }

    String newCampaign(String audience) {
        return newCampaign(audience, "\"subject\": \"Hello\", \"html\": \"<p>Hello</p>\"");
    }

    /**
     * @param more members of the JSON object
     */
    String newCampaign(String audience, String more) {
        return ok(createCampaign(audience, more)).get("campaign_uid").asText();
    }

    Reply createCampaign(String audience, String more) {
        return call(
                "POST",
                "/campaigns",
                "{\"name\": \"News\", \"audience_uid\": \"%s\", %s}".formatted(audience, more));
    }

    Reply start(String campaign) {
        return call("POST", "/campaigns/start", "{\"campaign_uid\": \"%s\"}".formatted(campaign));
    }

    String status(String uid) {
        return ok(call("GET", "/campaigns?campaign_uid=" + uid, ""))
                .at("/campaign/status")
                .asText();
    }

    /** As if it had been started some time ago; nothing moves it on. */
    void mailing(String campaign, String state) {
        execute(
                """
                WITH opened AS (
                    INSERT INTO mailing (
                        account_id, audience_id, state, until_contact, started_at,
                        recipients_written_at, done_at)
                    SELECT account_id, audience_id, ?, 0, now(), now(),
                           CASE WHEN ? = 'done' THEN timestamptz '2026-01-01T10:00:00Z' END
                    FROM campaign WHERE uid = ?
                    RETURNING account_id, id
                ), chunk AS (
                    INSERT INTO mailing_chunk (
                        account_id, mailing_id, first_number, last_number, due_at)
                    SELECT account_id, id, 1, 100, now() + interval '1 day' FROM opened
                )
                UPDATE campaign SET mailing_id = (SELECT id FROM opened) WHERE uid = ?
                """,
                state,
                state,
                campaign,
                campaign);
    }

    /**
     * @param fields names and values in turn
     */
    static String form(String... fields) {
        var form = new StringBuilder();
        for (int i = 0; i < fields.length; i += 2) {
            form.append(encoded(fields[i])).append('=').append(encoded(fields[i + 1])).append('&');
        }
        return form.toString();
    }

    /** As {@link #form}, as multipart. */
    static String multipart(String... fields) {
        var form = new StringBuilder();
        for (int i = 0; i < fields.length; i += 2) {
            form.append("--limit\r\nContent-Disposition: form-data; name=\"")
                    .append(fields[i])
                    .append("\"\r\n\r\n")
                    .append(fields[i + 1])
                    .append("\r\n");
        }
        return form.append("--limit--\r\n").toString();
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
