package io.dynosend.api;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.api.Wire.Answer;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP/1.1 (RFC 9112) at its edges: what is well formed is answered, anything else refused. */
@Timeout(60)
class ProtocolTest extends ApiTest {

    private static final String AUDIENCE =
            "{\"name\": \"A\", \"from_email\": \"a@example.org\", \"from_name\": \"A\"}";

    private static final int MB = 1 << 20;

    @AfterEach
    void theServerIsAlive() {
        assertThat(http.get("/api/v2/audiences").status()).isEqualTo(200);
    }

    @Test
    void bodiesComeWithALengthOrInChunks() {
        try (var wire = wire()) {
            wire.send(
                    head("POST", "/audiences", "Content-Length: " + AUDIENCE.length()) + AUDIENCE);

            assertThat(wire.answer().status()).isEqualTo(200);

            wire.send(head("POST", "/audiences", "Transfer-Encoding: chunked"));
            for (int i = 0; i < AUDIENCE.length(); i += 7) {
                wire.send(chunk(AUDIENCE.substring(i, Math.min(i + 7, AUDIENCE.length()))));
            }
            wire.send("0\r\nTrailer: x\r\n\r\n");

            assertThat(wire.answer().status()).isEqualTo(200);
        }
    }

    @Test
    void manyRequestsGoOverOneConnectionGoodAndBad() {
        try (var wire = wire()) {
            for (int i = 0; i < 30; i++) {
                wire.send(head("GET", "/audiences"));
                assertThat(wire.answer().status()).isEqualTo(200);
                wire.send(head("GET", "/audiences?audience_uid=x"));
                assertThat(wire.answer().status()).isEqualTo(404);
                wire.send(head("POST", "/audiences", "Content-Length: 1") + "{");
                assertThat(wire.answer().status()).isEqualTo(400);
                wire.send(head("HEAD", "/audiences"));
                assertThat(wire.answerToHead().status()).isEqualTo(200);
                wire.send(head("OPTIONS", "/audiences"));
                assertThat(wire.answer().status()).isEqualTo(204);
                wire.send(head("PUT", "/audiences", "Content-Length: 2") + "{}");
                assertThat(wire.answer().status()).isEqualTo(405);
            }
        }
    }

    // RFC 9112 §9.3.2.
    @Test
    void pipelinedRequestsAreAnsweredInTheirOrder() {
        try (var wire = wire()) {
            String two =
                    head("POST", "/audiences", "Content-Length: " + AUDIENCE.length())
                            + AUDIENCE
                            + head("GET", "/nothing");
            wire.send(two.repeat(20));

            for (int i = 0; i < 20; i++) {
                assertThat(wire.answer().status()).isEqualTo(200);
                assertThat(wire.answer().status()).isEqualTo(404);
            }
        }
    }

    // RFC 9110 §10.1.1.
    @Test
    void whoWaitsToBeAskedForABodyIsAskedOnlyIfItIsWanted() {
        try (var good = wire();
                var tooLarge = wire();
                var stranger = new Wire(http.as("nobody"))) {
            good.send(expecting("/audiences", AUDIENCE.length()));
            assertThat(good.answer().status()).isEqualTo(100);
            good.send(AUDIENCE);
            assertThat(good.answer().status()).isEqualTo(200);

            tooLarge.send(expecting("/campaigns", 17 * MB));
            refused(tooLarge.answer(), 400, "body_too_large");

            stranger.send(expecting("/campaigns", 17 * MB));
            refused(stranger.answer(), 401, "unauthenticated");
        }
    }

    @Test
    void headAndOptionsAndATrailingSlash() {
        try (var wire = wire()) {
            wire.send(head("GET", "/audiences/", "Accept: text/html"));
            assertThat(wire.answer().status()).isEqualTo(200);
            wire.send(head("HEAD", "/nothing"));
            assertThat(wire.answerToHead().status()).isEqualTo(404);
            wire.send(head("OPTIONS", "/nothing"));
            refused(wire.answer(), 404, "unknown_endpoint");
            wire.send("OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(wire.answer().status()).isIn(200, 204, 400, 404, 405);
        }
    }

    // RFC 9112 §3.2.2: a server must take it.
    @Test
    void theTargetMayBeAWholeAddress() {
        try (var wire = wire()) {
            wire.send(head("GET", "/audiences").replace("/api", "http://localhost/api"));

            assertThat(wire.answer().status()).isEqualTo(200);
        }
    }

    @Test
    void everyAnswerHasTheHeadersOfTheContract() {
        String audience = newAudience();
        String blacklist = "{\"email\": \"a@example.org\"}";
        var requests =
                List.of(
                        head("GET", "/audiences"),
                        head("OPTIONS", "/audiences"),
                        head("POST", "/blacklist/add", "Content-Length: " + blacklist.length())
                                + blacklist,
                        head("GET", "/contacts"),
                        head("GET", "/audiences").replace("Bearer", "Basic"),
                        head("GET", "/nothing"),
                        head("GET", "/contacts?contact_uid=x&audience_uid=" + audience),
                        head("PUT", "/audiences"),
                        head("GET", "/audiences", "X-Bomb: " + "x".repeat(20_000)),
                        head("GET", "/" + "x".repeat(20_000)),
                        head("GET", "/audiences%zz"),
                        head("GET", "/a%00b"),
                        "nonsense\r\n\r\n");
        var statuses = new ArrayList<Integer>();
        for (String request : requests) {
            try (var wire = wire()) {
                var answer = wire.send(request).answer();

                statuses.add(answer.status());
                assertThat(answer.headers())
                        .as(request)
                        .containsEntry("cache-control", "no-store, private")
                        .containsEntry("x-content-type-options", "nosniff")
                        .containsEntry("x-ratelimit-limit", "10")
                        .containsKeys("x-request-id", "x-ratelimit-remaining")
                        .doesNotContainKeys("server", "x-powered-by");
            }
        }
        assertThat(statuses)
                .startsWith(200, 204, 204, 400, 401, 404, 404, 405)
                .allMatch(status -> List.of(200, 204, 400, 401, 404, 405).contains(status));
    }

    static Stream<String> unreadable() {
        return Stream.of(
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                "GET /api/v2/audiences\r\n\r\n",
                "GET /api/v2/audiences HTTP/1.1\r\n\r\n",
                "GET /api/v2/audiences HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                "GET /api/v2/audiences HTTP/2.0\r\nHost: a\r\n\r\n",
                "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003\r\n\r\n",
                "GET http://[::1/api/v2/audiences HTTP/1.1\r\nHost: a\r\n\r\n",
                head("GET", "/%"),
                head("GET", "/%4"),
                head("GET", "/%u0041"),
                head("GET", "/%c0%af"),
                head("GET", "/%ed%a0%80"),
                head("GET", "/a%2fb"),
                head("GET", "/a%5cb"),
                head("GET", "/a;x=y"),
                head("GET", "/%2e%2e/x"),
                head("GET", "/../../etc/passwd"),
                head("GET", "/a\0b"),
                head("GET", "/\u00e4"),
                head("GET", "/" + "a/".repeat(3_000)),
                head("GET", "/" + "../".repeat(2_000)),
                head("GET", "/" + "x".repeat(100_000)),
                head("GET", "/?" + "x".repeat(100_000)),
                head("GET", "/x", "X: " + "x".repeat(100_000)),
                head("GET", "/x", lines(50_000, "X-%d: 1")),
                head("GET", "/x", lines(200, "X-%d: 1")).replace("GET", "get"),
                head("GET", "/x", " folded: a\r\n b"),
                head("POST", "/x", "Content-Length: 1", "Content-Length: 2") + "{}",
                head("POST", "/x", "Content-Length: 2", "Transfer-Encoding: chunked") + "{}",
                head("POST", "/x", "Content-Length: +2") + "{}",
                head("POST", "/x", "Content-Length: 0x2") + "{}",
                head("POST", "/x", "Content-Length: 2,3") + "{}",
                head("POST", "/x", "Content-Length: 99999999999999999999") + "{}",
                head("POST", "/x", "Transfer-Encoding: identity, chunked") + "0\r\n\r\n",
                head("POST", "/x", "Transfer-Encoding: chunked, identity") + "0\r\n\r\n",
                head("POST", "/x", "Transfer-Encoding: xchunked") + "0\r\n\r\n",
                head("POST", "/x", "Transfer-Encoding : chunked") + "0\r\n\r\n",
                head("get", "/audiences"),
                head("x".repeat(100), "/audiences"),
                head("CONNECT", "/audiences"),
                head("TRACE", "/audiences"));
    }

    @ParameterizedTest
    @MethodSource("unreadable")
    void whatIsNoGoodRequestIsRefusedInJson(String request) {
        try (var wire = wire()) {
            wire.flood(request);

            refused(wire.answer());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"5\r\n{\"a\":", "zz\r\n{}\r\n", "-1\r\n", "ffffffffffff\r\n{", "2\r\n{}xx"})
    void aBrokenChunkIsTheCallersMistake(String chunks) {
        try (var wire = wire()) {
            wire.send(head("POST", "/audiences", "Transfer-Encoding: chunked") + chunks).noMore();

            refused(wire.answer(), 400, "unreadable_body");
        }
    }

    @Test
    void aBodyThatBreaksOffIsTheCallersMistake() {
        try (var wire = wire()) {
            wire.send(head("POST", "/audiences", "Content-Length: 100") + "{").noMore();

            refused(wire.answer(), 400, "unreadable_body");
        }
    }

    @Test
    void aMegabyteOfGarbageIsRefused() {
        var garbage = new byte[MB];
        new Random(1).nextBytes(garbage);
        try (var wire = wire()) {
            wire.flood(garbage);

            refused(wire.answer());
        }
        for (String type : List.of("application/json", FORM, MULTIPART, "text/plain")) {
            try (var wire = wire()) {
                wire.send(
                        head(
                                "POST",
                                "/audiences",
                                "Content-Type: " + type,
                                "Content-Length: " + MB));
                wire.flood(garbage);

                refused(wire.answer());
            }
        }
    }

    @Test
    void jsonAHundredThousandDeepIsRefused() {
        for (String deep : List.of("[", "{\"a\":", "{\"a\":[")) {
            refused(
                    post("/campaigns", "application/json", deep.repeat(100_000)),
                    400,
                    "invalid_json");
        }
    }

    @Test
    void aMillionKeysAreRefused() {
        String json =
                IntStream.range(0, 1_000_000)
                        .mapToObj("\"k%d\":0"::formatted)
                        .collect(Collectors.joining(",", "{", "}"));
        String form =
                IntStream.range(0, 1_000_000)
                        .mapToObj("k%d="::formatted)
                        .collect(Collectors.joining("&"));
        String parts =
                "--limit\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n"
                        .repeat(100_000);

        refused(post("/campaigns", "application/json", json), 400, "invalid_json");
        refused(post("/campaigns", FORM, form), 400, "bad_input");
        refused(post("/campaigns", FORM, "&".repeat(15 * MB)), 400, "missing_parameter");
        refused(post("/campaigns", MULTIPART, parts + "--limit--\r\n"), 400, "unreadable_body");
        try (var wire = wire()) {
            wire.flood(head("GET", "/audiences?" + form));
            refused(wire.answer(), 400, "headers_too_large");
        }
    }

    @Test
    void namesThatAllHashAlikeAreNoBurden() {
        String json =
                IntStream.range(0, 1 << 13)
                        .mapToObj(i -> "\"" + alike(i, 13) + "\":0")
                        .collect(Collectors.joining(",", "{", "}"));

        refused(post("/contacts/batch", "application/json", json), 400, "missing_parameter");
    }

    @Test
    void ofTwoKeysOfTheSameNameTheLastWins() {
        String body = AUDIENCE.replace("}", ", \"name\": \"B\"}");

        String audience =
                post("/audiences", "application/json", body).json().get("audience_uid").asText();

        var kept = call("GET", "/audiences?audience_uid=" + audience, "").json();
        assertThat(kept.at("/audience/name").asText()).isEqualTo("B");
    }

    @Test
    void jsonThatIsNoUtf8IsRefused() {
        for (byte[] bytes : List.of(bytes(0xC0, 0xAF), bytes(0xFF), bytes(0xED, 0xA0, 0x80))) {
            var start = "{\"name\": \"".getBytes(US_ASCII);
            try (var wire = wire()) {
                wire.send(
                                head(
                                        "POST",
                                        "/audiences",
                                        "Content-Length: " + (start.length + bytes.length + 2)))
                        .send(start)
                        .send(bytes)
                        .send("\"}");

                refused(wire.answer(), 400, "invalid_json");
            }
        }
    }

    @Test
    void whatIsLargerThanTheOperationTakesIsRefusedInAnyForm() {
        for (String type : List.of("application/json", FORM, MULTIPART)) {
            for (String path : List.of("/audiences", "/campaigns")) {
                int most = (path.equals("/audiences") ? 1 : 16) * MB;
                try (var announced = wire()) {
                    announced.send(
                            head(
                                    "POST",
                                    path,
                                    "Content-Type: " + type,
                                    "Content-Length: " + (most + 1)));
                    refused(announced.answer(), 400, "body_too_large");
                }
                try (var chunked = wire()) {
                    chunked.send(
                            head(
                                    "POST",
                                    path,
                                    "Content-Type: " + type,
                                    "Transfer-Encoding: chunked"));
                    if (type.equals(MULTIPART)) {
                        chunked.send(
                                chunk(
                                        "--limit\r\nContent-Disposition: form-data; name=\"a\";"
                                                + " filename=\"b\"\r\n\r\n"));
                    }
                    chunked.flood(chunk(" ".repeat(MB / 4)).repeat(4 * most / MB + 1));
                    refused(chunked.answer());
                }
            }
        }
    }

    @Test
    void aFieldBesideAFileIsNotAsLargeAsAFile() {
        String body =
                "--limit\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n"
                        + "x".repeat(2 * MB)
                        + "\r\n--limit--\r\n";

        refused(post("/imports", MULTIPART, body), 400, "body_too_large");
        // Where whole messages go, a field may be one.
        refused(post("/campaigns", MULTIPART, body), 400, "missing_parameter");
    }

    @Test
    void whoStopsInTheMiddleHoldsUpNobody() {
        var stalled = new ArrayList<Wire>();
        try {
            for (int i = 0; i < 16; i++) {
                var wire = wire();
                stalled.add(wire);
                wire.send(head("POST", "/campaigns", "Content-Length: " + 16 * MB));
                wire.send(" ".repeat(MB));
            }
            var stranger = http.as(newAccount());
            var replies =
                    IntStream.range(0, 4)
                            .mapToObj(_ ->
                                    CompletableFuture.supplyAsync(() ->
                                            stranger.post(
                                                    "/api/v2/campaigns", " ".repeat(15 * MB))))
                            .toList();

            for (var reply : replies) refused(reply.join(), 400, "missing_parameter");
            // Their own ones beyond it wait for their turn, small ones do not.
            assertThat(http.post("/api/v2/audiences", AUDIENCE).status()).isEqualTo(200);
            assertThat(http.post("/api/v2/campaigns", " ".repeat(MB)).status()).isIn(400, 429);
        } finally {
            stalled.forEach(Wire::close);
        }
    }

    /** Jetty gives it half a minute: the one test that takes its time. */
    @Test
    void aBodyThatStallsIsRefusedInTheEnd() {
        try (var inTheMiddle = wire();
                var atTheStart = wire();
                var parts = wire()) {
            inTheMiddle.send(head("POST", "/audiences", "Content-Length: 100") + "{");
            atTheStart.send(head("POST", "/audiences", "Transfer-Encoding: chunked"));
            parts.send(
                    head(
                            "POST",
                            "/audiences",
                            "Content-Type: " + MULTIPART,
                            "Content-Length: 100"));

            for (var wire : List.of(inTheMiddle, atTheStart, parts)) {
                try {
                    refused(wire.answer(), 400, "unreadable_body");
                } catch (UncheckedIOException e) {
                    assertThat(wire.isClosed()).isTrue();
                }
            }
        }
    }

    private Wire wire() {
        return new Wire(http);
    }

    private Answer post(String path, String type, String body) {
        try (var wire = wire()) {
            wire.send(
                    head(
                            "POST",
                            path,
                            "Content-Type: " + type,
                            "Content-Length: " + body.length()));
            wire.flood(body);
            return wire.answer();
        }
    }

    private static String expecting(String path, int length) {
        return head("POST", path, "Content-Length: " + length, "Expect: 100-continue");
    }

    private static String head(String verb, String path, String... headers) {
        var head = new StringBuilder();
        head.append(verb)
                .append(" /api/v2")
                .append(path)
                .append(" HTTP/1.1\r\nHost: localhost\r\n");
        head.append("Authorization: Bearer ").append(Wire.TOKEN).append("\r\n");
        for (String header : headers) head.append(header).append("\r\n");
        return head.append("\r\n").toString();
    }

    private static String chunk(String text) {
        return "%x\r\n%s\r\n".formatted(text.length(), text);
    }

    private static String lines(int count, String format) {
        return IntStream.range(0, count)
                .mapToObj(format::formatted)
                .collect(Collectors.joining("\r\n"));
    }

    private static byte[] bytes(int... values) {
        var bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) bytes[i] = (byte) values[i];
        return bytes;
    }

    // "Aa" and "BB" have the same hash in Java.
    private static String alike(int number, int pairs) {
        return IntStream.range(0, pairs)
                .mapToObj(bit -> (number >> bit & 1) == 0 ? "Aa" : "BB")
                .collect(Collectors.joining());
    }

    private static void refused(Answer answer, int status, String code) {
        refused(answer);
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.json().get("code").asText()).as(answer.body()).isEqualTo(code);
    }

    private static void refused(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isIn(400, 401, 404, 405);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        var names = new ArrayList<String>();
        answer.json().fieldNames().forEachRemaining(names::add);
        assertThat(names).startsWith("status", "message", "code");
        assertThat(answer.body().toLowerCase(Locale.ROOT))
                .doesNotContain("exception", "<html", "jetty", "java.");
    }
}
