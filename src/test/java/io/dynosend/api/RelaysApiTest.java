package io.dynosend.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Relays of an account: kept, changed, guarded. */
class RelaysApiTest extends ApiTest {

    private static final String RELAY =
            """
            {"host": "smtp.relay.example", "port": 587, "user": "acme", "password": "hunter2",
             "connections": 5, "messages_per_second": 1.5}
            """;

    @Test
    void aNewRelayIsShownWithoutItsPassword() {
        var reply = call("POST", "/relays", RELAY);

        assertThat(reply.body()).doesNotContain("hunter2");
        var relay = ok(reply).get("relay");
        assertThat(relay.get("name").asText()).isEqualTo("smtp.relay.example");
        assertThat(relay.get("security").asText()).isEqualTo("starttls");
        assertThat(relay.get("user").asText()).isEqualTo("acme");
        assertThat(relay.get("connections").asInt()).isEqualTo(5);
        assertThat(relay.get("messages_per_second").asDouble()).isEqualTo(1.5);
        assertThat(relay.get("health").get("state").asText()).isEqualTo("untried");
    }

    @Test
    void thePasswordIsSealedInTheDatabase() {
        create(RELAY);

        byte[] kept = single(byte[].class, "SELECT password FROM relay ORDER BY id DESC LIMIT 1");

        assertThat(new String(kept, StandardCharsets.ISO_8859_1)).doesNotContain("hunter2");
    }

    @Test
    void theListEndsWithTheServersRelayOfWhichOnlyTheStateIsShown() {
        create(RELAY);

        var list = ok(call("GET", "/relays", ""));

        var shared = list.get(list.size() - 1);
        assertThat(shared.get("shared").asBoolean()).isTrue();
        assertThat(shared.has("host")).isFalse();
        assertThat(shared.get("health").has("failing")).isFalse();
        assertThat(list.get(0).get("shared").asBoolean()).isFalse();
    }

    @Test
    void whatIsGivenIsChangedAndNothingElse() {
        String uid = create(RELAY).get("uid").asText();

        var changed = update(uid, "\"messages_per_second\": null, \"weight\": 3");

        assertThat(changed.get("messages_per_second").isNull()).isTrue();
        assertThat(changed.get("weight").asInt()).isEqualTo(3);
        assertThat(changed.get("connections").asInt()).isEqualTo(5);
        assertThat(changed.get("user").asText()).isEqualTo("acme");
    }

    @Test
    void aPasswordThatIsKeptIsNotLedToAnotherHost() {
        String uid = create(RELAY).get("uid").asText();

        var refused =
                call(
                        "PATCH",
                        "/relays/update",
                        "{\"relay_uid\": \"%s\", \"host\": \"evil.example\"}".formatted(uid));
        var given = update(uid, "\"host\": \"other.example\", \"password\": \"hunter3\"");

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.body()).contains("password must be given again");
        assertThat(given.get("host").asText()).isEqualTo("other.example");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'host': '127.0.0.1', 'port': 25} | host",
                "{'host': '169.254.169.254', 'port': 25} | host",
                "{'host': '10.0.0.1', 'port': 587} | host",
                "{'host': '::1', 'port': 25} | host",
                "{'host': '::ffff:127.0.0.1', 'port': 25} | host",
                "{'host': '0x7f000001', 'port': 25} | host must be a name, or an address of four",
                "{'host': '2130706433', 'port': 25} | host must be a name, or an address of four",
                "{'host': '0177.0.0.1', 'port': 25} | host must be a name, or an address of four",
                "{'host': '127.1', 'port': 25} | host must be a name, or an address of four",
                "{'host': '0x7f.1', 'port': 25} | host must be a name, or an address of four",
                "{'host': '8.8.8.0x8', 'port': 25} | host must be a name, or an address of four",
                "{'host': '999.1.1.1', 'port': 25} | host must be a name, or an address of four",
                "{'host': 'mail.example.1', 'port': 25} | host must be a name, or an address of four",
                "{'host': 'a.example', 'port': 6379} | port",
                "{'host': 'a.example', 'port': 80} | port",
                "{'host': 'a.example', 'port': 99999} | port",
                "{'host': 'a.example'} | port",
                "{'port': 25} | host",
                "{'host': 'a.example:25/x', 'port': 25} | host",
                "{'host': 'a b', 'port': 25} | host",
                "{'host': 'a.example', 'port': 25, 'user': 'u'} | password",
                "{'host': 'a.example', 'port': 25, 'user': 'u', 'password': 'p', 'security': 'none'} | security",
                "{'host': 'a.example', 'port': 25, 'user': 'u', 'password': 'p', 'security': 'starttls_if_offered'} | security",
                "{'host': 'a.example', 'port': 25, 'weight': 0} | weight",
                "{'host': 'a.example', 'port': 25, 'weight': 1001} | weight",
                "{'host': 'a.example', 'port': 25, 'connections': -1} | connections",
                "{'host': 'a.example', 'port': 25, 'messages_per_second': 'x'} | messages_per_second",
                "{'host': 'a.example', 'port': 25, 'messages_per_second': 0} | messages_per_second",
                "{'host': 'a.example', 'port': 25, 'domain': 'no domain'} | domain",
            })
    void whatCannotBeUsedIsNamed(String json, String named) {
        var reply = call("POST", "/relays", json.replace('\'', '"'));

        assertThat(reply.status()).as(reply.body()).isEqualTo(400);
        assertThat(reply.body()).contains(named);
    }

    @ParameterizedTest
    @ValueSource(strings = {"8.8.8.8", "2606:4700:4700::1111", "mx1.example", "1.example", "x7f"})
    void namesAndPublicAddressesAreTaken(String host) {
        ok(call("POST", "/relays", "{\"host\": \"%s\", \"port\": 25}".formatted(host)));
    }

    @Test
    void aUserOrPasswordWithAControlCharacterIsRefused() {
        var reply =
                call(
                        "POST",
                        "/relays",
                        "{\"host\": \"a.example\", \"port\": 25, \"user\": \"u\", \"password\": \"p\\r\\nQUIT\"}");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).contains("control characters").doesNotContain("QUIT");
    }

    @Test
    void aDeletedRelayIsGone() {
        String uid = create(RELAY).get("uid").asText();

        ok(call("DELETE", "/relays?relay_uid=" + uid, ""));

        assertThat(call("GET", "/relays?relay_uid=" + uid, "").status()).isEqualTo(404);
    }

    private JsonNode create(String json) {
        return ok(call("POST", "/relays", json)).get("relay");
    }

    private JsonNode update(String uid, String changes) {
        return ok(call(
                        "PATCH",
                        "/relays/update",
                        "{\"relay_uid\": \"%s\", %s}".formatted(uid, changes)))
                .get("relay");
    }
}
