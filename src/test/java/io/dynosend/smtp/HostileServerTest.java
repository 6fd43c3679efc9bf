package io.dynosend.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynosend.smtp.Handover.Lost;
import io.dynosend.smtp.Handover.Ready;
import io.dynosend.smtp.Handover.Refused;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostileServerTest {

    private static final Envelope ENVELOPE =
            new Envelope("me@example.org", "ada@example.org", false);
    private static final Duration SHORT = Duration.ofMillis(500);
    private static final Timeouts TIMEOUTS = new Timeouts(SHORT, SHORT, SHORT, SHORT, SHORT);

    private final ScriptedServer server = new ScriptedServer();

    @AfterEach
    void closeServer() throws Exception {
        server.close();
    }

    static Stream<String> noReplies() {
        return Stream.of(
                "250-" + "x".repeat(10_000_000),
                "250-x\r\n".repeat(100_000),
                "250 " + "x".repeat(10_000_000),
                "2".repeat(1_000_000),
                "",
                "\0\0\0",
                "25",
                "2x0 ok",
                "250_ok",
                "150 preliminary",
                "650 ok",
                "250-one\r\n251 two",
                "HTTP/1.1 200 OK",
                ScriptedServer.DRIP,
                ScriptedServer.SILENCE,
                ScriptedServer.HANG_UP);
    }

    @ParameterizedTest
    @MethodSource("noReplies")
    void whatIsNoReplyToACommandLosesTheConnection(String reply) {
        server.on("MAIL", reply);
        var connection = open();

        assertThat(connection.hand(ENVELOPE, message("a"))).isInstanceOf(Lost.class);
        assertThat(connection.usable()).isFalse();
        assertThat(server.messages()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("noReplies")
    void whatIsNoReplyToTheDotIsNoAnswer(String reply) {
        server.on(".", reply);
        var connection = open();
        connection.hand(ENVELOPE, message("a"));

        assertThat(connection.finish())
                .isInstanceOfSatisfying(
                        Answer.Unanswered.class,
                        unanswered ->
                                assertThat(unanswered.cause()).isNotBlank().hasSizeLessThan(600));
        assertThat(connection.usable()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("noReplies")
    void whatIsNoGreetingMakesTheRelayUnavailable(String reply) {
        server.on("connect", reply);

        assertThatThrownBy(this::open)
                .isInstanceOfSatisfying(
                        RelayUnavailable.class,
                        e -> assertThat(e.phase()).isEqualTo(Phase.GREETING));
    }

    @Test
    void aReplyThatDripsIsGivenAsLongAsAnyOther() {
        server.on("MAIL", ScriptedServer.DRIP);

        assertThat(open().hand(ENVELOPE, message("a")))
                .isEqualTo(new Lost(Phase.MAIL, "the server did not answer in time"));
    }

    @Test
    void whatATextHoldsIsFitToBeShown() {
        server.on("RCPT", "550 5.1.1 \0\u001b[31m<script>\u00e9\u007f" + "x".repeat(1_000));
        server.on("DATA", "503 no");

        var refused = (Refused) open().hand(ENVELOPE, message("a"));

        assertThat(refused.reply().enhanced()).isEqualTo("5.1.1");
        assertThat(refused.reply().text())
                .startsWith("??[31m<script>??xxx")
                .hasSizeBetween(480, 500)
                .matches("[ -~]*");
    }

    @Test
    void anEnhancedCodeOfEachLineIsToldOnce() {
        server.on("RCPT", "550-5.7.1 We do not\r\n550-5.7.1 want this\r\n550 5.7.1 at all");
        server.on("DATA", "503 no");

        assertThat(open().hand(ENVELOPE, message("a")))
                .isEqualTo(
                        new Refused(
                                Phase.RCPT,
                                new Reply(550, "5.7.1", "We do not\nwant this\nat all")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"550", "550 ", "550 5.1", "550 5.1.x no", "550 5.1.1111 no", "550 9.1.1 no"})
    void aReplyNeedsNoEnhancedCode(String reply) {
        server.on("RCPT", reply).on("DATA", "503 no");

        var refused = (Refused) open().hand(ENVELOPE, message("a"));

        assertThat(refused.reply().code()).isEqualTo(550);
        assertThat(refused.reply().enhanced()).isNull();
        assertThat(refused.reply().text()).isEqualTo(reply.substring(Math.min(4, reply.length())));
    }

    @Test
    void whatALongOfferEndsWithCountsToo() {
        var offers = new String[200];
        for (int i = 0; i < offers.length; i++) offers[i] = "X-EXTENSION-" + i;
        offers[offers.length - 1] = "chunking";
        server.offering(offers);

        assertThat(open().chunking()).isTrue();
    }

    @Test
    void aServerThatStopsReadingIsGivenUp() {
        server.offering("PIPELINING", "CHUNKING").thenStopReadingAfterEnvelope();

        var handover = open().hand(ENVELOPE, message("a line\r\n".repeat(5_000_000)));

        assertThat(handover).isEqualTo(new Lost(Phase.MAIL, "the server has stopped reading"));
    }

    @Test
    void aMessageThatIsTooBigIsRefusedHere() {
        server.offering("SIZE 1000", "PIPELINING");
        var connection = open();

        var refused = connection.hand(ENVELOPE, message("x".repeat(999)));

        assertThat(refused)
                .isEqualTo(
                        new Refused(
                                Phase.MAIL,
                                new Reply(
                                        552, "5.3.4", "the relay takes no message of 1001 bytes")));
        assertThat(server.commands()).doesNotContain("MAIL");
        assertThat(connection.hand(ENVELOPE, message("x".repeat(998)))).isEqualTo(new Ready());
        assertThat(server.commands()).contains("MAIL FROM:<me@example.org> SIZE=1000\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SIZE", "SIZE 0", "SIZE x", "SIZE 99999999999999999999999"})
    void aLimitThatSaysNothingLimitsNothing(String size) {
        server.offering(size, "PIPELINING");

        assertThat(open().hand(ENVELOPE, message("x".repeat(100_000)))).isEqualTo(new Ready());
    }

    private SmtpConnection open() {
        return SmtpConnection.open(
                Relay.parse("smtp://127.0.0.1:" + server.port(), "test"), TIMEOUTS);
    }

    private static byte[] message(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
