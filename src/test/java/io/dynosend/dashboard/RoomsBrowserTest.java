package io.dynosend.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator.WaitForOptions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.WaitForSelectorState;
import io.dynosend.Await;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Relays, domains, blacklist, templates, transactional messages, API and mailbox in a browser. */
class RoomsBrowserTest extends RoomTest {

    private static Chromium chromium;

    @BeforeAll
    static void open() {
        chromium = new Chromium(port(application));
    }

    @AfterAll
    static void close() {
        chromium.close();
    }

    @ParameterizedTest
    @CsvSource({"360, LIGHT", "1280, DARK"})
    void everyPageIsAccessibleAndQuietAndFits(int width, ColorScheme theme) {
        try (var window = chromium.window(width, theme)) {
            window.signIn(email, Person.PASSWORD);
            for (String room :
                    new String[] {
                        "relays", "domains", "blacklist", "templates", "transactional", "api"
                    }) {
                window.go("/app/" + room).check().shoot(name("empty-" + room, width, theme));
            }
            pages().forEach((name, path) ->
                    window.go(path).check().shoot(name(name, width, theme)));

            window.assertNothingIsWrong();
        }
    }

    @Test
    void anAddressIsFoundWhileItIsTyped() {
        ada.post("/app/blacklist", Map.of("emails", "ada@example.org bob@example.net"));
        try (var window = chromium.window(1280, ColorScheme.LIGHT)) {
            var page = window.signIn(email, Person.PASSWORD).go("/app/blacklist").page();

            page.locator("#search").pressSequentially("example.n");

            page.locator("tbody tr").nth(1).waitFor(hidden());
            assertThat(page.locator("tbody th").allTextContents().getFirst().strip())
                    .isEqualTo("bob@example.net");
            assertThat(page.url()).contains("search=example.n");
            window.assertNothingIsWrong();
        }
    }

    @Test
    void deletingAsksFirstAndCanBeLeft() {
        String relay = Objects.requireNonNull(pages().get("relay"));
        try (var window = chromium.window(1280, ColorScheme.LIGHT)) {
            var page = window.signIn(email, Person.PASSWORD).go(relay).page();

            page.locator(".danger-zone button").click();
            assertThat(page.locator("dialog").textContent()).contains("Nothing is sent through it");
            page.locator("dialog .button.plain").click();
            assertThat(ada.get(relay).status()).isEqualTo(200);
            page.locator(".danger-zone button").click();
            page.locator("dialog .button.danger").click();
            page.waitForURL("**/app/relays");

            assertThat(ada.get(relay).status()).isEqualTo(404);
            window.assertNothingIsWrong();
        }
    }

    @Test
    void aRelayIsAddedAndTriedWithoutScripts() {
        try (var window = chromium.withoutScripts()) {
            var page = window.signIn(email, Person.PASSWORD).go("/app/relays/new").page();

            page.locator("[name=host]").fill("localhost");
            page.locator("main form button[type=submit]").click();
            page.locator("main form button[type=submit]").click();

            assertThat(page.locator(".trial-result").textContent()).contains("was not sent");
            assertThat(page.locator(".trial-steps .skipped").count()).isPositive();
            window.shoot("rooms-relay-steps");
        }
    }

    private static WaitForOptions hidden() {
        return new WaitForOptions().setState(WaitForSelectorState.DETACHED);
    }

    private static String name(String page, int width, ColorScheme theme) {
        return "rooms-%s-%d-%s".formatted(page, width, theme.name().toLowerCase(Locale.ROOT));
    }

    /** Of an account that has some of each, with names that want to break out. */
    private Map<String, String> pages() {
        var pages = new LinkedHashMap<String, String>();
        String relay =
                ada.post(
                                "/app/relays/new",
                                Map.of(
                                        "name", "Amazon SES " + HOSTILE,
                                        "host", "localhost",
                                        "port", "587",
                                        "security", "starttls",
                                        "user", "AKIAEXAMPLE",
                                        "password", "secret",
                                        "per_second", "14",
                                        "domain", "marketing.example",
                                        "connections", "10"))
                        .header("Location")
                        .replace("/test", "");
        execute(
                """
                INSERT INTO relay_health (node, relay, connections, accepted, deferred, refused,
                                          failing, failing_since, next_try_at, seen_at)
                VALUES (gen_random_uuid(), ?, 0, 12345, 12, 3,
                        'it answered 535 5.7.8 Authentication credentials invalid <b>', now(),
                        now() + interval '1 minute', clock_timestamp() + interval '1 hour')
                """,
                relay.substring(relay.lastIndexOf('/') + 1));
        pages.put("relays", "/app/relays");
        pages.put("relay-new", "/app/relays/new");
        pages.put("relay", relay);
        pages.put("relay-test", relay + "/test");
        String domain =
                ada.post("/app/domains", Map.of("domain", "shop.example")).header("Location");
        dns.set("shop.example", "v=spf1 <script>alert(1)</script> -all", "v=spf1 mx -all");
        ada.post(domain + "/check", Map.of());
        ada.post(domain + "/warm-up", Map.of("plan", "50, 100, 200, 400, 800, 1500, 3000"));
        pages.put("domains", "/app/domains");
        pages.put("domain", domain + "?waiting=yes");
        ada.post(
                "/app/blacklist",
                Map.of(
                        "emails",
                        "ada@example.org a-rather-long-local-part-of-an-address@a-long-name.example.com",
                        "reason",
                        "bounced"));
        pages.put("blacklist", "/app/blacklist");
        pages.put("blacklist-add", "/app/blacklist/add");
        pages.put("blacklist-remove", "/app/blacklist/remove?email=ada@example.org");
        String template =
                ada.post(
                                "/app/templates/new?kind=template",
                                Map.of(
                                        "name", "Monthly letter " + HOSTILE,
                                        "format", "markdown",
                                        "subject", "News of {{ audience.name }}",
                                        "content",
                                                "# News\n\nHello **you**, [look](https://e.com)\n"))
                        .header("Location");
        ada.post(
                template + "/edit",
                Map.of(
                        "name", "Monthly letter",
                        "format", "markdown",
                        "content", "# More news\n\nHello **you**, [look](https://e.com)\n"));
        pages.put("templates", "/app/templates");
        pages.put("template", template);
        pages.put("template-phone", template + "?width=phone&theme=dark&version=1");
        pages.put("template-edit", template + "/edit");
        pages.put("template-new", "/app/templates/new?kind=layout");
        String message = transactional();
        pages.put("transactional", "/app/transactional");
        pages.put("transactional-new", "/app/transactional/new");
        pages.put("transactional-one", message);
        pages.put("transactional-edit", message + "/edit");
        pages.put("transactional-log", message + "/log");
        ada.post("/app/api/tokens", Map.of("name", "shop " + HOSTILE, "scope_contacts", "on"));
        pages.put("api", "/app/api");
        pages.put("mailbox", "/mailbox");
        pages.put("mailbox-message", mailOf());
        pages.put("mailbox-clear", "/mailbox/clear");
        return pages;
    }

    private String transactional() {
        var fields = new HashMap<String, String>();
        String audience =
                http.post(
                                "/api/v2/audiences",
                                """
                                {"name": "Customers", "from_email": "shop@example.org",
                                 "from_name": "Shop", "contact_information": {"company": "C",
                                 "address_1": "1 Main Street", "city": "X", "country": "DE"}}
                                """,
                                "Content-Type",
                                "application/json")
                        .json()
                        .path("audience_uid")
                        .asText();
        fields.put("name", "Order confirmation " + HOSTILE);
        fields.put("audience", audience);
        fields.put("content", "internal");
        fields.put("subject", "Your order {{ order_id }}");
        fields.put("from_name", "Shop");
        fields.put("from_email", "shop@example.org");
        fields.put("format", "html");
        fields.put("written", "<h1>Thank you, {{ name }}</h1><p>Your order {{ order_id }}</p>");
        String page = ada.post("/app/transactional/new", fields).header("Location");
        String uid = page.substring(page.lastIndexOf('/') + 1);
        for (String recipient : new String[] {"ada@reader.example", "bounce@reader.example"}) {
            http.post(
                    "/api/v2/transactional",
                    """
                    {"transactional_uid": "%s", "recipient": "%s", "customTags": [
                      {"Name": "name", "Value": "Ada"}, {"Name": "order_id", "Value": "4711"}]}
                    """
                            .formatted(uid, recipient),
                    "Content-Type",
                    "application/json");
        }
        Await.until(
                "both are answered",
                Duration.ofSeconds(20),
                () -> !ada.page(page + "/log").select("tbody").text().contains("waiting"));
        return page;
    }

    private String mailOf() {
        return ada.page("/mailbox?search=ada@reader.example").select("a.message-row").attr("href");
    }
}
