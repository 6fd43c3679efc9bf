package io.dynosend.mailbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.account.BasicSignIn.Answer;
import io.dynosend.account.Principal;
import io.dynosend.account.Role;
import io.dynosend.pages.Browser;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MailboxAccessTest {

    private Browser browser = open(true);

    @AfterEach
    void close() {
        browser.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "localhost:8080", "LOCALHOST", "127.0.0.1:1", "[::1]:80"})
    void whoeverSitsAtThisMachineIsLetIn(String host) throws IOException {
        assertThat(status("Host: " + host)).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "localhost.evil.example",
                "127.0.0.1.nip.example:80",
                "10.0.0.1",
                "127.0.0.1@evil.example"
            })
    void anotherNameForThisMachineIsNotLetIn(String host) throws IOException {
        assertThat(status("Host: " + host)).isIn(400, 401);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Forwarded: for=1.2.3.4",
                "X-Forwarded-For: 127.0.0.1",
                "x-forwarded-proto: https",
                "X-Forwarded-Host:",
                "Via: 1.1 proxy",
                "X-Real-IP: 198.51.100.7",
                "CF-Connecting-IP: 198.51.100.7",
                "True-Client-IP: 198.51.100.7"
            })
    void whatAProxyPassesOnIsNotLetIn(String header) throws IOException {
        assertThat(status("Host: localhost", header)).isEqualTo(401);
    }

    @Test
    void whatAProxyWithoutAnySettingPassesOnIsNotLetIn() throws IOException {
        assertThat(browser.exchange("HTTP/1.0", "/", "Host: 127.0.0.1:8080"))
                .startsWith("HTTP/1.1 401")
                .doesNotContain("secret mail");
    }

    @Test
    void nobodyIsLetInWhenItIsNotOpenOnLoopback() throws IOException {
        reopen(false);

        var answer = browser.get("/");

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate"))
                .contains("Basic realm=\"Dynosend mailbox\", charset=\"UTF-8\"");
        assertThat(answer.body()).doesNotContain("secret mail");
    }

    @Test
    void theRightPairIsLetIn() throws IOException {
        reopen(false);

        assertThat(signIn("ada@example.org:p\u00e4ss:word")).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ada@example.org:wrong", "ada@example.org", "ada\0@x.example:x", ":", ""})
    void aWrongPairIsRefused(String pair) throws IOException {
        reopen(false);

        assertThat(signIn(pair)).isEqualTo(401);
    }

    @Test
    void whatIsNoBasicSignInIsRefused() throws IOException {
        reopen(false);

        assertThat(browser.get("/", "Authorization", "Bearer x").statusCode()).isEqualTo(401);
        assertThat(browser.get("/", "Authorization", "Basic ***").statusCode()).isEqualTo(401);
    }

    @Test
    void whoTriesTooOftenIsToldHowLongToWait() throws IOException {
        reopen(false);

        var answer = browser.get("/", "Authorization", basic("guesser@example.org:x"));

        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(answer.headers().firstValue("Retry-After")).contains("900");
        assertThat(answer.body()).doesNotContain("secret mail");
    }

    private Browser open(boolean onLoopback) {
        var access = new MailboxAccess(onLoopback, this::signedIn, _ -> false);
        return new Browser(
                routes -> routes.get("/", access.guarding(ctx -> ctx.result("secret mail"))));
    }

    private void reopen(boolean onLoopback) {
        browser.close();
        browser = open(onLoopback);
    }

    private Answer signedIn(Context ctx, String email, String password) {
        if (email.startsWith("guesser")) return new Answer.TooOften();
        return email.equals("ada@example.org") && password.equals("p\u00e4ss:word")
                ? new Answer.Welcome(new Principal(1, 1, Role.OWNER))
                : new Answer.Wrong();
    }

    private int status(String... lines) throws IOException {
        return Integer.parseInt(browser.raw("/", lines).substring(9, 12));
    }

    private int signIn(String pair) throws IOException {
        return browser.get("/", "Authorization", basic(pair)).statusCode();
    }

    private static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));
    }
}
