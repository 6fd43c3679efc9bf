package io.dynosend.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import io.dynosend.FreshServer;
import io.dynosend.Http;
import io.dynosend.SmtpSink;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From the first start of a server to its home page. */
class SetUpTest {

    @ParameterizedTest
    @CsvSource({"1280, LIGHT", "360, DARK"})
    void thePrintedLinkLeadsByTheSetUpToTheHomePage(int width, ColorScheme theme) throws Exception {
        try (var sink = new SmtpSink(java.time.Duration.ZERO);
                var server = new FreshServer("--relay-hosts", "127.0.0.1:" + port(sink));
                var chromium = new Chromium(server.port());
                var window = chromium.window(width, theme)) {
            var page = window.page();
            window.go("/").check().shoot(name("fresh", width, theme));
            assertThat(page.textContent("main")).contains("This server has not been set up yet");
            window.go("/app");
            assertThat(page.textContent("main")).contains("Set it up at");

            window.go(server.setUpLink()).check().shoot(name("set-up-you", width, theme));
            page.getByLabel("Your name").fill("Ada Lovelace");
            page.getByLabel("E-mail you sign in with").fill("ada@example.org");
            page.getByLabel("Password, at least").fill("a good password");
            page.getByLabel("Repeat the password").fill("a good password");
            submit(page, "Continue");

            page.waitForURL("**/app/setup/domain");
            window.check().shoot(name("set-up-domain", width, theme));
            assertThat(page.inputValue("[name=domain]")).isEqualTo("example.org");
            submit(page, "Add the domain");
            page.getByText("Check the records").waitFor();
            window.check().shoot(name("set-up-records", width, theme));
            page.locator("a.button:has-text('Continue')").click();

            page.waitForURL("**/app/setup/relay");
            page.getByLabel("Host").fill("127.0.0.1");
            page.getByLabel("Port").fill("1");
            page.selectOption("[name=security]", "starttls_if_offered");
            submit(page, "Send me a test");
            page.locator("#trial .problem").waitFor();
            window.check().shoot(name("set-up-relay-wrong", width, theme));
            page.getByLabel("Port").fill(Integer.toString(port(sink)));
            submit(page, "Send me a test");
            page.locator(".trial-steps").waitFor();
            window.check().shoot(name("set-up-relay", width, theme));
            assertThat(page.textContent(".trial")).contains("The relay took the test message");
            submit(page, "Save and continue");

            page.waitForURL("**/app/setup/sender");
            page.getByLabel("Sender name").fill("Ada of Example");
            submit(page, "Finish");
            page.locator("#address_1-error").waitFor();
            window.check().shoot(name("set-up-sender-wrong", width, theme));
            assertThat(page.inputValue("[name=from_email]")).isEqualTo("news@example.org");
            page.getByLabel("Street and number").fill("12 Main Street");
            page.getByLabel("City").fill("Bern");
            submit(page, "Finish");

            page.waitForURL("**/app");
            window.check().shoot(name("set-up-home", width, theme));
            window.go("/app/settings");
            assertThat(page.inputValue("[name=name]")).isEqualTo("Ada of Example");
            window.go("/");
            assertThat(page.textContent("main")).doesNotContain("not been set up");
            // The browser notes the form that was refused.
            assertThat(window.complaints()).hasSize(1).allMatch(each -> each.contains("of 422"));
        }
    }

    @Test
    void allOfItMayBeLeftForLaterAndWorksWithoutScripts() {
        try (var server = new FreshServer();
                var chromium = new Chromium(server.port());
                var window = chromium.withoutScripts()) {
            var page = window.page();
            window.go(server.setUpLink());
            page.locator("[name=name]").fill("Ada");
            page.locator("[name=email]").fill("ada@example.org");
            page.locator("[name=wanted]").fill("a good password");
            page.locator("[name=again]").fill("a good password");
            submit(page, "Continue");
            page.locator("text=Skip this step").click();
            page.locator("[name=host]").fill("127.0.0.1");
            submit(page, "Send me a test");
            assertThat(page.textContent("#trial")).isNotBlank();
            assertThat(page.inputValue("[name=host]")).isEqualTo("127.0.0.1");
            page.locator("text=Skip this step").click();
            page.locator("text=Skip this step").click();

            assertThat(page.url()).endsWith("/app");
        }
    }

    @Test
    void theLinkWorksOnceAndNobodyElseGetsOne() {
        try (var server = new FreshServer()) {
            var http = new Http(server.port(), "");
            String link = server.setUpLink();
            var ada = new Person(server.port());
            assertThat(http.get("/").body() + http.get("/app/sign-in").body())
                    .contains("not been set up")
                    .doesNotContain(link.substring(link.indexOf("key=") + 4));

            var taken =
                    ada.enter(
                            "/welcome",
                            java.util.Map.of(
                                    "key", link.substring(link.indexOf("key=") + 4),
                                    "name", "Ada",
                                    "email", "ada@example.org",
                                    "wanted", "a good password",
                                    "again", "a good password"));

            assertThat(taken.header("Location")).isEqualTo("/app/setup");
            assertThat(ada.get("/app/setup").header("Location")).isEqualTo("/app/setup/domain");
            assertThat(http.get(link).status()).isEqualTo(404);
            assertThat(http.get("/").body()).doesNotContain("not been set up");
        }
    }

    private static int port(SmtpSink sink) {
        return java.net.URI.create(sink.url()).getPort();
    }

    private static void submit(Page page, String button) {
        page.locator("main button:has-text('%s')".formatted(button)).click();
    }

    private static String name(String page, int width, ColorScheme theme) {
        return "%s-%d-%s".formatted(page, width, theme.name().toLowerCase(Locale.ROOT));
    }
}
