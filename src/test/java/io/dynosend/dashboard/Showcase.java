package io.dynosend.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dynosend.Await;
import io.dynosend.Http;
import io.dynosend.TestDns;
import io.dynosend.audience.Audiences;
import io.dynosend.common.Uid;
import io.dynosend.contact.Actor;
import io.dynosend.contact.ImportJobs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;

/**
 * An account that has at least one of everything that a page can show, made through the API; only
 * what takes weeks or strangers (opens over time, answers of relays) is written into the tables.
 */
final class Showcase {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int OK = 200;
    // A hostile name may be refused; then the next one is tried.
    private static final int ATTEMPTS = 12;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Http http;
    private final Jdbi jdbi;
    private final TestDns dns;
    private final Words words;
    // In this order: what is seen first of a kind stands for all of it, so the fullest come first.
    private final Map<String, String> places = new LinkedHashMap<>();

    private Showcase(Http http, Jdbi jdbi, TestDns dns, Words words) {
        this.http = http;
        this.jdbi = jdbi;
        this.dns = dns;
        this.words = words;
    }

    /**
     * Fills the account of this token.
     *
     * @return pages that links alone would not tell apart, such as that of each state of a
     *     campaign, by a name for a picture
     */
    static Map<String, String> fill(Http http, Jdbi jdbi, TestDns dns, Words words) {
        var showcase = new Showcase(http, jdbi, dns, words);
        showcase.fill();
        return showcase.places;
    }

    private void fill() {
        String readers = audience("Readers", "individual");
        String quiet = audience("Quiet friends", "off");
        String confirming = audience("With confirmation", "aggregate");
        patch("/audiences/update", Map.of("audience_uid", confirming, "double_opt_in", true));
        post(
                "/audiences",
                _ ->
                        Map.of(
                                "name",
                                w("Nobody yet"),
                                "from_email",
                                "me@example.org",
                                "from_name",
                                "Me"));
        fields(readers);
        contacts(readers, 60);
        imports(readers);
        importDraft(readers);
        form(readers);
        people(readers);
        campaigns(readers);
        contacts(quiet, 8);
        contacts(confirming, 3);
        templates();
        campaignUnderWay(quiet, "sending");
        campaignUnderWay(quiet, "paused");
        transactional(readers);
        domains();
        blacklist();
        audit();
        // The last: what is sent from now on would wait for hosts that do not exist.
        relays();
        bulkChange(readers);
        places.put("audience-readers", "/app/audiences/" + readers);
        places.put("audience-confirming", "/app/audiences/" + confirming);
    }

    private String audience(String name, String tracking) {
        return post(
                        "/audiences",
                        _ ->
                                Map.of(
                                        "name", w(name),
                                        "from_email", "letters@" + domainName("show"),
                                        "from_name", w("Ada Lovelace"),
                                        "default_subject", w("News from us"),
                                        "tracking", tracking,
                                        "contact_information",
                                                Map.of(
                                                        "company", w("Readers Ltd"),
                                                        "address_1", w("12 Main Street"),
                                                        "city", w("Bern"),
                                                        "zip", w("3000"),
                                                        "country", w("Switzerland")),
                                        "welcome_mail",
                                                Map.of(
                                                        "subject",
                                                        "Welcome",
                                                        "html",
                                                        "<p>Hello " + w("you") + "</p>")))
                .get("audience_uid")
                .asText();
    }

    private void fields(String audience) {
        for (String type : List.of("text", "number", "textarea", "date", "datetime", "time")) {
            post(
                    "/audiences/add-field",
                    _ ->
                            Map.of(
                                    "audience_uid",
                                    audience,
                                    "type",
                                    type,
                                    "label",
                                    w("A " + type),
                                    "tag",
                                    "A_" + type.toUpperCase(java.util.Locale.ROOT)));
        }
    }

    private void contacts(String audience, int count) {
        var ordinary = List.of("ada", "ben", "cleo", "dan", "eve", "finn");
        for (int i = 0; i < count; i++) {
            String kind = i % 20 == 7 ? "bounce-" : i % 20 == 11 ? "spam-" : "";
            String email = "%s%s%d@%s".formatted(kind, ordinary.get(i % 6), i, domainName("mail"));
            var made =
                    post(
                            "/contacts",
                            _ ->
                                    Map.of(
                                            "audience_uid",
                                            audience,
                                            "EMAIL",
                                            email,
                                            "tag",
                                            tags(),
                                            "A_TEXT",
                                            w("Berlin"),
                                            "A_TEXTAREA",
                                            w("Likes long walks"),
                                            "A_NUMBER",
                                            "42",
                                            "A_DATE",
                                            "2025-12-24"));
            String uid = made.get("contact_uid").asText();
            var contact = Map.of("audience_uid", audience, "contact_uid", uid);
            if (i % 9 == 3) {
                patch("/contacts/unsubscribe", contact);
                places.put(
                        "contact-unsubscribed",
                        "/app/audiences/%s/contacts/%s".formatted(audience, uid));
            }
            if (i == 0) {
                events(contact);
                places.put(
                        "contact-rich", "/app/audiences/%s/contacts/%s".formatted(audience, uid));
            }
        }
    }

    private void events(Map<String, String> contact) {
        for (String name : List.of("trial_started", "order_placed", "visited")) {
            post(
                    "/events",
                    _ -> {
                        var event = new LinkedHashMap<String, Object>(contact);
                        event.put("event_name", name);
                        event.put(
                                "properties",
                                Map.of("plan", w("gold"), "referrer", w("https://acme.example/")));
                        return event;
                    });
        }
        patch("/contacts/addtag", with(contact, "tag", "later"));
        patch("/contacts/removetag", with(contact, "tag", "later"));
    }

    private String tags() {
        return String.join(",", w("vip").replace(",", ""), w("newsletter").replace(",", ""));
    }

    private void imports(String audience) {
        var csv = new StringBuilder("EMAIL,A_TEXT,A_NUMBER\n");
        for (int i = 0; i < 30; i++) {
            csv.append(
                    "import%d@%s,\"%s\",%s\n"
                            .formatted(
                                    i,
                                    domainName("mail"),
                                    w("Rome").replace("\"", "\"\""),
                                    i % 5 == 0 ? "many" : "7"));
        }
        csv.append("not an address,x,1\n")
                .append(w("nobody").replaceAll("[\",\n]", ""))
                .append(",x,1\n");
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            String name = w("contacts").replaceAll("[\"\\\\\r\n]", "") + ".csv";
            var reply =
                    http.upload(
                            "/api/v2/imports",
                            Map.of("audience_uid", audience),
                            name,
                            csv.toString().getBytes(UTF_8));
            if (reply.status() != OK) continue;
            String uid = reply.json().get("import_uid").asText();
            places.put("import-done", "/app/audiences/%s/imports/%s".formatted(audience, uid));
            return;
        }
        throw new AssertionError("No import is taken");
    }

    /** A file that somebody has brought and not imported yet, with odd headings. */
    private void importDraft(String audience) {
        var audiences = new Audiences(jdbi, InstantSource.system());
        long account = account(audience);
        try {
            var file = Files.createTempFile("showcase-", ".csv");
            Files.writeString(
                    file,
                    "EMAIL,%s,%s\nada@example.org,%s,2\n"
                            .formatted(cell("Town"), cell("Size"), cell("Rome")));
            String uid =
                    new ImportJobs(jdbi, InstantSource.system(), audiences)
                            .draft(
                                    account,
                                    audience,
                                    file,
                                    w("people.csv"),
                                    new Actor("import", null, null, null));
            Files.delete(file);
            places.put("import-draft", "/app/audiences/%s/imports/%s".formatted(audience, uid));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String cell(String usual) {
        return '"' + w(usual).replace("\"", "\"\"") + '"';
    }

    private void form(String audience) {
        execute(
                """
                INSERT INTO audience_form (
                    account_id, audience_id, uid, open, title, intro, consent, button, updated_at)
                SELECT account_id, id, ?, true, ?, ?, ?, ?, created_at
                FROM audience WHERE uid = ?
                """,
                Uid.random(),
                w("Our letters"),
                w("Once a month"),
                w("I want them"),
                w("Subscribe"),
                audience);
        places.put("form", "/app/audiences/%s/settings/form".formatted(audience));
    }

    /** One of each role, whose names are theirs to choose, and one who is invited. */
    private void people(String audience) {
        for (String role : List.of("admin", "marketer", "viewer", "api", "marketer")) {
            execute(
                    """
                    INSERT INTO account_user (
                        account_id, uid, email, password_hash, role, name, created_at)
                    SELECT account_id, ?, ?, '', ?, ?, created_at FROM audience WHERE uid = ?
                    """,
                    Uid.random(),
                    role + "-" + Uid.random() + "@example.org",
                    role,
                    w("Ben " + role),
                    audience);
        }
        execute(
                """
                INSERT INTO password_link (account_id, user_id, purpose, key_hash, setup, expires_at)
                SELECT account_id, max(id), 'given', sha256(uuid_send(gen_random_uuid())), false,
                       now() + interval '3 days'
                FROM account_user WHERE account_id = ?
                GROUP BY account_id
                """,
                account(audience));
    }

    private long account(String audience) {
        return jdbi.withHandle(db ->
                db.select("SELECT account_id FROM audience WHERE uid = ?", audience)
                        .mapTo(Long.class)
                        .one());
    }

    private void templates() {
        post(
                "/templates",
                _ ->
                        Map.of(
                                "name",
                                w("Monthly letter"),
                                "subject",
                                w("This month"),
                                "html",
                                "<p>Hello " + w("friends") + "</p>"));
        post(
                "/templates",
                _ -> Map.of("name", w("Note"), "markdown", "# Hello\n\n" + w("A short note")));
        post(
                "/templates",
                _ ->
                        Map.of(
                                "name",
                                w("Offer"),
                                "mjml",
                                "<mjml><mj-body><mj-section><mj-column><mj-text>Hello</mj-text></mj-column></mj-section></mj-body></mjml>"));
        post(
                "/templates",
                _ ->
                        Map.of(
                                "kind",
                                "layout",
                                "name",
                                w("House style"),
                                "html",
                                "<html><body><h1>House</h1>{{ content }}</body></html>"));
        post(
                "/templates",
                _ -> Map.of("kind", "block", "name", "signature", "html", "<p>Yours, Ada</p>"));
    }

    private void campaigns(String audience) {
        String done = campaign(audience, "October letter", letter());
        post(
                "/campaigns/test",
                _ -> Map.of("campaign_uid", done, "email", "me@" + domainName("show")));
        send(done);
        came(done);
        place("campaign-done", done);
        place("campaign-draft", campaign(audience, "December letter", "<p>Hello {{ A_TEXT }}</p>"));
        String scheduled = campaign(audience, "New year", "<p>Happy new year</p>");
        post(
                "/campaigns/schedule",
                _ -> Map.of("campaign_uid", scheduled, "scheduled_at", "2030-01-01T09:00:00Z"));
        place("campaign-scheduled", scheduled);
        String failed = campaign(audience, "Missed", "<p>Too late</p>");
        execute(
                "UPDATE campaign SET failure = ? WHERE uid = ?",
                w("The audience has no postal address"),
                failed);
        place("campaign-error", failed);
        String cancelled = campaignUnderWay(audience, "paused");
        post("/campaigns/cancel", _ -> Map.of("campaign_uid", cancelled));
        place("campaign-cancelled", cancelled);
    }

    private String letter() {
        var html = new StringBuilder("<h1>October</h1>");
        for (int i = 0; i < 8; i++) {
            html.append(
                    "<p><a href=\"https://acme.example/page-%d?q=%s\">%s</a></p>"
                            .formatted(
                                    i, java.net.URLEncoder.encode(w("walks"), UTF_8), "Page " + i));
        }
        return html.toString();
    }

    private void send(String campaign) {
        post("/campaigns/start", _ -> Map.of("campaign_uid", campaign));
        Await.until(
                "the campaign is done",
                PATIENCE,
                () ->
                        http.get("/api/v2/campaigns?campaign_uid=" + campaign)
                                .json()
                                .at("/campaign/status")
                                .asText()
                                .equals("done"));
    }

    /** Opens and clicks over days, an answer that never came, and receivers with odd words. */
    private void came(String campaign) {
        execute(
                """
                INSERT INTO engagement (account_id, mailing_id, number, open_count, first_open_at,
                                        click_count, first_click_at, unsubscribed_at)
                SELECT d.account_id, d.mailing_id, d.number, 1 + d.number % 3,
                       m.started_at + d.number * interval '37 minutes',
                       CASE WHEN d.number % 3 = 0 THEN 1 + d.number % 2 ELSE 0 END,
                       CASE WHEN d.number % 3 = 0 THEN m.started_at + d.number * interval '41 minutes' END,
                       CASE WHEN d.number % 17 = 0 THEN m.started_at + interval '2 hours' END
                FROM delivery d
                JOIN mailing m ON m.account_id = d.account_id AND m.id = d.mailing_id
                JOIN campaign c ON c.account_id = m.account_id AND c.mailing_id = m.id
                WHERE c.uid = ? AND d.state = 'sent' AND d.number % 2 = 1
                """,
                campaign);
        var agents = new ArrayList<String>();
        for (int i = 0; i < 20; i++)
            agents.add(w("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X)"));
        jdbi.useHandle(db ->
                db.createUpdate(
                                """
                                INSERT INTO engagement_event (
                                    account_id, mailing_id, number, kind, link, at, ip_address, user_agent)
                                SELECT e.account_id, e.mailing_id, e.number, k.kind,
                                       CASE k.kind WHEN 'click' THEN e.number % 8 END,
                                       CASE k.kind WHEN 'click' THEN e.first_click_at ELSE e.first_open_at END,
                                       '203.0.113.7', (:agents::text[])[1 + e.number % 20]
                                FROM engagement e
                                JOIN campaign c ON c.account_id = e.account_id AND c.mailing_id = e.mailing_id
                                CROSS JOIN (VALUES ('open'), ('click')) k (kind)
                                WHERE c.uid = :campaign AND (k.kind = 'open' OR e.click_count > 0)
                                """)
                        .bind("campaign", campaign)
                        .bindArray("agents", String.class, agents)
                        .execute());
        execute(
                """
                WITH lost AS (
                    UPDATE delivery d SET state = 'unknown', reason = 'no answer'
                    FROM campaign c
                    WHERE c.uid = ? AND d.account_id = c.account_id AND d.mailing_id = c.mailing_id
                      AND d.number IN (2, 4)
                    RETURNING d.account_id, d.mailing_id)
                UPDATE mailing_chunk k SET has_unknown = true
                FROM lost
                WHERE k.account_id = lost.account_id AND k.mailing_id = lost.mailing_id
                """,
                campaign);
        for (int i = 0; i < 60; i++) {
            execute(
                    """
                    UPDATE delivery d SET reply = ? || reply
                    FROM campaign c
                    WHERE c.uid = ? AND d.account_id = c.account_id AND d.mailing_id = c.mailing_id
                      AND d.number = ? AND d.reply IS NOT NULL
                    """,
                    w(""),
                    campaign,
                    i);
        }
    }

    // With a chunk that nobody claims before the test is over.
    private String campaignUnderWay(String audience, String state) {
        String uid = campaign(audience, "Spring offer " + state, "<p>Hello</p>");
        send(uid);
        execute(
                """
                UPDATE delivery d
                SET state = 'waiting', finished_at = NULL, bounced_at = NULL
                FROM campaign c
                WHERE c.uid = ? AND d.account_id = c.account_id AND d.mailing_id = c.mailing_id
                  AND d.number > 2
                """,
                uid);
        execute(
                """
                UPDATE mailing_chunk k SET due_at = clock_timestamp() + interval '1 day'
                FROM campaign c
                WHERE c.uid = ? AND k.account_id = c.account_id AND k.mailing_id = c.mailing_id
                """,
                uid);
        execute(
                """
                UPDATE mailing SET state = ?, done_at = NULL
                WHERE id = (SELECT mailing_id FROM campaign WHERE uid = ?)
                """,
                state,
                uid);
        place("campaign-" + state, uid);
        return uid;
    }

    private String campaign(String audience, String name, String html) {
        return post(
                        "/campaigns",
                        _ ->
                                Map.of(
                                        "name", w(name),
                                        "audience_uid", audience,
                                        "subject", w("Hello from us"),
                                        "from_name", w("Ada Lovelace"),
                                        "html", html + "<p>" + escaped(w("and good bye")) + "</p>"))
                .get("campaign_uid")
                .asText();
    }

    private void transactional(String audience) {
        String uid =
                post(
                                "/transactional/create",
                                _ ->
                                        Map.of(
                                                "name",
                                                w("Receipt"),
                                                "audience_uid",
                                                audience,
                                                "content",
                                                "internal",
                                                "subject",
                                                w("Your receipt"),
                                                "html",
                                                "<p>Thank you, {{ NAME }}</p>"))
                        .get("transactional_uid")
                        .asText();
        post(
                "/transactional/create",
                _ ->
                        Map.of(
                                "name",
                                w("From outside"),
                                "audience_uid",
                                audience,
                                "content",
                                "external"));
        for (int i = 0; i < 6; i++) {
            String to = (i == 3 ? "bounce-" : "") + "buyer" + i + "@" + domainName("mail");
            post(
                    "/transactional",
                    _ ->
                            Map.of(
                                    "transactional_uid", uid,
                                    "recipient", to,
                                    "customTags",
                                            List.of(Map.of("Name", "NAME", "Value", w("Ada")))));
        }
        places.put("transactional-sent", "/app/transactional/" + uid);
    }

    private void bulkChange(String audience) {
        String uid = Uid.random();
        execute(
                """
                INSERT INTO contact_bulk_change (
                    account_id, uid, audience_id, action, value, filter, total, done, before_id,
                    started_at, finished_at)
                SELECT account_id, ?, id, 'tag', ?, '{}', 60, 60, 0, created_at, created_at
                FROM audience WHERE uid = ?
                """,
                uid,
                w("vip"),
                audience);
        places.put("bulk-change", "/app/audiences/%s/changes/%s".formatted(audience, uid));
    }

    private void relays() {
        post(
                "/relays",
                _ ->
                        Map.of(
                                "name",
                                w("Main relay"),
                                "host",
                                "smtp.acme.example",
                                "port",
                                "587",
                                "user",
                                w("ada"),
                                "password",
                                "secret"));
        post(
                "/relays",
                _ ->
                        Map.of(
                                "name",
                                w("For one domain"),
                                "host",
                                "smtp2.acme.example",
                                "port",
                                "25",
                                "domain",
                                "gmail.example",
                                "messages_per_second",
                                "5"));
    }

    private void domains() {
        String good = domainName("good");
        var domain = post("/domains", _ -> Map.of("domain", good));
        String uid = domain.get("domain_uid").asText();
        var records = http.get("/api/v2/domains?domain_uid=" + uid).json().at("/domain/records");
        for (var each : records) {
            if (each.get("purpose").asText().startsWith("dkim"))
                dns.set(each.get("name").asText(), each.get("value").asText());
        }
        dns.set(good, "v=spf1 include:relay.example ~all");
        dns.set("_dmarc." + good, "v=DMARC1; p=none");
        post("/domains/check", _ -> Map.of("domain_uid", uid));
        String bad = domainName("bad");
        String badUid = post("/domains", _ -> Map.of("domain", bad)).get("domain_uid").asText();
        for (var each :
                http.get("/api/v2/domains?domain_uid=" + badUid).json().at("/domain/records")) {
            dns.set(each.get("name").asText(), "v=DKIM1; p=" + w("AAAA"));
        }
        dns.set(bad, "v=spf1 " + w("include:old.example ~all"), "v=spf1 " + w("-all"));
        post("/domains/check", _ -> Map.of("domain_uid", badUid));
        post("/domains/warm-up", _ -> Map.of("domain_uid", badUid, "plan", "50, 100, 200"));
        post("/domains", _ -> Map.of("domain", domainName("unchecked")));
    }

    private void blacklist() {
        for (int i = 0; i < 60; i++) {
            String email = "never%d@%s".formatted(i, domainName("mail"));
            post("/blacklist/add", _ -> Map.of("email", email));
        }
    }

    private void audit() {
        execute(
                """
                INSERT INTO audit_entry (account_id, at, user_id, email, action, ip_address)
                SELECT account_id, created_at, id, email, ?, '203.0.113.9'
                FROM account_user WHERE account_id = (SELECT account_id FROM audience WHERE uid = ?)
                """,
                w("removed the contact “ada@example.org”"),
                first("/audiences", "audience_uid"));
    }

    private String first(String list, String field) {
        var each = http.get("/api/v2" + list).json().get(0);
        return each.has(field) ? each.get(field).asText() : each.get("uid").asText();
    }

    private void place(String name, String campaign) {
        places.put(name, "/app/campaigns/" + campaign);
        places.put(name + "-edit", "/app/campaigns/" + campaign + "/edit");
    }

    private String w(String usual) {
        return words.instead(usual);
    }

    private final String suffix = Uid.random();

    private String domainName(String of) {
        return of + "-" + suffix + ".example";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("{", "&#123;");
    }

    private static Map<String, Object> with(Map<String, String> first, String key, String value) {
        var all = new LinkedHashMap<String, Object>(first);
        all.put(key, value);
        return all;
    }

    private interface Body {

        Map<String, ?> of(int attempt);
    }

    private JsonNode post(String path, Body body) {
        return call("POST", path, body);
    }

    private JsonNode patch(String path, Map<String, ?> body) {
        return call("PATCH", path, _ -> body);
    }

    private JsonNode call(String verb, String path, Body body) {
        String last = "";
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            var reply =
                    http.call(
                            verb,
                            "/api/v2" + path,
                            json(body.of(attempt)),
                            "Content-Type",
                            "application/json");
            if (reply.status() == OK || reply.status() == 204) {
                return reply.body().isEmpty() ? JSON.nullNode() : reply.json();
            }
            last = reply.status() + " " + reply.body();
        }
        throw new AssertionError(verb + " " + path + " is refused: " + last);
    }

    private static String json(Map<String, ?> body) {
        try {
            return JSON.writeValueAsString(body);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private void execute(String sql, Object... params) {
        jdbi.useHandle(db -> db.execute(sql, params));
    }
}
