package io.dynosend.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.Http.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every operation does alike with a caller who gets it wrong. */
class BadInputTest extends ApiTest {

    /**
     * An operation.
     *
     * @param uid the parameter that names what it works on; empty if it works on the account
     * @param rest of the JSON object, all it takes to succeed
     */
    record Operation(String verb, String path, String uid, String rest) {

        String body(String value) {
            var members = new ArrayList<String>();
            if (!uid.isEmpty()) members.add("\"%s\": \"%s\"".formatted(uid, value));
            if (!rest.isEmpty()) members.add(rest);
            return "{%s}".formatted(String.join(", ", members));
        }

        @Override
        public String toString() {
            return verb + " " + path + " " + uid;
        }
    }

    private static final String NEW_AUDIENCE =
            "\"name\": \"A\", \"from_email\": \"a@example.org\", \"from_name\": \"A\"";

    private static final List<Operation> OPERATIONS =
            List.of(
                    new Operation("GET", "/audiences", "", ""),
                    new Operation("GET", "/audiences", "audience_uid", ""),
                    new Operation("POST", "/audiences", "", NEW_AUDIENCE),
                    new Operation(
                            "POST",
                            "/audiences/add-field",
                            "audience_uid",
                            "\"type\": \"text\", \"label\": \"L\", \"tag\": \"T\""),
                    new Operation("GET", "/contacts", "audience_uid", ""),
                    new Operation("GET", "/contacts", "audience_uid", "\"page\": 1"),
                    new Operation(
                            "GET", "/contacts", "audience_uid", "\"email\": \"c@example.org\""),
                    new Operation(
                            "POST", "/contacts", "audience_uid", "\"EMAIL\": \"n@example.org\""),
                    new Operation(
                            "PATCH",
                            "/contacts/update",
                            "audience_uid",
                            "\"email\": \"c@example.org\", \"tag\": \"x\""),
                    new Operation(
                            "PATCH",
                            "/contacts/unsubscribe",
                            "audience_uid",
                            "\"email\": \"c@example.org\""),
                    new Operation("GET", "/imports", "import_uid", ""),
                    new Operation("GET", "/campaigns", "", ""),
                    new Operation("GET", "/campaigns", "campaign_uid", ""),
                    new Operation("POST", "/campaigns", "audience_uid", "\"name\": \"C\""),
                    new Operation("POST", "/campaigns/start", "campaign_uid", ""),
                    new Operation("POST", "/campaigns/pause", "campaign_uid", ""),
                    new Operation("POST", "/campaigns/resume", "campaign_uid", ""),
                    new Operation("GET", "/campaigns/recipients", "campaign_uid", ""));

    static List<Operation> operations() {
        return OPERATIONS;
    }

    static Stream<Operation> operationsOnSomething() {
        return OPERATIONS.stream().filter(operation -> !operation.uid().isEmpty());
    }

    @ParameterizedTest
    @MethodSource("operations")
    void withoutAValidTokenNothingIsDone(Operation operation) {
        var wrong =
                http.as("dyn_" + "x".repeat(43))
                        .call(operation.verb(), "/api/v2" + operation.path(), operation.body("x"));
        var basic = call(operation, operation.body("x"), "Authorization", "Basic YTpi");
        var cookie =
                call(
                        operation,
                        operation.body("x"),
                        "Authorization",
                        "x",
                        "Cookie",
                        "token=" + http.token());
        var inQuery =
                call(
                        operation.verb(),
                        operation.path() + "?token=%s&access_token=%<s".formatted(http.token()),
                        operation.body("x"),
                        "Authorization",
                        "x");

        for (var reply : List.of(wrong, basic, cookie, inQuery)) {
            refused(reply, 401, "unauthenticated");
            assertThat(reply.header("WWW-Authenticate")).isEqualTo("Bearer");
            assertThat(reply.body()).doesNotContain(http.token());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer", "bearer", "BEARER", "bEaReR  "})
    void theSchemeIsWrittenInAnyCase(String scheme) {
        ok(call("GET", "/audiences", "", "Authorization", scheme + " " + http.token()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer ", "Bearer", "Bearer \u00ff", "Bearer a b", "Bearer 'or 1=1--"})
    void whatIsNoTokenIsNoTroubleEither(String header) {
        refused(call("GET", "/audiences", "", "Authorization", header), 401, "unauthenticated");
    }

    @Test
    void aRevokedTokenIsUnknown() {
        execute(
                "UPDATE api_token SET revoked_at = now() WHERE prefix = ?",
                http.token().substring(0, 8));

        refused(call("GET", "/audiences", ""), 401, "unauthenticated");
    }

    @Test
    void theTokenIsNotInTheDatabase() {
        assertThat(
                        single(
                                Integer.class,
                                """
                                SELECT count(*) FROM api_token t
                                WHERE strpos(to_jsonb(t)::text, ?) > 0
                                """,
                                http.token()))
                .isZero();
    }

    @ParameterizedTest
    @MethodSource("operationsOnSomething")
    void anotherAccountsThingIsAsUnknownAsNone(Operation operation) {
        String audience = newAudience();
        newContact(audience, "\"EMAIL\": \"c@example.org\"");
        String foreign =
                switch (operation.uid()) {
                    case "audience_uid" -> audience;
                    case "campaign_uid" -> newCampaign(audience);
                    default -> newImport(audience);
                };
        var stranger = http.as(newAccount());

        var theirs =
                stranger.call(
                        operation.verb(), "/api/v2" + operation.path(), operation.body(foreign));
        var nobodys =
                stranger.call(
                        operation.verb(),
                        "/api/v2" + operation.path(),
                        operation.body("0000000000000"));

        refused(nobodys, 404, "not_found");
        assertThat(theirs.status()).isEqualTo(404);
        assertThat(theirs.body()).isEqualTo(nobodys.body());
        assertThat(names(theirs)).isEqualTo(names(nobodys));
        assertThat(contactByEmail(audience, "c@example.org").get("status").asText())
                .isEqualTo("subscribed");
    }

    @Test
    void anotherAudiencesContactIsNotFoundByItsUid() {
        String contact = newContact(newAudience(), "\"EMAIL\": \"c@example.org\"");

        var reply =
                call(
                        "GET",
                        "/contacts?audience_uid=%s&contact_uid=%s"
                                .formatted(newAudience(), contact),
                        "");

        refused(reply, 404, "not_found");
    }

    @ParameterizedTest
    @MethodSource("operationsOnSomething")
    void aMissingParameterIsNamed(Operation operation) {
        for (String blank : List.of("\"\"", "\"  \"", "null")) {
            var reply =
                    call(
                            operation,
                            operation.body("UID").replace("\"UID\"", blank),
                            "Content-Type",
                            "application/json");

            assertThat(refused(reply, 400, "missing_parameter"))
                    .isEqualTo("Missing parameter: " + operation.uid());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /audiences, name",
        "POST, /audiences/add-field, audience_uid",
        "GET, /contacts, audience_uid",
        "POST, /contacts, audience_uid",
        "PATCH, /contacts/update, contact_uid or email",
        "PATCH, /contacts/unsubscribe, audience_uid",
        "GET, /imports, import_uid",
        "POST, /imports, audience_uid",
        "POST, /campaigns, name",
        "POST, /campaigns/start, campaign_uid",
        "POST, /campaigns/pause, campaign_uid",
        "POST, /campaigns/resume, campaign_uid",
        "GET, /campaigns/recipients, campaign_uid"
    })
    void noParametersAtAllMissTheFirst(String verb, String path, String missing) {
        for (String body : List.of("", "null", "{}", "// nothing\n")) {
            String message = refused(curl(verb, path, body), 400, "missing_parameter");
            assertThat(message)
                    .isIn("Missing parameter: " + missing, "Missing parameter: audience_uid");
        }
    }

    @ParameterizedTest
    @MethodSource("operations")
    void brokenJsonIsRefusedWithLineAndColumn(Operation operation) {
        var reply = call(operation, "{\n  \"a\": tru\n}", "Content-Type", "application/json");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body())
                .isEqualTo(
                        """
                        {"status":"error","message":"Invalid JSON at line 2, column 12",\
                        "code":"invalid_json"}\
                        """);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{", "}", "{\"a\"}", "{\"a\": 1} 2", "{'a': 1}", "{a: 1}", "{\"a\": \"\u0001\"}",
                "{\"a\": \"\\x\"}", "{,}", "/*", "{\"a\": 01}", "{\"a\": NaN}", "[", "nul"
            })
    void whatIsNoJsonIsRefused(String body) {
        assertThat(refused(curl("POST", "/audiences", body), 400, "invalid_json"))
                .matches("Invalid JSON at line 1, column \\d+");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "[{\"name\": 1}]", "3", "\"x\"", "true"})
    void jsonThatIsNoObjectIsRefused(String body) {
        assertThat(refused(curl("POST", "/audiences", body), 400, "invalid_json"))
                .contains("must be an object");
    }

    @Test
    void jsonThatIsTooDeepIsRefused() {
        String deep = "{\"a\":".repeat(2_000) + "1" + "}".repeat(2_000);

        assertThat(refused(curl("POST", "/audiences", deep), 400, "invalid_json"))
                .contains("nested");
        refused(
                curl("POST", "/audiences", "{\"a\": %s}".formatted("1".repeat(5_000))),
                400,
                "invalid_json");
    }

    @Test
    void aNumberWithABillionDigitsIsRefused() {
        for (String number : List.of("1e999999999", "1e-999999999", "-9.9e2147483647")) {
            String body = "{%s}".formatted(NEW_AUDIENCE).replace("\"A\"", number);
            assertThat(curl("POST", "/audiences", body).status()).isEqualTo(400);
        }
    }

    @Test
    void aBodyOfTwoMegabytesIsRefused() {
        String big = "{\"name\": \"%s\"}".formatted("x".repeat(2_000_000));

        assertThat(refused(curl("POST", "/audiences", big), 400, "body_too_large"))
                .isEqualTo("The request body is too large: at most 1,048,576 bytes");
        refused(
                call("POST", "/audiences", "name=" + big, "Content-Type", FORM),
                400,
                "body_too_large");
        refused(
                call("POST", "/audiences", multipart("name", big), "Content-Type", MULTIPART),
                400,
                "body_too_large");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "%4", "%zz", "a%2"})
    void aBrokenPercentEncodingIsRefused(String text) throws IOException {
        assertThat(badInput(call("POST", "/audiences", "name=" + text, "Content-Type", FORM)))
                .startsWith("A percent-encoding is broken");
        assertThat(raw("GET /api/v2/audiences?audience_uid=%s HTTP/1.1".formatted(text)))
                .startsWith("HTTP/1.1 400 ")
                .contains("\r\nContent-Type: application/json\r\n")
                .contains("A percent-encoding is broken");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "multipart/form-data",
                "multipart/form-data; boundary=",
                "multipart/form-data; boundary=x",
                "multipart/form-data; boundary=\"",
                "multipart/form-data; boundary=limit;"
            })
    void aBrokenMultipartBodyIsRefused(String type) {
        var reply = call("POST", "/audiences", "--limit\r\nno parts", "Content-Type", type);

        assertThat(reply.status()).as(reply.body()).isEqualTo(400);
        assertThat(reply.json().get("status").asText()).isEqualTo("error");
    }

    @Test
    void tooManyFieldsAreRefused() {
        refused(
                call("POST", "/audiences", "a=1&".repeat(10_001), "Content-Type", FORM),
                400,
                "bad_input");
        refused(
                call("POST", "/audiences", "a" + "[b]".repeat(5_000) + "=1", "Content-Type", FORM),
                400,
                "bad_input");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api",
                "/api/",
                "/api/v2",
                "/api/v2/",
                "/api/v1/audiences",
                "/api/v2/nothing",
                "/api/v2/audiences/x",
                "/api/v2/AUDIENCES",
                "/api/v2//audiences"
            })
    void anUnknownPathIsNotFoundWithATokenAndWithout(String path) {
        for (var caller : List.of(http, http.as("no token"))) {
            var reply = caller.get(path);

            assertThat(refused(reply, 404, "unknown_endpoint"))
                    .isEqualTo("There is no such endpoint");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/audiences, 'GET, POST, DELETE'", "/audiences/add-field, POST",
                "/contacts, 'GET, POST, DELETE'",
        "/contacts/update, PATCH", "/contacts/unsubscribe, PATCH", "/imports, 'POST, GET'",
        "/campaigns, 'GET, POST, DELETE'", "/campaigns/start, POST", "/campaigns/pause, POST",
        "/campaigns/resume, POST", "/campaigns/recipients, GET"
    })
    void aWrongVerbIsNotAllowedBeforeTheTokenIsLookedAt(String path, String allowed) {
        var operations = List.of(allowed.split(", "));
        String all = allowed + (operations.contains("GET") ? ", HEAD, OPTIONS" : ", OPTIONS");
        for (String verb : List.of("GET", "POST", "PUT", "PATCH", "DELETE", "BREW")) {
            if (operations.contains(verb)) continue;

            var reply = http.as("no token").call(verb, "/api/v2" + path, "");

            refused(reply, 405, "method_not_allowed");
            assertThat(reply.header("Allow")).isEqualTo(all);
        }
    }

    @Test
    void optionsTellsWhatAPathAllowsAndNeedsNoToken() {
        var reply = http.as("no token").call("OPTIONS", "/api/v2/contacts/update", "");

        assertThat(reply.status()).isEqualTo(204);
        assertThat(reply.body()).isEmpty();
        assertThat(reply.header("Content-Type")).isEmpty();
        assertThat(reply.header("Allow")).isEqualTo("PATCH, OPTIONS");
    }

    @Test
    void headAnswersAsGetDoesWithoutTheBody() {
        newAudience();

        var get = call("GET", "/audiences", "");
        var head = call("HEAD", "/audiences", "");

        assertThat(head.status()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.header("Content-Type")).isEqualTo("application/json");
        assertThat(head.header("Content-Length"))
                .isEqualTo(Integer.toString(get.body().getBytes(UTF_8).length));
        assertThat(http.as("no token").call("HEAD", "/api/v2/audiences", "").status())
                .isEqualTo(401);
        assertThat(call("HEAD", "/campaigns/start", "").status()).isEqualTo(405);
    }

    @Test
    void everyAnswerIsPrivateAndHasAnIdOfItsOwn() {
        var one = call("GET", "/audiences", "", "Accept", "text/html");
        var other = call("GET", "/nothing", "", "Accept", "text/html");

        for (var reply : List.of(one, other, http.get("/api"))) {
            assertThat(reply.header("Content-Type")).isEqualTo("application/json");
            assertThat(reply.header("Cache-Control")).isEqualTo("no-store, private");
            assertThat(reply.header("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(reply.header("X-Frame-Options")).isEqualTo("DENY");
            assertThat(reply.header("Cross-Origin-Resource-Policy")).isEqualTo("same-origin");
        }
        assertThat(one.header("X-Request-Id"))
                .isNotEmpty()
                .isNotEqualTo(other.header("X-Request-Id"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\\r\\nBcc: x@example.org",
                "a\\nb",
                "a\\rb",
                "a\\u0000b",
                "a\\u2028b",
                "a\\u2029b",
                "a\\u0085b",
                "a\\u000bb",
                "a\\u007fb",
                "a\\ud800b",
                "a\\udc00b"
            })
    void aTextThatMustBeOneLineIsOneLine(String text) {
        for (String field : List.of("name", "from_name", "default_subject")) {
            var reply =
                    curl(
                            "POST",
                            "/audiences",
                            "{%s, \"%s\": \"%s\"}".formatted(NEW_AUDIENCE, field, text));
            assertThat(badInput(reply)).startsWith(field + " ");
        }
        String audience = newAudience();
        for (String field : List.of("name", "from_name", "subject")) {
            var reply = createCampaign(audience, "\"%s\": \"%s\"".formatted(field, text));
            assertThat(badInput(reply)).startsWith(field + " ");
        }
        var label =
                curl(
                        "POST",
                        "/audiences/add-field",
                        """
                        {"audience_uid": "%s", "type": "text", "label": "%s", "tag": "T"}
                        """
                                .formatted(audience, text));
        assertThat(badInput(label)).startsWith("label ");
        var company =
                curl(
                        "POST",
                        "/audiences",
                        "{%s, \"contact_information\": {\"company\": \"%s\"}}"
                                .formatted(NEW_AUDIENCE, text));
        assertThat(badInput(company)).startsWith("company ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\u0000", "\\ud800", "a\\udfff", "\\u0000\\u0000"})
    void whatTheDatabaseCannotHoldIsRefusedEverywhere(String text) {
        for (var operation : operationsOnSomething().toList()) {
            var reply = call(operation, operation.body(text), "Content-Type", "application/json");
            assertThat(badInput(reply)).startsWith(operation.uid() + " ");
        }
        String audience = newAudience();
        for (String field : List.of("EMAIL", "tag")) {
            var reply =
                    createContact(
                            audience,
                            "\"EMAIL\": \"a@example.org\", \"%s\": \"%s\"".formatted(field, text));
            assertThat(badInput(reply)).startsWith(field + " ");
        }
        for (String field : List.of("html", "text")) {
            var reply = createCampaign(audience, "\"%s\": \"%s\"".formatted(field, text));
            assertThat(badInput(reply)).startsWith(field + " ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"%00", "%ED%A0%80", "%FF%FE", "%C0%80"})
    void bytesThatAreNoTextNeverBreakAnything(String bytes) {
        var reply = call("GET", "/audiences?audience_uid=a" + bytes, "");

        assertThat(reply.status()).isIn(400, 404);
        assertThat(reply.json().get("status").asText()).isEqualTo("error");
    }

    @Test
    void aNameOf255CharactersIsTakenAndALongerOneNot() {
        ok(
                curl(
                        "POST",
                        "/audiences",
                        "{%s, \"name\": \"%s\"}".formatted(NEW_AUDIENCE, "x".repeat(255))));

        assertThat(
                        badInput(
                                curl(
                                        "POST",
                                        "/audiences",
                                        "{%s, \"name\": \"%s\"}"
                                                .formatted(NEW_AUDIENCE, "x".repeat(256)))))
                .isEqualTo("name must be 255 characters or fewer");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /api/v2/%zz HTTP/1.1",
                "GET /api/v2/a%00b HTTP/1.1",
                "GET /api/v2/audiences HTTP/9.9",
                "G@T /api/v2/audiences HTTP/1.1",
                "GET /api/v2/\u0001 HTTP/1.1",
                "GET /api/v2/audiences HTTP/1.1\r\nNo colon here",
                "GET /api/v2/audiences HTTP/1.1\r\nBad name: x",
                "POST /api/v2/audiences HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked",
                "POST /api/v2/audiences HTTP/1.1\r\nContent-Length: -1",
                "POST /api/v2/audiences HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2"
            })
    void aRequestThatCannotBeReadIsAnsweredInJson(String request) throws IOException {
        String answer = raw(request);

        assertThat(answer).matches("(?s)HTTP/1.1 (400|404) .*");
        assertThat(answer.toLowerCase(Locale.ROOT))
                .contains("content-type: application/json", "\"status\":\"error\"", "\"code\":")
                .doesNotContain("<html", "jetty", "exception");
    }

    @Test
    void aBombOfHeadersIsAnsweredInJson() throws IOException {
        String header = raw("GET /api/v2/audiences HTTP/1.1\r\nX-Bomb: " + "x".repeat(50_000));
        String address = raw("GET /api/v2/audiences?x=%s HTTP/1.1".formatted("x".repeat(50_000)));

        for (String answer : List.of(header, address)) {
            assertThat(answer)
                    .startsWith("HTTP/1.1 400 ")
                    .contains("\"code\":\"headers_too_large\"")
                    .doesNotContain("<html");
        }
    }

    @Test
    void aPersonsBrokenRequestIsNotAnsweredInJson() throws IOException {
        assertThat(raw("GET /u/x HTTP/1.1\r\nX-Bomb: " + "x".repeat(50_000)))
                .startsWith("HTTP/1.1 431 ")
                .contains("text/plain")
                .doesNotContain("{");
    }

    private Reply call(Operation operation, String body, String... headers) {
        return call(operation.verb(), operation.path(), body, headers);
    }

    private String newImport(String audience) {
        return ok(http.upload(
                        "/api/v2/imports",
                        Map.of("audience_uid", audience),
                        "a.csv",
                        "EMAIL\na@example.org\n".getBytes(UTF_8)))
                .get("import_uid")
                .asText();
    }

    private static List<String> names(Reply reply) {
        return reply.headers().map().keySet().stream().sorted().toList();
    }

    /** The whole answer to exactly these lines. */
    private String raw(String request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), http.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(
                            "%s\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nConnection: close\r\n\r\n"
                                    .formatted(request, http.token())
                                    .getBytes(UTF_8));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }
}
