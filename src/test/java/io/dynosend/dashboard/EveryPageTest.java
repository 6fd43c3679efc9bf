package io.dynosend.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.options.ColorScheme;
import io.dynosend.DatabaseTest;
import io.dynosend.account.AuditLog;
import io.dynosend.account.PasswordLinks;
import io.dynosend.account.Role;
import io.dynosend.account.Users;
import io.dynosend.dashboard.Crawl.Care;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every page of the dashboard in a real browser, found by following links; each leaves its pictures
 * in target/screenshots/pages.
 */
class EveryPageTest extends DatabaseTest {

    private static final int WINDOWS = 2;

    // The one is a document for a script, the other the way in of a fresh server.
    private static final Set<String> NO_LINK_LEADS_TO = Set.of("/app/builder", "/app/setup");

    @Test
    void everyPageIsAccessibleAndQuietAndFitsAndWorksWithoutScripts() throws Exception {
        var places = Showcase.fill(http, jdbi, dns, Words.ORDINARY);
        var crawl = crawl(Role.OWNER, "owner", "Shop", places, Care.ALL);

        // What no page leads to, nobody finds.
        var orphans = new TreeSet<>(dashboardPages());
        orphans.removeAll(crawl.routes());
        orphans.removeAll(NO_LINK_LEADS_TO);
        assertThat(orphans).isEmpty();
        assertThat(crawl.complaints()).isEmpty();
        assertThat(crawl(Role.VIEWER, "viewer", "Shop", places, Care.RULES).complaints()).isEmpty();
    }

    @Test
    void hostileStringsRunNothingAndBreakNoPage() throws Exception {
        var words = Words.hostile();
        var places = Showcase.fill(http, jdbi, dns, words);

        var crawl = crawl(Role.OWNER, "hostile", words.instead("Shop"), places, Care.FITS);
        assertThat(crawl.complaints()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"360, LIGHT", "360, DARK", "1280, LIGHT", "1280, DARK"})
    void thePagesBeforeTheSignInAreAsGood(int width, ColorScheme theme) {
        try (var chromium = new Chromium(port(application));
                var window = chromium.window(width, theme)) {
            String name = "-%d-%s".formatted(width, theme.name().toLowerCase(Locale.ROOT));
            window.go("/app/sign-in").check().shoot("sign-in" + name);
            window.go("/welcome?key=" + setupKey()).check().shoot("set-up" + name);

            window.assertNothingIsWrong();
        }
    }

    @Test
    void anAudienceIsMadeWithoutScripts() {
        String email = newLogin(holder(http.token()).account(), Role.OWNER);
        try (var chromium = new Chromium(port(application));
                var window = chromium.withoutScripts()) {
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

    private Crawl crawl(
            Role role, String name, String program, Map<String, String> places, Care care)
            throws Exception {
        String email = newLogin(holder(http.token()).account(), role);
        execute(
                """
                INSERT INTO api_token (
                    account_id, user_id, name, prefix, sha256, read_only, created_at)
                SELECT account_id, id, ?, 'dyn_test', sha256(uuid_send(gen_random_uuid())), true,
                       created_at
                FROM account_user WHERE email = ?
                """,
                program,
                email);
        var crawl = new Crawl(port(application), email, name, dashboardPages(), care);
        crawl.run(places, WINDOWS);
        assertThat(crawl.visited()).isGreaterThan(places.size());
        return crawl;
    }
}
