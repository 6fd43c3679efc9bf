package io.dynosend.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dynosend.Http;
import io.dynosend.api.Calls.Things;
import io.dynosend.common.EmailAddress;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Hostile input to all operations: the same each time for the same seed, which {@code
 * -Dfuzz.seed=…} sets.
 */
class FuzzTest extends ApiTest {

    /** What came back, byte for byte. */
    private record Answer(int status, String head, String body) {}

    private static final long SEED = Long.getLong("fuzz.seed", 42);
    private static final int CALLS = Integer.getInteger("fuzz.calls", 800);
    private static final int CALLS_WITH_THE_SAME_THINGS = 150;

    private static final Set<Integer> ALLOWED = Set.of(200, 204, 400, 401, 404, 405, 429, 503);

    private static final Path STRINGS = Path.of("../shared/corpora/strings/blns.json");

    private static final List<Object> OTHER_TYPES =
            List.of(
                    List.of(),
                    Map.of(),
                    List.of(List.of(List.of())),
                    Map.of("a", Map.of("b", List.of(1))),
                    deep(40),
                    true,
                    0,
                    -1,
                    1.5e300,
                    Long.MAX_VALUE,
                    List.of("a", 1, Map.of()));

    private static final List<String> HOSTILE =
            List.of(
                    "",
                    " ",
                    "\0",
                    "a\0b",
                    "\r\nBcc: all@example.org",
                    "a\nb",
                    "\u2028",
                    "\ud800",
                    "\ufeff",
                    "\u202eabc",
                    "'; DROP TABLE contact; --",
                    "\" OR 1=1",
                    "%s%n%x",
                    "{{ 1 | times: 1000000000 }}",
                    "{% for i in (1..1000000000) %}x{% endfor %}",
                    "{{",
                    "<script>alert(1)</script>",
                    "${jndi:ldap://127.0.0.1/a}",
                    "../../../../etc/passwd",
                    "http://169.254.169.254/",
                    "a@b",
                    "\"a\\\"b\"@example.org",
                    "a@" + "b".repeat(300) + ".org",
                    "x".repeat(70_000),
                    "NaN",
                    "1e999999999",
                    "99999999999999999999",
                    "-0",
                    "true",
                    "null",
                    "[]",
                    "__proto__",
                    "Ω≈ç√∫˜µ≤≥÷",
                    "👩‍👩‍👧‍👦",
                    "ﷺ".repeat(100),
                    "=cmd|' /C calc'!A0");

    private static final List<String> ODD_HEADERS =
            List.of(
                    "Accept: text/html",
                    "Accept: */*;q=0",
                    "Accept-Encoding: gzip, br, x",
                    "Content-Encoding: gzip",
                    "Content-Language: xx",
                    "Cookie: a=b; a",
                    "Expect: 100-continue",
                    "Forwarded: for=\"[::1]\"",
                    "X-Forwarded-For: 1.2.3.4, ' OR 1=1",
                    "X-HTTP-Method-Override: DELETE",
                    "Idempotency-Key: \u0001",
                    "Idempotency-Key: one",
                    "Idempotency-Key: " + "k".repeat(300),
                    "If-None-Match: *",
                    "Range: bytes=0-0",
                    "Upgrade: h2c",
                    "User-Agent: \u00ff'\"<script>");

    private final Random chance = new Random(SEED);
    private final List<String> hostile = hostile();
    private final List<String> operations = Calls.all(routes());

    @Test
    void nothingButTheContractsAnswersWhateverComes() throws Exception {
        var accounts = new ArrayList<Long>();
        var client = http;
        Things things = null;
        for (int i = 0; i < CALLS; i++) {
            if (things == null || i % CALLS_WITH_THE_SAME_THINGS == 0) {
                client = http.as(newAccount());
                accounts.add(holder(client.token()).account());
                things = new EveryOperationTest().things(client);
            }
            byte[] request = request(client, things);

            var answer = send(request);

            answeredByTheContract(answer, () -> "seed " + SEED + ": " + shown(request));
        }
        assertThat(http.get("/health/ready").status()).isEqualTo(200);
        for (long account : accounts) nothingIsKeptThatTheContractRefuses(account);
    }

    private void answeredByTheContract(Answer answer, java.util.function.Supplier<String> what) {
        assertThat(ALLOWED).as(what.get() + "\n" + answer).contains(answer.status());
        if (answer.status() == 204) {
            assertThat(answer.body()).as(what.get()).isEmpty();
            return;
        }
        assertThat(answer.head()).as(what.get()).contains("Content-Type: application/json\r\n");
        var json = parsed(answer.body(), what.get());
        if (answer.status() == 200) return;
        var names = new ArrayList<String>();
        json.fieldNames().forEachRemaining(names::add);
        assertThat(names.subList(0, 3))
                .as(what.get())
                .isEqualTo(List.of("status", "message", "code"));
        assertThat(json.get("code").asText()).as(what.get()).matches("[a-z_]+");
        assertThat(answer.body())
                .as(what.get())
                .doesNotContain("Exception", "\\tat ", "io.dynosend", "org.postgresql");
    }

    private static com.fasterxml.jackson.databind.JsonNode parsed(String body, String what) {
        try {
            return new ObjectMapper().readTree(body);
        } catch (JsonProcessingException e) {
            throw new AssertionError(what + "\nis answered with no JSON: " + body, e);
        }
    }

    private static void nothingIsKeptThatTheContractRefuses(long account) {
        var emails =
                jdbi.withHandle(db ->
                        db.select(
                                        """
                                        SELECT email FROM contact WHERE account_id = ?
                                        UNION ALL SELECT from_email FROM audience WHERE account_id = ?
                                        UNION ALL SELECT from_email FROM campaign WHERE account_id = ?
                                        UNION ALL SELECT reply_to FROM campaign WHERE account_id = ?
                                        UNION ALL SELECT email FROM blacklist WHERE account_id = ?
                                        """,
                                        account,
                                        account,
                                        account,
                                        account,
                                        account)
                                .mapTo(String.class)
                                .list());
        assertThat(emails).allMatch(EmailAddress::isValid);
        var lines =
                jdbi.withHandle(db ->
                        db.select(
                                        """
                                        SELECT name FROM audience WHERE account_id = ?
                                        UNION ALL SELECT from_name FROM audience WHERE account_id = ?
                                        UNION ALL SELECT default_subject FROM audience WHERE account_id = ?
                                        UNION ALL SELECT label FROM audience_field WHERE account_id = ?
                                        UNION ALL SELECT subject FROM campaign WHERE account_id = ?
                                        UNION ALL SELECT from_name FROM campaign WHERE account_id = ?
                                        UNION ALL SELECT subject FROM transactional WHERE account_id = ?
                                        UNION ALL SELECT unnest(tags) FROM contact WHERE account_id = ?
                                        """,
                                        account,
                                        account,
                                        account,
                                        account,
                                        account,
                                        account,
                                        account,
                                        account)
                                .mapTo(String.class)
                                .list());
        assertThat(lines).noneMatch(line -> line.chars().anyMatch(Character::isISOControl));
        var names =
                jdbi.withHandle(db ->
                        db.select("SELECT tag FROM audience_field WHERE account_id = ?", account)
                                .mapTo(String.class)
                                .list());
        assertThat(names).allMatch(name -> name.matches("[A-Z][A-Z0-9_]{0,63}"));
        var events =
                jdbi.withHandle(db ->
                        db.select("SELECT name FROM contact_event WHERE account_id = ?", account)
                                .mapTo(String.class)
                                .list());
        assertThat(events).allMatch(name -> name.matches("[A-Za-z0-9_]{1,100}"));
    }

    /** One request with something wrong in it. */
    private byte[] request(Http client, Things things) {
        String operation = operations.get(chance.nextInt(operations.size()));
        String verb = operation.substring(0, operation.indexOf(' '));
        String path = "/api/v2" + operation.substring(verb.length() + 1);
        var parameters = new LinkedHashMap<>(Calls.parameters(operation, things));
        spoil(parameters);
        String type = "application/json";
        byte[] body;
        switch (chance.nextInt(4)) {
            case 0 -> {
                path += "?" + spoiled(Calls.urlencoded(parameters).replace('\0', '0'));
                body = new byte[0];
            }
            case 1 -> {
                type = FORM;
                body = bytes(spoiled(Calls.urlencoded(parameters)));
            }
            case 2 -> {
                type = MULTIPART;
                body = bytes(Calls.multipart(parameters));
            }
            default -> body = bytes(spoiled(Calls.json(parameters)));
        }
        if (oneIn(8)) body = flipped(body);
        if (oneIn(12)) type = pick(List.of("text/plain", "application/xml", "", "x", "*/*", FORM));
        String odd = oneIn(4) ? pick(ODD_HEADERS) + "\r\n" : "";
        return whole(client, verb, path, type, odd, body);
    }

    private void spoil(Map<String, Object> parameters) {
        var names = List.copyOf(parameters.keySet());
        int changes = 1 + chance.nextInt(2);
        for (int i = 0; i < changes; i++) {
            String name = names.isEmpty() ? "audience_uid" : pick(names);
            switch (chance.nextInt(5)) {
                case 0 -> parameters.remove(name);
                case 1 -> parameters.put(pick(hostile), pick(hostile));
                case 2 -> parameters.put(name, pick(OTHER_TYPES));
                default -> parameters.put(name, pick(hostile));
            }
        }
    }

    private String spoiled(String text) {
        if (!oneIn(6) || text.isEmpty()) return text;
        int at = chance.nextInt(text.length());
        return switch (chance.nextInt(4)) {
            case 0 -> text.substring(0, at);
            case 1 -> text.substring(0, at) + "%zz" + text.substring(at);
            case 2 -> text.substring(0, at) + "[[{\"" + text.substring(at);
            default -> text + text;
        };
    }

    private byte[] flipped(byte[] body) {
        byte[] copy = body.clone();
        for (int i = 0; i < 3 && copy.length > 0; i++) {
            copy[chance.nextInt(copy.length)] = (byte) chance.nextInt(256);
        }
        return copy;
    }

    private static byte[] whole(
            Http client, String verb, String path, String type, String odd, byte[] body) {
        String target = new String(bytes(path), StandardCharsets.ISO_8859_1).replace(' ', '+');
        String head =
                "%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n".formatted(verb, target)
                        + "Authorization: Bearer %s\r\nContent-Type: %s\r\n%s"
                                .formatted(client.token(), type, odd)
                        + "Content-Length: %d\r\n\r\n".formatted(body.length);
        byte[] start = head.getBytes(StandardCharsets.ISO_8859_1);
        var whole = new byte[start.length + body.length];
        System.arraycopy(start, 0, whole, 0, start.length);
        System.arraycopy(body, 0, whole, start.length, body.length);
        return whole;
    }

    private Answer send(byte[] request) throws IOException {
        try (var socket = new Socket("localhost", http.port())) {
            socket.setSoTimeout((int) Duration.ofSeconds(30).toMillis());
            OutputStream out = socket.getOutputStream();
            out.write(request);
            out.flush();
            String text =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                            .replace("HTTP/1.1 100 Continue\r\n\r\n", "");
            int end = text.indexOf("\r\n\r\n");
            assertThat(end).as(shown(request) + "\n" + text).isPositive();
            String head = text.substring(0, end + 2);
            String body = text.substring(end + 4);
            return new Answer(
                    Integer.parseInt(text.substring(9, 12)),
                    head,
                    head.contains("Transfer-Encoding: chunked") ? unchunked(body) : body);
        }
    }

    private static String unchunked(String body) {
        byte[] bytes = bytes(body);
        var out = new java.io.ByteArrayOutputStream();
        int at = 0;
        while (true) {
            int end = at;
            while (bytes[end] != '\r') end++;
            int length =
                    Integer.parseInt(
                            new String(bytes, at, end - at, StandardCharsets.US_ASCII), 16);
            if (length == 0) return out.toString(StandardCharsets.UTF_8);
            out.write(bytes, end + 2, length);
            at = end + 2 + length + 2;
        }
    }

    private static String shown(byte[] request) {
        String text = new String(request, StandardCharsets.UTF_8);
        return text.length() <= 3_000 ? text : text.substring(0, 3_000) + "…";
    }

    private boolean oneIn(int many) {
        return chance.nextInt(many) == 0;
    }

    private <T> T pick(List<T> choices) {
        return choices.get(chance.nextInt(choices.size()));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Object deep(int levels) {
        return levels == 0 ? List.of() : Map.of("a", List.of(deep(levels - 1)));
    }

    private static List<String> hostile() {
        var all = new ArrayList<>(HOSTILE);
        try {
            if (Files.exists(STRINGS)) {
                new ObjectMapper()
                        .readTree(Files.readString(STRINGS))
                        .forEach(each -> all.add(each.asText()));
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return all;
    }
}
