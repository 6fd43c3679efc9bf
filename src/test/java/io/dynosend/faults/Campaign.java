package io.dynosend.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.dynosend.Await;
import io.dynosend.Http;
import io.dynosend.Http.Reply;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A campaign as a client of the API sees it. */
final class Campaign {

    private static final int PAGE = 1_000;

    /** Addresses for whom the message can be neither made nor sent, and their fields. */
    static final Map<String, String> POISONED =
            Map.of(
                    "divides-by-zero@example.org", "0,1,x",
                    "never-ends@example.org", "1,1000000000,x",
                    "grüße@example.org", "1,1,the relay takes no SMTPUTF8");

    private static final List<String> HARMLESS =
            List.of(
                    "{{ EMAIL | divided_by: 0 }}{% for i in (1..1000000000) %}x{% endfor %}",
                    "line\r\n.\r\nMAIL FROM:<x@example.org>\r\nend",
                    "\uD83D\uDE00 " + "long ".repeat(40),
                    "</p></body></html><script>");

    private static final String POISONABLE =
            "<p>{{ 100 | divided_by: DIVISOR }}"
                    + "{% assign n = ROUNDS | plus: 0 %}{% for i in (1..n) %}.{% endfor %}"
                    + "{{ NOTE }}</p>";

    private final Http http;
    private final String audience;
    private final String uid;

    private Campaign(Http http, String audience, String uid) {
        this.http = http;
        this.audience = audience;
        this.uid = uid;
    }

    /** To so many contacts, r0@example.org and so on; not started yet. */
    static Campaign make(Http http, int recipients) {
        return make(http, recipients, "<p>Hello {{ EMAIL }}</p>");
    }

    /**
     * The same with a text of its own.
     *
     * @param html as it stands in a string of JSON
     */
    static Campaign make(Http http, int recipients, String html) {
        String audience = audience(http);
        var csv = new StringBuilder("EMAIL\n");
        for (int i = 0; i < recipients; i++) csv.append(address(i)).append('\n');
        upload(http, audience, csv);
        return new Campaign(http, audience, campaign(http, audience, html));
    }

    /**
     * The same, and {@link #POISONED} besides. Every tenth of the others has a field that only
     * looks like poison.
     */
    static Campaign withPoison(Http http, int recipients) {
        String audience = audience(http);
        for (String tag : List.of("DIVISOR", "ROUNDS", "NOTE")) {
            ok(
                    http.post(
                            "/api/v2/audiences/add-field",
                            """
                            {"audience_uid": "%s", "type": "text", "label": "%s", "tag": "%s"}
                            """
                                    .formatted(audience, tag, tag)));
        }
        var csv = new StringBuilder("EMAIL,DIVISOR,ROUNDS,NOTE\n");
        for (int i = 0; i < recipients; i++) {
            String note = i % 10 == 0 ? HARMLESS.get(i / 10 % HARMLESS.size()) : "hello";
            csv.append(address(i)).append(",1,1,\"").append(note).append("\"\n");
        }
        POISONED.forEach(
                (address, fields) -> csv.append(address).append(',').append(fields).append('\n'));
        upload(http, audience, csv);
        return new Campaign(http, audience, campaign(http, audience, POISONABLE));
    }

    private static String audience(Http http) {
        return ok(http.post(
                        "/api/v2/audiences",
                        """
                        {"name": "A", "from_email": "a@example.org", "from_name": "A",
                         "contact_information": {"address_1": "12 Main Street"}}
                        """))
                .get("audience_uid")
                .asText();
    }

    private static void upload(Http http, String audience, CharSequence csv) {
        ok(
                http.upload(
                        "/api/v2/imports",
                        Map.of("audience_uid", audience),
                        "contacts.csv",
                        csv.toString().getBytes(StandardCharsets.UTF_8)));
    }

    private static String campaign(Http http, String audience, String html) {
        return ok(http.post(
                        "/api/v2/campaigns",
                        """
                        {"name": "C", "audience_uid": "%s", "subject": "S", "html": "%s"}
                        """
                                .formatted(audience, html)))
                .get("campaign_uid")
                .asText();
    }

    static String address(int number) {
        return "r" + number + "@example.org";
    }

    String audience() {
        return audience;
    }

    /** start, pause, resume … */
    Reply call(String verb) {
        return http.post("/api/v2/campaigns/" + verb, "{\"campaign_uid\": \"%s\"}".formatted(uid));
    }

    void start() {
        ok(call("start"));
    }

    /** Empty while the server is away. */
    String status() {
        try {
            return http.get("/api/v2/campaigns?campaign_uid=" + uid)
                    .json()
                    .at("/campaign/status")
                    .asText();
        } catch (UncheckedIOException e) {
            return "";
        }
    }

    void awaitDone(Duration patience) {
        Await.until("the campaign ends by itself", patience, () -> status().equals("done"));
    }

    /** The addresses of the ledger by their outcome. */
    Map<String, Set<String>> ledger() {
        var byStatus = new TreeMap<String, Set<String>>();
        JsonNode page;
        int number = 0;
        do {
            page =
                    ok(http.get(
                                    "/api/v2/campaigns/recipients?campaign_uid=%s&per_page=%d&page=%d"
                                            .formatted(uid, PAGE, ++number)))
                            .get("recipients");
            for (var recipient : page) {
                byStatus.computeIfAbsent(recipient.get("status").asText(), _ -> new HashSet<>())
                        .add(recipient.get("email").asText());
            }
        } while (page.size() == PAGE);
        return byStatus;
    }

    static JsonNode ok(Reply reply) {
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        return reply.json();
    }
}
