package io.dynosend.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.DatabaseTest;
import io.dynosend.Http.Reply;
import io.dynosend.account.Role;
import io.dynosend.dashboard.Dashboard.Door;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Every door of the dashboard, as the dashboard itself lists them: who gets in, and by which forms.
 */
class DoorsTest extends DatabaseTest {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{[^}]+}");
    // Changed by looking at a page.
    private static final List<String> SEEN = List.of("session", "sign_in_attempt");

    private final long account = holder(http.token()).account();
    private final Person owner = signedIn(newLogin(account, Role.OWNER));
    private final Person viewer = signedIn(newLogin(account, Role.VIEWER));
    private final Map<String, String> things = new LinkedHashMap<>();

    @BeforeEach
    void theAccountHasOneOfEach() {
        things.put("{audience}", uid("audience"));
        String audience = things.get("{audience}");
        things.put(
                "{contact}",
                postJson(
                        "/api/v2/contacts",
                        """
                        {"audience_uid": "%s", "EMAIL": "zoe@example.org"}
                        """
                                .formatted(audience),
                        "contact_uid"));
        things.put(
                "{campaign}",
                postJson(
                        "/api/v2/campaigns",
                        """
                        {"audience_uid": "%s", "name": "May", "subject": "May", "content_html": "<p>May</p>"}
                        """
                                .formatted(audience),
                        "campaign_uid"));
        owner.post("/app/domains", Map.of("domain", "example.org"));
        things.put("{domain}", text("SELECT uid FROM sending_domain WHERE account_id = ?"));
        owner.post(
                "/app/setup/relay",
                Map.of(
                        "host",
                        "smtp.example.org",
                        "port",
                        "587",
                        "security",
                        "starttls",
                        "do",
                        "save"));
        things.put(
                "{relay}",
                text("SELECT coalesce((SELECT uid FROM relay WHERE account_id = ?), 'none')"));
        things.put("{user}", text("SELECT max(id)::text FROM account_user WHERE account_id = ?"));
        things.put("{session}", text("SELECT max(id)::text FROM session WHERE account_id = ?"));
        things.put("{token}", text("SELECT max(id)::text FROM api_token WHERE account_id = ?"));
    }

    @Test
    void thereAreDoorsOfAllKinds() {
        assertThat(posts()).hasSizeGreaterThan(25);
        assertThat(gets()).hasSizeGreaterThan(20);
        assertThat(doors())
                .filteredOn(Door::own)
                .allMatch(door -> door.path().startsWith("/app/you"));
    }

    @Test
    void aViewerIsRefusedAtEveryFormAndChangesNothing() {
        String before = everything();

        for (var door : posts()) {
            if (door.own()) continue;
            assertThat(viewer.post(path(door), fields()).status()).as(door.path()).isEqualTo(403);
        }

        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void everyFormIsRefusedWithoutTheTokenOfItsSession() {
        String before = everything();

        for (var door : posts()) {
            assertThat(owner.postWithout(path(door), fields()).status())
                    .as(door.path())
                    .isEqualTo(403);
            var foreign = new LinkedHashMap<>(fields());
            foreign.put("form_token", viewer.page("/app/you").select("[name=form_token]").val());
            assertThat(owner.postWithout(path(door), foreign).status())
                    .as(door.path())
                    .isEqualTo(403);
        }

        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void everyFormIsRefusedFromAnotherSite() {
        String before = everything();

        for (var door : posts()) {
            for (String[] header :
                    List.of(
                            new String[] {"Origin", "https://evil.example"},
                            new String[] {"Origin", "null"},
                            new String[] {"Sec-Fetch-Site", "cross-site"},
                            new String[] {"Sec-Fetch-Site", "same-site"})) {
                assertThat(owner.post(path(door), fields(), header).status())
                        .as(door.path() + " " + header[1])
                        .isEqualTo(403);
            }
        }

        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void nobodyGetsInWithoutASession() {
        var stranger = new Person(http.port());
        for (var door : doors()) {
            Reply reply =
                    door.verb().equals("GET")
                            ? stranger.get(path(door))
                            : stranger.postWithout(path(door), fields());
            assertThat(reply.status()).as(door.path()).isEqualTo(303);
            assertThat(reply.header("Location")).as(door.path()).startsWith("/app/sign-in");
        }
    }

    @Test
    void whatIsAnothersIsNotThere() {
        var stranger = signedIn(newLogin(holder(newAccount()).account(), Role.OWNER));
        String before = everything();

        for (var door : doors()) {
            if (!PLACEHOLDER.matcher(door.path()).find()) continue;
            Reply reply =
                    door.verb().equals("GET")
                            ? stranger.get(path(door))
                            : stranger.post(path(door), confirmed());
            assertThat(reply.status()).as(door.verb() + " " + door.path()).isEqualTo(404);
        }

        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void everyPageAndFileIsProtectedFromFramesScriptsAndCaches() {
        for (var door : gets()) {
            var reply = owner.get(path(door));
            assertThat(reply.status()).as(door.path()).isIn(200, 303, 404);
            // What is not there and what leads on have no content of their own.
            if (reply.status() != 200) continue;
            String policy = reply.header("Content-Security-Policy");
            assertThat(reply.header("X-Content-Type-Options")).as(door.path()).isEqualTo("nosniff");
            assertThat(policy).as(door.path()).contains("default-src 'none'");
            assertThat(policy).as(door.path()).matches("(?s).*frame-ancestors '(none|self)'.*");
            assertThat(reply.header("X-Frame-Options")).as(door.path()).matches("DENY|SAMEORIGIN");
            assertThat(reply.header("Cache-Control")).as(door.path()).contains("no-store");
        }
    }

    @Test
    void noPageTakesItsLinksFromAForgedHost() {
        for (String path : List.of("/", "/app/sign-in", "/app/forgot", "/welcome?key=x")) {
            assertThat(Forged.get(http.port(), "evil.example", path))
                    .as(path)
                    .doesNotContain("evil");
        }
        for (var door : gets()) {
            assertThat(
                            Forged.get(
                                    http.port(),
                                    "evil.example",
                                    path(door),
                                    "Cookie",
                                    owner.cookie()))
                    .as(door.path())
                    .doesNotContain("evil.example");
        }
    }

    @Test
    void noFormAtTheDoorLeadsToAnotherSite() {
        for (String next : List.of("https://evil.example", "//evil.example", "/\\evil.example")) {
            String query =
                    java.net.URLEncoder.encode(next, java.nio.charset.StandardCharsets.UTF_8);
            assertThat(owner.get("/app/sign-in?next=" + query).header("Location"))
                    .isEqualTo("/app");
            assertThat(
                            new Person(http.port())
                                    .page("/app/sign-in?next=" + query)
                                    .select("[name=next]"))
                    .allMatch(field -> field.val().equals("/app"));
        }
    }

    private Stream<Door> all(String verb) {
        return doors().stream().filter(door -> door.verb().equals(verb));
    }

    private List<Door> posts() {
        return all("POST").toList();
    }

    private List<Door> gets() {
        return all("GET").toList();
    }

    private String path(Door door) {
        return PLACEHOLDER
                .matcher(door.path())
                .replaceAll(found -> things.getOrDefault(found.group(), "0123456789abc"));
    }

    private static Map<String, String> fields() {
        return Map.of("name", "Mine", "email", "mine@example.org", "confirmed", "yes");
    }

    private static Map<String, String> confirmed() {
        return Map.of("confirmed", "yes");
    }

    /** All that the account has, in one text. */
    private String everything() {
        sumUp();
        var tables =
                jdbi.withHandle(db ->
                        db.select(
                                        """
                                        SELECT c.table_name FROM information_schema.columns c
                                        JOIN information_schema.tables t USING (table_schema, table_name)
                                        WHERE c.column_name = 'account_id' AND c.table_schema = 'public'
                                          AND t.table_type = 'BASE TABLE'
                                        ORDER BY 1
                                        """)
                                .mapTo(String.class)
                                .list());
        assertThat(tables).hasSizeGreaterThan(30);
        var all = new StringBuilder();
        for (String table : tables) {
            if (SEEN.contains(table)) continue;
            all.append(table)
                    .append(
                            single(
                                    String.class,
                                    "SELECT coalesce(md5(string_agg(t::text, ',' ORDER BY t::text)), '') FROM %s t WHERE account_id = ?"
                                            .formatted(table),
                                    account))
                    .append('\n');
        }
        return all.toString();
    }

    private String text(String sql) {
        return single(String.class, sql, account);
    }

    private String uid(String what) {
        return postJson(
                "/api/v2/audiences",
                """
                {"name": "Readers", "from_email": "a@example.org", "from_name": "Ada"}
                """,
                what + "_uid");
    }

    private String postJson(String path, String body, String field) {
        var reply = http.post(path, body, "Content-Type", "application/json");
        assertThat(reply.json().has(field)).as(reply.body()).isTrue();
        return reply.json().path(field).asText();
    }

    private Person signedIn(String who) {
        var person = new Person(http.port());
        person.signIn(who, Person.PASSWORD);
        return person;
    }
}
