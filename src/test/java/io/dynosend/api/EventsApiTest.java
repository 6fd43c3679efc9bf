package io.dynosend.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.Http.Reply;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Section "Send an event" of the API document. */
class EventsApiTest extends ApiTest {

    private String audience = "";
    private String contact = "";

    @BeforeEach
    void aContact() {
        audience = newAudience();
        contact = newContact(audience, "\"EMAIL\": \"jake@gmail.com\"");
    }

    @Test
    void theDocumentsOwnCallIsAnsweredWithNothing() {
        var sent =
                curl(
                        "POST",
                        "/events",
                        """

                        \t{
                        \t  "audience_uid": "%s",
                        \t  "contact_uid": "%s",
                        \t  "event_name": "YOUR_EVENT"
                           }\
                        """
                                .formatted(audience, contact));

        assertThat(sent.status()).isEqualTo(204);
        assertThat(sent.body()).isEmpty();
        assertThat(sent.headers().firstValue("Content-Type")).isEmpty();
        assertThat(events()).isEqualTo("YOUR_EVENT:null@2026-01-01T10:00:00");
    }

    @Test
    void anEventGoesToThePartitionOfItsMonth() {
        send("\"event_name\": \"trial_started\"");

        assertThat(
                        single(
                                String.class,
                                """
                                SELECT e.tableoid::regclass::text
                                FROM contact_event e
                                JOIN contact c ON c.account_id = e.account_id
                                    AND c.id = e.contact_id
                                WHERE c.uid = ?
                                """,
                                contact))
                .isEqualTo("contact_event_2026_01");
    }

    @Test
    void propertiesAreKeptAsTheyAreGiven() {
        send(
                """
                "event_name": "order_placed", "properties": {"total": 12.50, "items": ["a", {"b": 1}],
                "gift": false, "note": null, "name": "Größe \\"L\\""}
                """);

        var properties =
                ok(call(
                                "GET",
                                "/contacts/timeline?audience_uid=%s&contact_uid=%s"
                                        .formatted(audience, contact),
                                ""))
                        .at("/timeline/0/properties");

        assertThat(properties.get("total").decimalValue()).isEqualByComparingTo("12.5");
        assertThat(properties.get("items").toString()).isEqualTo("[\"a\",{\"b\":1}]");
        assertThat(properties.get("gift").asBoolean()).isFalse();
        assertThat(properties.get("note").isNull()).isTrue();
        assertThat(properties.get("name").asText()).isEqualTo("Größe \"L\"");
    }

    @Test
    void aContactIsFoundByItsAddressToo() {
        var sent =
                curl(
                        "POST",
                        "/events",
                        """
                        {"audience_uid": "%s", "email": "JAKE@gmail.com", "event_name": "login"}
                        """
                                .formatted(audience));

        assertThat(sent.status()).isEqualTo(204);
        assertThat(events()).startsWith("login:");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"account created", "account-created", "größe", "a.b", "a\\nb", "', x", "{}"})
    void aNameOfOtherThanLettersDigitsAndUnderscoresIsRefused(String name) {
        var reply = sendReply("\"event_name\": \"%s\"".formatted(name));

        assertThat(badInput(reply)).startsWith("event_name ");
        assertThat(events()).isNull();
    }

    @Test
    void aNameMayHave100CharactersAndNoMore() {
        send("\"event_name\": \"%s\"".formatted("x".repeat(100)));

        var reply = sendReply("\"event_name\": \"%s\"".formatted("x".repeat(101)));

        assertThat(badInput(reply)).contains("event_name", "100");
    }

    @Test
    void aMissingNameIsRefusedByName() {
        assertThat(refused(sendReply("\"event_name\": \" \""), 400, "missing_parameter"))
                .isEqualTo("Missing parameter: event_name");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"text\"",
                "7",
                "[1]",
                "{\"a\": \"\\u0000\"}",
                "{\"\\u0000\": 1}",
                "{\"a\": [\"\\ud800\"]}",
                "{\"a\": 1e999999}"
            })
    void propertiesThatAreNoObjectOrCannotBeKeptAreRefused(String properties) {
        var reply = sendReply("\"event_name\": \"x\", \"properties\": " + properties);

        assertThat(badInput(reply)).startsWith("properties ");
        assertThat(events()).isNull();
    }

    @Test
    void propertiesMayHave64KilobytesAndNoMore() {
        send(
                "\"event_name\": \"x\", \"properties\": {\"a\": \"%s\"}"
                        .formatted("x".repeat(65_000)));

        var reply =
                sendReply(
                        "\"event_name\": \"x\", \"properties\": {\"a\": \"%s\"}"
                                .formatted("x".repeat(65_536)));

        assertThat(badInput(reply)).isEqualTo("properties must be at most 64 KB");
    }

    @Test
    void anEventOfNobodyIsNotFound() {
        var noContact =
                curl(
                        "POST",
                        "/events",
                        """
                        {"audience_uid": "%s", "contact_uid": "none", "event_name": "x"}
                        """
                                .formatted(audience));
        var noAudience =
                curl(
                        "POST",
                        "/events",
                        """
                        {"audience_uid": "none", "contact_uid": "%s", "event_name": "x"}
                        """
                                .formatted(contact));

        assertThat(refused(noContact, 404, "not_found")).isEqualTo("Contact not found");
        assertThat(refused(noAudience, 404, "not_found")).isEqualTo("Audience not found");
    }

    private void send(String more) {
        var reply = sendReply(more);
        assertThat(reply.status()).as(reply.body()).isEqualTo(204);
    }

    private Reply sendReply(String more) {
        return call(
                "POST",
                "/events",
                "{\"audience_uid\": \"%s\", \"contact_uid\": \"%s\", %s}"
                        .formatted(audience, contact, more));
    }

    /** All of the contact; null when there are none. */
    private @Nullable String events() {
        return jdbi.withHandle(db ->
                db.select(
                                """
                                SELECT string_agg(
                                    e.name || ':' || coalesce(e.properties::text, 'null') || '@'
                                    || to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS'),
                                    ' ' ORDER BY e.id)
                                FROM contact_event e
                                JOIN contact c ON c.account_id = e.account_id
                                    AND c.id = e.contact_id
                                WHERE c.uid = ?
                                """,
                                contact)
                        .map((row, _) -> row.getString(1))
                        .one());
    }
}
