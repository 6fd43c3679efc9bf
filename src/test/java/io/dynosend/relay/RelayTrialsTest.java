package io.dynosend.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynosend.DatabaseTest;
import io.dynosend.common.EmailAddress;
import io.dynosend.common.Problem.BadInput;
import io.dynosend.common.Problem.Conflict;
import io.dynosend.relay.RelayTrials.Outcome;
import io.dynosend.relay.RelayTrials.Step;
import io.dynosend.smtp.Certificates;
import io.dynosend.smtp.Credentials;
import io.dynosend.smtp.ScriptedServer;
import io.dynosend.smtp.Security;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RelayTrialsTest extends DatabaseTest {

    private static final EmailAddress FROM = new EmailAddress("news@shop.example");
    private static final EmailAddress TO = new EmailAddress("ada@reader.example");
    private static final Credentials PASSWORD = new Credentials("shop", "open sesame");
    private static final Duration LONG = Duration.ofSeconds(20);

    private final ScriptedServer server = new ScriptedServer();
    private final Certificates certificates = new Certificates();
    private final long account = holder(newAccount()).account();

    @AfterEach
    void closeServer() throws Exception {
        server.close();
    }

    @Test
    void whatGoesWellIsToldStepByStepAndTheMessageArrives() throws Exception {
        server.offering("STARTTLS", "AUTH PLAIN", "SIZE 1000000")
                .on("STARTTLS", "220 go")
                .on("AUTH", "235 welcome")
                .identifiedBy(certificates.valid("localhost"));

        var steps = send(Security.STARTTLS, PASSWORD);

        assertThat(steps)
                .extracting(Step::name)
                .containsExactly(
                        "Look up the server",
                        "Connect",
                        "Greeting",
                        "Introduce ourselves (EHLO)",
                        "Encrypt (TLS)",
                        "Introduce ourselves (EHLO)",
                        "Sign in (AUTH)",
                        "Sender (MAIL FROM)",
                        "Recipient (RCPT TO)",
                        "Message (DATA)",
                        "Final answer",
                        "Goodbye (QUIT)");
        assertThat(steps).allMatch(step -> step.outcome() == Outcome.OK);
        assertThat(detail(steps, "Look up the server")).contains("127.0.0.1");
        assertThat(detail(steps, "Introduce ourselves (EHLO)"))
                .isEqualTo("offers STARTTLS, AUTH PLAIN, SIZE 1000000");
        assertThat(detail(steps, "Encrypt (TLS)"))
                .startsWith("TLS 1.3, certificate of localhost, valid until ");
        assertThat(detail(steps, "Sign in (AUTH)")).isEqualTo("accepted, by PLAIN");
        assertThat(detail(steps, "Final answer")).isEqualTo("250 2.0.0 taken");
        assertThat(server.messages())
                .singleElement()
                .asString()
                .contains(
                        "From: news@shop.example\r\n",
                        "To: ada@reader.example\r\n",
                        "X-Signed: news@shop.example\r\n");
        assertThat(steps.toString()).doesNotContain("sesame");
    }

    @Test
    void whatIsNotNeededIsSkipped() throws Exception {
        var steps = send(Security.STARTTLS_IF_OFFERED, null);

        assertThat(outcome(steps, "Encrypt (TLS)")).isEqualTo(Outcome.SKIPPED);
        assertThat(outcome(steps, "Sign in (AUTH)")).isEqualTo(Outcome.SKIPPED);
        assertThat(outcome(steps, "Goodbye (QUIT)")).isEqualTo(Outcome.OK);
    }

    @Test
    void tlsFromTheFirstByteComesBeforeTheGreeting() throws Exception {
        server.offering("AUTH PLAIN")
                .on("AUTH", "235 welcome")
                .encryptedAs(certificates.valid("localhost"));

        var steps = send(Security.TLS, PASSWORD);

        assertThat(steps)
                .extracting(Step::name)
                .startsWith("Look up the server", "Connect", "Encrypt (TLS)", "Greeting");
        assertThat(steps).allMatch(step -> step.outcome() == Outcome.OK);
    }

    @ParameterizedTest
    @CsvSource({
        "connect, 554 go away, Greeting, 3, host and port",
        "connect, HTTP/1.1 400 Bad Request, Greeting, 3, host and port",
        "EHLO, 421 not now, Introduce ourselves (EHLO), 4, name that we introduce",
        "MAIL, 550 5.7.1 not verified, Sender (MAIL FROM), 7, Verify the address",
        "MAIL, 530 sign in first, Sender (MAIL FROM), 7, user and a password",
        "RCPT, 554 5.7.1 relay access denied, Recipient (RCPT TO), 8, this server's address",
        "RCPT, 450 4.2.0 greylisted, Recipient (RCPT TO), 8, passes nothing on",
        "DATA, 451 disk full, Message (DATA), 9, Its answer",
        "., 554 5.7.0 spam, Final answer, 10, Its answer",
        "., hang up, Final answer, 10, may have arrived",
    })
    void itStopsWhereItFails(String at, String reply, String step, int place, String advice)
            throws Exception {
        server.on(at, reply);

        var steps = send(Security.STARTTLS_IF_OFFERED, null);

        var failed = steps.get(place - 1);
        assertThat(failed.name()).isEqualTo(step);
        assertThat(failed.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(failed.advice()).contains(advice);
        assertThat(steps.subList(place, steps.size()))
                .isNotEmpty()
                .allMatch(later -> later.outcome() == Outcome.SKIPPED);
        if (reply.startsWith("5")) assertThat(failed.detail()).isEqualTo(reply);
    }

    @Test
    void aWrongPasswordIsToldWithoutIt() throws Exception {
        server.offering("STARTTLS", "AUTH PLAIN")
                .on("STARTTLS", "220 go")
                .on("AUTH", "535 5.7.8 no user shop with open sesame")
                .identifiedBy(certificates.valid("localhost"));

        var steps = send(Security.STARTTLS, PASSWORD);

        assertThat(outcome(steps, "Sign in (AUTH)")).isEqualTo(Outcome.FAILED);
        assertThat(detail(steps, "Sign in (AUTH)")).isEqualTo("535 5.7.8 (not shown)");
        assertThat(advice(steps, "Sign in (AUTH)")).contains("app password");
        assertThat(server.messages()).isEmpty();
    }

    @Test
    void withoutStarttlsNoPasswordIsSent() throws Exception {
        server.offering("AUTH PLAIN").on("AUTH", "235 welcome");

        var steps = send(Security.STARTTLS, PASSWORD);

        assertThat(outcome(steps, "Encrypt (TLS)")).isEqualTo(Outcome.FAILED);
        assertThat(advice(steps, "Encrypt (TLS)")).contains("465");
        assertThat(server.commands()).doesNotContain("AUTH");
    }

    @Test
    void aCertificateOfSomebodyElseEndsIt() throws Exception {
        server.offering("STARTTLS", "AUTH PLAIN")
                .on("STARTTLS", "220 go")
                .identifiedBy(certificates.valid("other.example"));

        var steps = send(Security.STARTTLS, PASSWORD);

        assertThat(outcome(steps, "Encrypt (TLS)")).isEqualTo(Outcome.FAILED);
        assertThat(advice(steps, "Encrypt (TLS)")).contains("certificate");
        assertThat(server.commands()).doesNotContain("AUTH");
    }

    @Test
    void whereNobodyListensTheConnectionFails() throws Exception {
        int port;
        try (var closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }

        var steps =
                trials(port, LONG, null)
                        .send(account, settings(port, Security.NONE, null), FROM, TO);

        assertThat(steps.get(1).name()).isEqualTo("Connect");
        assertThat(steps.get(1).outcome()).isEqualTo(Outcome.FAILED);
        assertThat(steps.get(1).advice()).contains("port " + port);
    }

    @Test
    void aNameThatLeadsToThisMachineIsNotDialled() throws Exception {
        var steps =
                trials(1, LONG, null).send(account, settings(2525, Security.NONE, null), FROM, TO);

        var lookup = steps.getFirst();
        assertThat(lookup.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(lookup.detail()).isEqualTo("its address is not allowed");
        assertThat(lookup.advice()).contains("private network", "DYNOSEND_RELAY_HOSTS");
        assertThat(steps.get(1).outcome()).isEqualTo(Outcome.SKIPPED);
    }

    @Test
    void aPortThatIsNotOfMailIsNotTried() {
        assertThatThrownBy(() ->
                        trials(1, LONG, null)
                                .send(account, settings(5432, Security.NONE, null), FROM, TO))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("port");
    }

    @ParameterizedTest
    @CsvSource({"connect, Greeting", "RCPT, Recipient (RCPT TO)"})
    void whoDoesNotAnswerIsNotWaitedForLong(String at, String step) throws Exception {
        server.withoutPipelining().on(at, ScriptedServer.SILENCE);
        var trials = trials(server.port(), Duration.ofMillis(300), null);

        var steps =
                trials.send(
                        account,
                        settings(server.port(), Security.STARTTLS_IF_OFFERED, null),
                        FROM,
                        TO);

        assertThat(outcome(steps, step)).isEqualTo(Outcome.FAILED);
        assertThat(detail(steps, step)).contains("took longer");
    }

    @Test
    void whatIsAnsweredHoldsNoControlsAndIsCut() throws Exception {
        server.on("RCPT", "550-no\r\n550-\u001b[31m<script>\r\n550 " + "x".repeat(5_000));

        var steps = send(Security.STARTTLS_IF_OFFERED, null);

        assertThat(detail(steps, "Recipient (RCPT TO)"))
                .startsWith("550 no ?[31m<script> xxx")
                .hasSizeLessThan(310);
    }

    @Test
    void anAccountTriesSoOftenAndNoMoreForAWhile() throws Exception {
        server.on("connect", "554 go away");
        for (int i = 0; i < RelayTrials.MOST; i++) send(Security.STARTTLS_IF_OFFERED, null);

        assertThatThrownBy(() -> send(Security.STARTTLS_IF_OFFERED, null))
                .isInstanceOf(Conflict.class)
                .hasMessageContaining("try again later");

        clock.advance(RelayTrials.WINDOW);
        assertThat(send(Security.STARTTLS_IF_OFFERED, null)).isNotEmpty();
    }

    private List<Step> send(Security security, @Nullable Credentials credentials) throws Exception {
        return trials(server.port(), LONG, certificates.trust())
                .send(account, settings(server.port(), security, credentials), FROM, TO);
    }

    private static RelayTrials trials(
            int allowedPort, Duration patience, @Nullable SSLContext authorities) {
        return new RelayTrials(
                jdbi,
                clock,
                new RelayAddresses(Set.of("localhost:" + allowedPort)),
                (_, from, message, _) ->
                        ("X-Signed: " + from.value() + "\r\n" + new String(message, UTF_8))
                                .getBytes(UTF_8),
                "test",
                patience,
                authorities);
    }

    private static RelaySettings settings(
            int port, Security security, @Nullable Credentials credentials) {
        return new RelaySettings(
                "Test", "localhost", port, security, credentials, null, 1, RelayLimits.NONE);
    }

    private static Step step(List<Step> steps, String name) {
        return steps.stream().filter(step -> step.name().equals(name)).findFirst().orElseThrow();
    }

    private static Outcome outcome(List<Step> steps, String name) {
        return step(steps, name).outcome();
    }

    private static String detail(List<Step> steps, String name) {
        return step(steps, name).detail();
    }

    private static String advice(List<Step> steps, String name) {
        return step(steps, name).advice();
    }
}
