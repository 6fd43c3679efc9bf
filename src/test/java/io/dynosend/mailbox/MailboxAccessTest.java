package io.dynosend.mailbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.pages.Browser;
import java.io.IOException;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MailboxAccessTest {

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger checks = new AtomicInteger();
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
                "X-Forwarded-Host:"
            })
    void whatAProxyPassesOnIsNotLetIn(String header) throws IOException {
        assertThat(status("Host: localhost", header)).isEqualTo(401);
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
    void theRightPairIsLetInAndCheckedOnceInTenMinutes() throws IOException {
        reopen(false);

        assertThat(signIn("ada@example.org:p\u00e4ss:word")).isEqualTo(200);
        assertThat(signIn("ada@example.org:p\u00e4ss:word")).isEqualTo(200);
        assertThat(checks).hasValue(1);

        nanos.addAndGet(Duration.ofMinutes(11).toNanos());
        assertThat(signIn("ada@example.org:p\u00e4ss:word")).isEqualTo(200);
        assertThat(checks).hasValue(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ada@example.org:wrong", "ada@example.org", ":", ""})
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
    void theEleventhWrongGuessInAMinuteIsNotEvenChecked() throws IOException {
        reopen(false);
        for (int i = 0; i < 10; i++) assertThat(signIn("ada@example.org:" + i)).isEqualTo(401);

        var answer = browser.get("/", "Authorization", basic("ada@example.org:p\u00e4ss:word"));

        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(answer.headers().firstValue("Retry-After")).contains("60");
        assertThat(checks).hasValue(10);

        nanos.addAndGet(Duration.ofSeconds(61).toNanos());
        assertThat(signIn("ada@example.org:p\u00e4ss:word")).isEqualTo(200);
    }

    @Test
    void rightSignInsDoNotCountAsGuesses() throws IOException {
        reopen(false);
        for (int i = 0; i < 20; i++) {
            nanos.addAndGet(Duration.ofMinutes(10).toNanos());
            assertThat(signIn("ada@example.org:p\u00e4ss:word")).isEqualTo(200);
        }
    }

    private Browser open(boolean onLoopback) {
        var access = new MailboxAccess(onLoopback, this::isRight, nanos::get);
        return new Browser(
                routes -> routes.get("/", access.guarding(ctx -> ctx.result("secret mail"))));
    }

    private void reopen(boolean onLoopback) {
        browser.close();
        browser = open(onLoopback);
    }

    private boolean isRight(String email, String password) {
        checks.incrementAndGet();
        return email.equals("ada@example.org") && password.equals("p\u00e4ss:word");
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
