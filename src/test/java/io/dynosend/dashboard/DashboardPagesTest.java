package io.dynosend.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.options.ColorScheme;
import io.dynosend.DatabaseTest;
import io.dynosend.account.AuditLog;
import io.dynosend.account.PasswordLinks;
import io.dynosend.account.Role;
import io.dynosend.account.Users;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every page of the dashboard in a real browser; each leaves a screenshot. */
class DashboardPagesTest extends DatabaseTest {

    private static Chromium chromium;

    private final String email = newLogin(holder(http.token()).account(), Role.OWNER);

    @BeforeAll
    static void open() {
        chromium = new Chromium(port(application));
    }

    @AfterAll
    static void close() {
        chromium.close();
    }

    @ParameterizedTest
    @CsvSource({"360, LIGHT", "360, DARK", "1280, LIGHT", "1280, DARK", "2560, LIGHT"})
    void everyPageIsAccessibleAndQuietAndFits(int width, ColorScheme theme) {
        var pages = pages();
        try (var window = chromium.window(width, theme)) {
            window.go("/app/sign-in").check().shoot(name("sign-in", width, theme));
            window.go("/welcome?key=" + setupKey()).check().shoot(name("set-up", width, theme));
            window.signIn(email, Person.PASSWORD);

            pages.forEach((name, path) -> window.go(path).check().shoot(name(name, width, theme)));

            window.assertNothingIsWrong();
        }
    }

    @Test
    void anAudienceIsMadeWithoutScripts() {
        try (var window = chromium.withoutScripts()) {
            window.signIn(email, Person.PASSWORD).go("/app/audiences/new");

            var page = window.page();
            page.locator("[name=name]").fill("Readers");
            page.locator("main button[type=submit]").click();
            assertThat(page.locator("[name=name]").inputValue()).isEqualTo("Readers");
            assertThat(page.locator(".error").count()).isPositive();
            page.locator("[name=from_name]").fill("Ada");
            page.locator("[name=from_email]").fill("ada@example.org");
            page.locator("main button[type=submit]").click();

            window.go("/app/audiences");
            assertThat(page.locator("main").textContent()).contains("Readers");
        }
    }

    private String setupKey() {
        return new PasswordLinks(jdbi, clock, new Users(jdbi, clock), new AuditLog(jdbi, clock))
                .make(holder(http.token()), true);
    }

    private static String name(String page, int width, ColorScheme theme) {
        return "%s-%d-%s".formatted(page, width, theme.name().toLowerCase(java.util.Locale.ROOT));
    }

    /** Of an account that has one of each. */
    private Map<String, String> pages() {
        String audience =
                http.post(
                                "/api/v2/audiences",
                                """
                                {"name": "Readers & <b>friends</b>", "from_email": "a@example.org",
                                 "from_name": "Ada", "contact_information": {"company": "C",
                                 "address_1": "1 Main Street", "city": "X", "country": "DE"}}
                                """,
                                "Content-Type",
                                "application/json")
                        .json()
                        .path("audience_uid")
                        .asText();
        String contact =
                http.post(
                                "/api/v2/contacts",
                                """
                                {"audience_uid": "%s", "EMAIL": "zoe@example.org",
                                 "tag": "vip, \\"><script>alert(1)</script>"}
                                """
                                        .formatted(audience),
                                "Content-Type",
                                "application/json")
                        .json()
                        .path("contact_uid")
                        .asText();
        assertThat(contact).isNotEmpty();
        var pages = new LinkedHashMap<String, String>();
        pages.put("home", "/app");
        pages.put("audiences", "/app/audiences");
        pages.put("audience-new", "/app/audiences/new");
        pages.put("contacts", "/app/audiences/" + audience);
        pages.put("settings", "/app/audiences/" + audience + "/settings");
        pages.put("contact-new", "/app/audiences/" + audience + "/contacts/new");
        pages.put("contact", "/app/audiences/" + audience + "/contacts/" + contact);
        pages.put("campaigns", "/app/campaigns");
        pages.put("campaign-new", "/app/campaigns/new");
        pages.put("blacklist", "/app/blacklist");
        pages.put("domains", "/app/domains");
        pages.put("api", "/app/api");
        pages.put("people", "/app/people");
        pages.put("audit-log", "/app/people/log");
        pages.put("account-settings", "/app/settings");
        pages.put("you", "/app/you");
        return pages;
    }
}
