package io.dynosend.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.dynosend.Http;
import io.dynosend.Http.Reply;
import io.dynosend.account.Role;
import io.dynosend.account.Scope;
import io.dynosend.api.Calls.Things;
import io.dynosend.common.Uid;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for all operations, generated from the routes. */
class EveryOperationTest extends ApiTest {

    private static final byte[] CSV = "EMAIL\nada@example.org\n".getBytes(StandardCharsets.UTF_8);

    static List<String> operations() {
        return Calls.all(routes());
    }

    @Test
    void noGoodCallIsOfAnOperationThatIsGone() {
        assertThat(operations()).containsAll(Calls.known());
    }

    @ParameterizedTest
    @MethodSource("operations")
    void allParameterFormsGetTheSameAnswer(String operation) {
        if (Calls.WITH_FILE.contains(operation)) return;

        var answers =
                List.of("query", "json", "json without a type", "form", "multipart").stream()
                        .map(form -> {
                            var client = http.as(newAccount());
                            var parameters = Calls.parameters(operation, things(client));
                            var reply = send(client, operation, form, parameters);
                            return reply.status() + " " + neutral(reply.body());
                        })
                        .collect(Collectors.toSet());

        assertThat(answers).hasSize(1);
        assertThat(answers.iterator().next()).startsWith("20");
    }

    @ParameterizedTest
    @MethodSource("operations")
    void thingsOfAnotherAccountAreAnsweredAsThoseThatNobodyHas(String operation) {
        if (Calls.WITHOUT_UID.contains(operation)) return;
        var others = things(http.as(newAccount()));
        var own = things(http);

        var foreign = call(http, operation, Calls.parameters(operation, others));
        var unknown = call(http, operation, Calls.parameters(operation, others.unknown()));

        assertThat(foreign.status()).as(foreign.body()).isEqualTo(404);
        assertThat(foreign.body()).isEqualTo(unknown.body());
        assertThat(headers(foreign)).isEqualTo(headers(unknown));
        // One foreign uid among one's own is no better.
        for (String uid : own.uids().keySet()) {
            var mixed = new TreeMap<>(own.uids());
            mixed.put(uid, others.uid(uid));
            var nobodys = new TreeMap<>(mixed);
            nobodys.put(uid, "0000000000000");
            var withForeign =
                    Calls.parameters(operation, new Things(mixed, own.email(), own.tag()));
            var withNobodys =
                    Calls.parameters(operation, new Things(nobodys, own.email(), own.tag()));
            if (withForeign.equals(withNobodys)) continue;

            var reply = call(http, operation, withForeign);

            assertThat(reply.status()).as(uid + reply.body()).isEqualTo(404);
            assertThat(reply.body()).isEqualTo(call(http, operation, withNobodys).body());
        }
    }

    @ParameterizedTest
    @MethodSource("operations")
    void whoMayOnlyReadIsToldSoAfterEverythingElseAndChangesNothing(String operation) {
        var things = things(http);
        var readers =
                List.of(
                        http.as(newUser(http.token(), Role.VIEWER)),
                        http.as(narrowed(http.token(), EnumSet.allOf(Scope.class), true)));
        for (var reader : readers) {
            long before = rows();

            var reply = call(reader, operation, Calls.parameters(operation, things));

            if (reads(operation)) {
                assertThat(reply.status()).as(reply.body()).isEqualTo(200);
            } else {
                refused(reply, 401, "forbidden");
                assertThat(rows()).isEqualTo(before);
                if (!Calls.WITHOUT_UID.contains(operation)) {
                    var unknown = Calls.parameters(operation, things.unknown());
                    assertThat(call(reader, operation, unknown).status()).isEqualTo(404);
                }
                assertThat(call(reader, operation, Map.of()).status()).isEqualTo(400);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("operationsOfSending")
    void howMailLeavesIsReadByAMarketerAndChangedByAProgram(String operation) {
        var parameters = Calls.parameters(operation, things(http));
        var marketer = http.as(newUser(http.token(), Role.MARKETER));
        var program = http.as(newUser(http.token(), Role.API));

        var reply = call(marketer, operation, parameters);

        if (reads(operation)) assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        else refused(reply, 401, "forbidden");
        assertThat(call(program, operation, parameters).status()).isEqualTo(200);
    }

    static List<String> operationsOfSending() {
        return operations().stream()
                .filter(operation -> operation.matches("[A-Z]+ /(relays|domains).*"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("operations")
    void aTokenDoesOnlyWhatItIsNarrowedTo(String operation) {
        int allowed = 0;
        for (var scope : Scope.values()) {
            var things = things(http);
            var client = http.as(narrowed(http.token(), Set.of(scope), false));

            var reply = call(client, operation, Calls.parameters(operation, things));

            if (reply.status() == 401) refused(reply, 401, "forbidden");
            else if (reply.status() < 300) allowed++;
        }
        assertThat(allowed).isEqualTo(1);
    }

    private Reply call(Http client, String operation, Map<String, Object> parameters) {
        return send(client, operation, "json", parameters);
    }

    static Reply send(Http client, String operation, String form, Map<String, Object> parameters) {
        String verb = operation.substring(0, operation.indexOf(' '));
        String path = "/api/v2" + operation.substring(verb.length() + 1);
        if (Calls.WITH_FILE.contains(operation)) {
            var fields = new TreeMap<String, String>();
            parameters.forEach((name, value) -> fields.put(name, value.toString()));
            return parameters.isEmpty()
                    ? client.call(verb, path, "")
                    : client.upload(path, fields, "contacts.csv", CSV);
        }
        return switch (form) {
            case "query" -> client.call(verb, path + "?" + Calls.urlencoded(parameters), "");
            case "form" ->
                    client.call(verb, path, Calls.urlencoded(parameters), "Content-Type", FORM);
            case "multipart" ->
                    client.call(verb, path, Calls.multipart(parameters), "Content-Type", MULTIPART);
            case "json" ->
                    client.call(
                            verb, path, Calls.json(parameters), "Content-Type", "application/json");
            default -> client.call(verb, path, Calls.json(parameters));
        };
    }

    /** One of everything, as the owner of this token makes it. */
    Things things(Http owner) {
        var uids = new TreeMap<String, String>();
        String audience =
                make(
                        owner,
                        "/audiences",
                        """
                        {"name": "Readers", "from_email": "me@example.org", "from_name": "Me",
                         "contact_information": {"address_1": "1 Main Street"}}
                        """,
                        "audience_uid");
        uids.put("audience_uid", audience);
        made(
                owner,
                "/audiences/add-field",
                "{\"audience_uid\": \"%s\", \"type\": \"text\", \"label\": \"City\", \"tag\": \"CITY\"}"
                        .formatted(audience));
        uids.put(
                "contact_uid",
                make(
                        owner,
                        "/contacts",
                        "{\"audience_uid\": \"%s\", \"EMAIL\": \"jake@example.org\", \"tag\": \"x\"}"
                                .formatted(audience),
                        "contact_uid"));
        uids.put(
                "idle_audience_uid",
                make(
                        owner,
                        "/audiences",
                        "{\"name\": \"Idle\", \"from_email\": \"me@example.org\", \"from_name\": \"Me\"}",
                        "audience_uid"));
        String unconfirmed =
                make(
                        owner,
                        "/contacts",
                        "{\"audience_uid\": \"%s\", \"EMAIL\": \"later@example.org\"}"
                                .formatted(uids.get("idle_audience_uid")),
                        "contact_uid");
        execute("UPDATE contact SET status = 'unconfirmed' WHERE uid = ?", unconfirmed);
        uids.put("unconfirmed_contact_uid", unconfirmed);
        uids.put("campaign_uid", campaign(owner, audience));
        uids.put("started_campaign_uid", campaignUnderWay(owner, "sending"));
        uids.put("paused_campaign_uid", campaignUnderWay(owner, "paused"));
        uids.put(
                "transactional_uid",
                make(
                        owner,
                        "/transactional/create",
                        """
                        {"name": "Code", "audience_uid": "%s", "content": "internal",
                         "subject": "Your code", "text": "{{ CODE }}"}
                        """
                                .formatted(audience),
                        "transactional_uid"));
        uids.put("domain_uid", domain(owner, audience));
        uids.put(
                "template_uid",
                make(
                        owner,
                        "/templates",
                        "{\"name\": \"Letter\", \"html\": \"<p>Hi</p>\"}",
                        "template_uid"));
        uids.put(
                "relay_uid",
                make(
                        owner,
                        "/relays",
                        "{\"host\": \"smtp.a.example\", \"port\": 25}",
                        "relay_uid"));
        var upload =
                owner.upload("/api/v2/imports", Map.of("audience_uid", audience), "c.csv", CSV);
        uids.put("import_uid", ok(upload).get("import_uid").asText());
        return new Things(uids, "jake@example.org", "x");
    }

    // Making keys takes long, so those of another domain serve where there is one.
    private String domain(Http owner, String audience) {
        if (single(Long.class, "SELECT count(*) FROM sending_domain") == 0) {
            return make(owner, "/domains", "{\"domain\": \"a.example\"}", "domain_uid");
        }
        String uid = Uid.random();
        execute(
                """
                WITH made AS (
                    INSERT INTO sending_domain (account_id, uid, domain, created_at)
                    SELECT account_id, ?, ?, created_at FROM audience WHERE uid = ?
                    RETURNING account_id, id)
                INSERT INTO dkim_key (
                    account_id, domain_id, selector, algorithm, public_key, private_key)
                SELECT made.account_id, made.id, selector, algorithm, public_key, private_key
                FROM made, dkim_key k
                WHERE k.domain_id = (SELECT min(domain_id) FROM dkim_key)
                """,
                uid,
                uid + ".example",
                audience);
        return uid;
    }

    // To an audience of its own, with a chunk that nobody claims before the test is over.
    private String campaignUnderWay(Http owner, String state) {
        String audience =
                make(
                        owner,
                        "/audiences",
                        """
                        {"name": "Waiting", "from_email": "me@example.org", "from_name": "Me",
                         "contact_information": {"address_1": "1 Main Street"}}
                        """,
                        "audience_uid");
        String uid = campaign(owner, audience);
        made(owner, "/campaigns/start", "{\"campaign_uid\": \"%s\"}".formatted(uid));
        execute(
                """
                WITH held AS (
                    UPDATE mailing
                    SET state = ?, done_at = NULL, recipients_written_at = started_at
                    WHERE id = (SELECT mailing_id FROM campaign WHERE uid = ?)
                    RETURNING account_id, id)
                INSERT INTO mailing_chunk (
                    account_id, mailing_id, first_number, last_number, due_at)
                SELECT account_id, id, 1, 1, clock_timestamp() + interval '1 day' FROM held
                """,
                state,
                uid);
        return uid;
    }

    private String campaign(Http owner, String audience) {
        return make(
                owner,
                "/campaigns",
                """
                {"name": "News", "audience_uid": "%s", "subject": "Hello", "html": "<p>Hello</p>"}
                """
                        .formatted(audience),
                "campaign_uid");
    }

    private String make(Http owner, String path, String body, String uid) {
        return made(owner, path, body).get(uid).asText();
    }

    private JsonNode made(Http owner, String path, String body) {
        return ok(owner.call("POST", "/api/v2" + path, body));
    }

    private static boolean reads(String operation) {
        return operation.startsWith("GET ") || Calls.READING.contains(operation);
    }

    /** Of this account in the tables that the API writes. */
    private long rows() {
        return single(
                Long.class,
                """
                SELECT (SELECT count(*) FROM audience WHERE account_id = a.id)
                     + (SELECT count(*) FROM audience_field WHERE account_id = a.id)
                     + (SELECT count(*) FROM contact WHERE account_id = a.id)
                     + (SELECT count(*) FROM campaign WHERE account_id = a.id)
                     + (SELECT count(*) FROM transactional WHERE account_id = a.id)
                     + (SELECT count(*) FROM template_version WHERE account_id = a.id)
                     + (SELECT count(*) FROM transactional_message WHERE account_id = a.id)
                     + (SELECT count(*) FROM mailing WHERE account_id = a.id)
                     + (SELECT count(*) FROM contact_import WHERE account_id = a.id)
                     + (SELECT count(*) FROM contact_activity WHERE account_id = a.id)
                     + (SELECT count(*) FROM contact_event WHERE account_id = a.id)
                     + (SELECT count(*) FROM blacklist WHERE account_id = a.id)
                FROM account a WHERE id = ?
                """,
                holder(http.token()).account());
    }

    // Uids, ids and times differ from account to account.
    private static String neutral(String body) {
        return body.replaceAll("\"[0-9a-z]{13}\"", "\"uid\"")
                .replaceAll("p=[A-Za-z0-9+/=]+", "p=key")
                .replaceAll("dyno[0-9a-z]{6}-", "selector-")
                .replaceAll("[0-9a-z]{13}\\.example", "name.example")
                .replaceAll("\"(id|sending_time)\":\\d+", "\"$1\":0");
    }

    private static Map<String, List<String>> headers(Reply reply) {
        var headers = new TreeMap<>(reply.headers().map());
        headers.keySet().removeIf(name -> List.of("date", "x-request-id").contains(name));
        return headers;
    }
}
