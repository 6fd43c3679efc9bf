package io.dynosend.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthenticationTest {

    private static final Duration SHORT = Duration.ofMillis(500);
    private static final Timeouts TIMEOUTS = new Timeouts(SHORT, SHORT, SHORT, SHORT, SHORT);
    private static final Credentials PASSWORD = new Credentials("tim", "tanstaaftanstaaf");
    private static final Credentials TOKEN =
            new Credentials("tim", "ya29.vF9dft4qmTc2Nvb3RlckBh", true);

    private final ScriptedServer server = new ScriptedServer();

    @AfterEach
    void closeServer() throws Exception {
        server.close();
    }

    @Test
    void withPlainThePasswordIsSentAtOnce() {
        server.offering("AUTH LOGIN PLAIN").on("AUTH", "235 2.7.0 welcome");

        assertThat(open(PASSWORD).usable()).isTrue();
        assertThat(said()).endsWith("AUTH PLAIN " + base64("\0tim\0tanstaaftanstaaf") + "\n");
    }

    @Test
    void withLoginItIsSentWhenAskedFor() {
        server.offering("AUTH LOGIN")
                .on("AUTH", "334 VXNlcm5hbWU6")
                .on(base64("tim"), "334 UGFzc3dvcmQ6")
                .on(base64("tanstaaftanstaaf"), "235 welcome");

        assertThat(open(PASSWORD).usable()).isTrue();
        assertThat(said())
                .endsWith(
                        "AUTH LOGIN\n" + base64("tim") + "\n" + base64("tanstaaftanstaaf") + "\n");
    }

    // The example of RFC 2195 §2.
    @Test
    void withCramMd5ItIsNotSentAtAll() {
        String response = "dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw";
        server.offering("AUTH PLAIN CRAM-MD5")
                .on("AUTH", "334 PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+")
                .on(response, "235 welcome");

        assertThat(open(PASSWORD).usable()).isTrue();
        assertThat(said()).endsWith("AUTH CRAM-MD5\n" + response + "\n").doesNotContain("PLAIN");
    }

    @Test
    void aTokenIsForXoauth2Only() {
        server.offering("AUTH PLAIN XOAUTH2").on("AUTH", "235 welcome");

        assertThat(open(TOKEN).usable()).isTrue();
        assertThat(said())
                .endsWith(
                        "AUTH XOAUTH2 "
                                + base64("user=tim\1auth=Bearer ya29.vF9dft4qmTc2Nvb3RlckBh\1\1")
                                + "\n");
        server.offering("AUTH PLAIN");
        assertUnavailable(TOKEN, "offers none of AUTH XOAUTH2");
    }

    @Test
    void aTokenThatIsRefusedIsToldSo() {
        server.offering("AUTH XOAUTH2")
                .on("AUTH", "334 eyJzdGF0dXMiOiI0MDEifQ==")
                .on("", "535 5.7.8 expired");

        assertUnavailable(TOKEN, "535 5.7.8 expired");
    }

    @ParameterizedTest
    @ValueSource(strings = {"535 5.7.8 no", "454 4.7.0 later", "250 ok", "hang up", "334 more"})
    void whatIsNoWelcomeMakesTheRelayUnavailable(String reply) {
        server.offering("AUTH PLAIN").on("AUTH", reply);

        assertUnavailable(PASSWORD, "");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "535 no user tim with tanstaaftanstaaf",
                "500 what is AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm"
            })
    void aServerThatRepeatsThePasswordIsNotQuoted(String reply) {
        server.offering("AUTH PLAIN").on("AUTH", reply);

        assertUnavailable(PASSWORD, "(not shown)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"334 ***", "334", "235 welcome already"})
    void aChallengeThatIsNoneIsNotAnswered(String reply) {
        server.offering("AUTH CRAM-MD5").on("AUTH", reply);

        assertThatThrownBy(() -> open(PASSWORD)).isInstanceOf(RelayUnavailable.class);
    }

    @Test
    void whoOffersNothingGetsNoPassword() {
        server.offering("PIPELINING");

        assertUnavailable(PASSWORD, "offers none of AUTH CRAM-MD5, PLAIN, LOGIN");
        assertThat(said()).doesNotContain("AUTH");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "LOGIN", "CRAM-MD5"})
    void noPasswordGoesInClearToAnotherMachine(String mechanism) {
        server.offering("AUTH " + mechanism);

        assertThatThrownBy(() -> openAsIfElsewhere("smtp://tim:pw@mail.example.org"))
                .isInstanceOf(RelayUnavailable.class);
        assertThatThrownBy(() -> openAsIfElsewhere("smtp://localhost"))
                .isInstanceOf(RelayUnavailable.class)
                .hasMessageContaining("not encrypted");
        assertThat(said()).doesNotContain("AUTH");
    }

    @Test
    void unlessTheOperatorAllowsIt() throws Exception {
        server.offering("AUTH PLAIN").on("AUTH", "235 welcome");

        openAsIfElsewhere("smtp://localhost?options=auth-in-clear");

        assertThat(said()).contains("AUTH PLAIN");
    }

    /** As if the server were not on this machine. */
    private void openAsIfElsewhere(String url) throws Exception {
        var parsed = Relay.parse(url, "test");
        var relay =
                new Relay(
                        parsed.host(),
                        server.port(),
                        parsed.security(),
                        PASSWORD,
                        "test",
                        parsed.options());
        try (var channel =
                SocketChannel.open(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()))) {
            var wire = new Wire(new PlainTransport(channel), TIMEOUTS);
            var encryption = new Encryption(SSLContext.getDefault(), relay, false);
            new Opening(wire, relay, TIMEOUTS, encryption, Observer.NONE).run();
        }
    }

    private void assertUnavailable(Credentials credentials, String message) {
        assertThatThrownBy(() -> open(credentials))
                .isInstanceOfSatisfying(
                        RelayUnavailable.class, e -> assertThat(e.phase()).isEqualTo(Phase.AUTH))
                .hasMessageContaining(message)
                .hasMessageNotContaining(credentials.password());
    }

    private SmtpConnection open(Credentials credentials) {
        return SmtpConnection.open(
                new Relay("127.0.0.1", server.port(), Security.NONE, credentials, "test"),
                TIMEOUTS);
    }

    private String said() {
        return server.commands();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
