package io.dynosend.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.options.ColorScheme;
import io.dynosend.DatabaseTest;
import io.dynosend.Inbox;
import io.dynosend.account.Role;
import io.dynosend.dashboard.Chromium.Window;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Signing in as people do it, in a real browser. */
class DoorBrowserTest extends DatabaseTest {

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

    @Test
    void whoHasAPasskeySignsInWithoutTypingAnything() {
        try (var window = chromium.window(1280, ColorScheme.LIGHT)) {
            authenticator(window);
            var page = window.page();
            window.signIn(email, Person.PASSWORD).go("/app/you/passkeys");
            page.getByLabel("Name").fill("My laptop");
            page.getByLabel("Your password").fill("wrong password");
            page.locator("main button[type=submit]").click();
            page.locator("#current-error").waitFor();
            assertThat(page.locator("#current-error").textContent())
                    .isEqualTo("This is not your password");
            page.getByLabel("Your password").fill(Person.PASSWORD);
            page.locator("main button[type=submit]").click();
            page.locator("main tbody tr").waitFor();
            assertThat(page.locator("main tbody").textContent()).contains("My laptop", "never");
            window.check().shoot("passkeys-1280-light");

            page.locator("form[action='/app/sign-out'] button").click();
            window.check();
            page.getByText("Sign in with a passkey").click();
            page.waitForURL("**/app");

            window.go("/app/you/passkeys");
            assertThat(page.locator("main tbody").textContent()).doesNotContain("never");
            page.locator("main tbody button").click();
            page.locator("dialog button").first().click();
            page.getByText("Add your first passkey").waitFor();
            page.locator("form[action='/app/sign-out'] button").click();
            page.getByText("Sign in with a passkey").click();
            page.locator(".problem").waitFor();
            assertThat(page.url()).endsWith("/app/sign-in/passkey");
            assertThat(window.complaints()).allMatch(each -> each.contains("status of 4"));
        }
    }

    @ParameterizedTest
    @CsvSource({"360, LIGHT", "360, DARK", "1280, LIGHT", "1280, DARK"})
    void theSecondStepIsTurnedOnAndAskedFor(int width, ColorScheme theme) {
        try (var window = chromium.window(width, theme)) {
            var page = window.page();
            window.signIn(email, Person.PASSWORD).go("/app/you/two-step");
            window.check().shoot(name("two-step-begin", width, theme));
            page.getByLabel("Your password").fill(Person.PASSWORD);
            page.locator("main button[type=submit]").click();
            page.locator("summary:has-text('cannot scan')").click();
            String secret = page.locator("#secret").textContent();
            page.locator("main details").evaluate("it => { it.open = false }");
            window.check().shoot(name("two-step-qr", width, theme));
            page.getByLabel(
                            "Code",
                            new com.microsoft.playwright.Page.GetByLabelOptions().setExact(true))
                    .fill(Totps.code(secret, clock.instant()));
            page.locator("main button[type=submit]").click();
            page.locator("#codes").waitFor();
            window.check().shoot(name("recovery-codes", width, theme));
            window.go("/app/you/two-step").check().shoot(name("two-step-on", width, theme));
            window.go("/app/you").check().shoot(name("you-two-step", width, theme));
            window.go("/app/you/passkeys").check().shoot(name("passkeys-none", width, theme));
            window.go("/app/people").check().shoot(name("people-one", width, theme));
            window.go("/app/people/log").check().shoot(name("audit-log", width, theme));
            window.go("/app/settings").check().shoot(name("settings", width, theme));
            window.assertNothingIsWrong();
        }
        clock.advance(Duration.ofSeconds(30));
        try (var window = chromium.window(width, theme)) {
            var page = window.page();
            window.go("/app/sign-in").check().shoot(name("sign-in", width, theme));
            window.signIn(email, Person.PASSWORD);
            window.check().shoot(name("sign-in-code", width, theme));
            assertThat(page.url()).endsWith("/app/sign-in/code");
            window.go("/app/forgot").check().shoot(name("forgot", width, theme));
            window.assertNothingIsWrong();
        }
    }

    @Test
    void aForgottenPasswordIsChosenAnewByTheLinkInTheMailbox() {
        try (var window = chromium.window(1280, ColorScheme.LIGHT)) {
            var page = window.page();
            window.go("/app/sign-in");
            page.getByText("Forgot your password?").click();
            page.getByLabel("E-mail").fill(email);
            page.locator("button[type=submit]").click();
            page.getByText("is on its way there").waitFor();
            window.check().shoot("forgot-sent-1280-light");

            var message = new Inbox(http, email).message();
            window.go(Inbox.link(message, "http://localhost:" + http.port() + "/welcome"));
            window.check().shoot("choose-password-1280-light");
            page.getByLabel("Password, at least").fill("another password");
            page.getByLabel("Repeat the password").fill("another password");
            page.locator("button[type=submit]").click();
            page.waitForURL("**/app");
            window.assertNothingIsWrong();
        }
    }

    private static void authenticator(Window window) {
        CDPSession devtools = window.page().context().newCDPSession(window.page());
        devtools.send("WebAuthn.enable");
        var options = new JsonObject();
        options.addProperty("protocol", "ctap2");
        options.addProperty("transport", "internal");
        options.addProperty("hasResidentKey", true);
        options.addProperty("hasUserVerification", true);
        options.addProperty("isUserVerified", true);
        options.addProperty("automaticPresenceSimulation", true);
        var arguments = new JsonObject();
        arguments.add("options", options);
        devtools.send("WebAuthn.addVirtualAuthenticator", arguments);
    }

    private static String name(String page, int width, ColorScheme theme) {
        return "door-%s-%d-%s".formatted(page, width, theme.name().toLowerCase(Locale.ROOT));
    }
}
