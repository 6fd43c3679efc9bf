package io.dynosend.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynosend.Await;
import io.dynosend.smtp.Handover.Ready;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EncryptionTest {

    private static final String HOST = "localhost";
    private static final Envelope ENVELOPE =
            new Envelope("me@example.org", "ada@example.org", false);
    private static final Duration SHORT = Duration.ofSeconds(5);
    private static final Timeouts TIMEOUTS = new Timeouts(SHORT, SHORT, SHORT, SHORT, SHORT);
    private static final Credentials CREDENTIALS = new Credentials("me", "secret");
    private static final String SIGNED_IN = "AUTH PLAIN AG1lAHNlY3JldA==\n";

    private final Certificates certificates = new Certificates();
    private final ScriptedServer server =
            new ScriptedServer()
                    .offering("PIPELINING", "STARTTLS", "CHUNKING", "AUTH PLAIN")
                    .on("STARTTLS", "220 go")
                    .on("AUTH", "235 welcome");

    @AfterEach
    void closeServer() throws Exception {
        server.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = Security.class,
            names = {"STARTTLS", "TLS"})
    void aServerThatShowsAValidCertificateIsTrusted(Security security) throws Exception {
        identify(security, certificates.valid(HOST));

        try (var connection = open(security)) {
            for (int i = 0; i < 3; i++) {
                assertThat(connection.hand(ENVELOPE, message(100_000))).isEqualTo(new Ready());
                assertThat(connection.finish()).isInstanceOf(Answer.Accepted.class);
            }
        }

        assertThat(server.messages()).hasSize(3).allMatch(m -> m.length() == 100_002);
        assertThat(server.commands()).contains(SIGNED_IN);
    }

    @ParameterizedTest
    @EnumSource(
            value = Security.class,
            names = {"STARTTLS", "TLS"})
    void anExpiredCertificateIsRefused(Security security) throws Exception {
        identify(security, certificates.expired(HOST));

        assertRefusedWithoutPassword("validity check failed", () -> open(security));
    }

    @ParameterizedTest
    @EnumSource(
            value = Security.class,
            names = {"STARTTLS", "TLS"})
    void theCertificateOfAnotherHostIsRefused(Security security) throws Exception {
        identify(security, certificates.valid("mail.example.org"));

        assertRefusedWithoutPassword("name matching localhost", () -> open(security));
    }

    @ParameterizedTest
    @EnumSource(
            value = Security.class,
            names = {"STARTTLS", "TLS"})
    void aSelfSignedCertificateIsRefused(Security security) throws Exception {
        identify(security, certificates.selfSigned(HOST));

        assertRefusedWithoutPassword("unable to find valid", () -> open(security));
    }

    @Test
    void whereNobodyIsInBetweenASelfSignedCertificateWillDo() throws Exception {
        identify(Security.STARTTLS, certificates.selfSigned("snakeoil"));

        try (var connection = open(Security.STARTTLS_IF_OFFERED)) {
            assertThat(connection.hand(ENVELOPE, message(10))).isEqualTo(new Ready());
        }
    }

    @Test
    void aServerThatLostItsStartTlsOnTheWayGetsNoPassword() {
        server.offering("PIPELINING", "AUTH PLAIN");

        assertRefusedWithoutPassword("", () -> open(Security.STARTTLS));
    }

    @ParameterizedTest
    @ValueSource(strings = {"454 not now", "501 what?", "250 yes, in clear"})
    void aServerThatDoesNotGoOnWithStartTlsGetsNoPassword(String reply) {
        server.on("STARTTLS", reply);

        assertRefusedWithoutPassword("", () -> open(Security.STARTTLS));
        assertRefusedWithoutPassword("", () -> open(Security.STARTTLS_IF_OFFERED));
    }

    @ParameterizedTest
    @ValueSource(strings = {"220 go\r\n250 injected", "220 go\r\n235 welcome\r\n250 ok"})
    void whatIsInjectedBeforeTheHandshakeEndsTheConnection(String reply) throws Exception {
        server.identifiedBy(certificates.valid(HOST)).on("STARTTLS", reply);

        assertRefusedWithoutPassword("", () -> open(Security.STARTTLS));
    }

    @Test
    void whatWasOfferedInClearCountsForNothingOnceEncrypted() throws Exception {
        server.identifiedBy(certificates.valid(HOST))
                .on("EHLO", "250-here\r\n250-STARTTLS\r\n250 AUTH PLAIN", "250-here\r\n250 SIZE 5");

        assertThatThrownBy(() -> open(Security.STARTTLS))
                .isInstanceOf(RelayUnavailable.class)
                .hasMessageContaining("offers none of AUTH");
        assertThat(server.commands()).doesNotContain("AUTH");
    }

    @Test
    void aServerThatSpeaksInClearWhereTlsIsDueIsUnavailable() {
        assertRefusedWithoutPassword("", () -> open(Security.TLS));
    }

    @Test
    void anEncryptedServerThatIsGoneIsFoundOutBeforeTheDot() throws Exception {
        identify(Security.TLS, certificates.valid(HOST));
        server.on("BDAT", ScriptedServer.AND_HANG_UP + "250 ok");

        var connection = open(Security.TLS);
        var handover = connection.hand(ENVELOPE, message(10));

        // It may hang up a moment too late for the one look, but not for the other.
        if (handover instanceof Ready) {
            Await.until("it has hung up", SHORT, server::isIdle);
            assertThat(connection.finish()).isInstanceOf(Answer.Unsent.class);
        }
        assertThat(server.messages()).isEmpty();
    }

    private void identify(Security security, SSLContext identity) {
        if (security == Security.TLS) server.encryptedAs(identity);
        else server.identifiedBy(identity);
    }

    private SmtpConnection open(Security security) throws Exception {
        var relay = new Relay(HOST, server.port(), security, CREDENTIALS, "test");
        return new Dialer(TIMEOUTS, _ -> true, certificates.trust()).open(relay);
    }

    private void assertRefusedWithoutPassword(String reason, ThrowingCallable open) {
        assertThatThrownBy(open)
                .isInstanceOfSatisfying(
                        RelayUnavailable.class, e -> assertThat(e.phase()).isEqualTo(Phase.TLS))
                .hasMessageContaining(reason)
                .hasMessageNotContaining("secret");
        assertThat(server.commands()).doesNotContain("AUTH").doesNotContain("AG1l");
    }

    private static byte[] message(int length) {
        return "x".repeat(length).getBytes(StandardCharsets.US_ASCII);
    }
}
