package io.dynosend.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynosend.Await;
import io.dynosend.smtp.Handover.Deferred;
import io.dynosend.smtp.Handover.Lost;
import io.dynosend.smtp.Handover.Ready;
import io.dynosend.smtp.Handover.Refused;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SmtpConnectionTest {

    private static final Envelope ENVELOPE =
            new Envelope("me@example.org", "ada@example.org", false);
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Timeouts TIMEOUTS = new Timeouts(SHORT, SHORT, SHORT, SHORT, SHORT);

    private final ScriptedServer server = new ScriptedServer();

    @AfterEach
    void closeServer() throws Exception {
        server.close();
    }

    @Test
    void aMessageIsTakenOnlyWithItsDot() {
        var connection = open();

        assertThat(connection.hand(ENVELOPE, message("Hello"))).isEqualTo(new Ready());
        assertThat(server.messages()).isEmpty();

        assertThat(connection.finish())
                .isEqualTo(new Answer.Accepted(new Reply(250, "2.0.0", "taken")));
        assertThat(server.messages()).containsExactly("Hello\r\n.\r\n");
    }

    @Test
    void anAddressBeyondAsciiIsSentWhereTheServerTakesIt() {
        server.on("EHLO", "250-here\r\n250-8BITMIME\r\n250-PIPELINING\r\n250 SMTPUTF8");
        var envelope = new Envelope("news@example.com", "jörg@example.org", true);

        var handover = open().hand(envelope, message("To: jörg@example.org"));

        assertThat(handover).isEqualTo(new Ready());
        assertThat(server.commands())
                .contains("MAIL FROM:<news@example.com> BODY=8BITMIME SMTPUTF8\n");
    }

    @Test
    void anAddressBeyondAsciiIsRefusedWithAReasonWhereTheServerDoesNot() {
        var connection = open();
        var envelope = new Envelope("news@example.com", "jörg@example.org", true);

        var handover = connection.hand(envelope, message("To: jörg@example.org"));

        assertThat(handover)
                .isEqualTo(
                        new Refused(
                                Phase.MAIL,
                                new Reply(
                                        553,
                                        "5.6.7",
                                        "the relay takes no addresses beyond ASCII (SMTPUTF8)")));
        assertThat(server.commands()).doesNotContain("MAIL");
        assertThat(connection.hand(ENVELOPE, message("Next"))).isEqualTo(new Ready());
    }

    @Test
    void manyMessagesGoOverOneConnection() {
        var connection = open();

        for (int i = 0; i < 3; i++) {
            connection.hand(ENVELOPE, message("Hello " + i));
            connection.finish();
        }
        connection.close();

        assertThat(server.messages()).hasSize(3);
        Await.until(
                "it says goodbye",
                Duration.ofSeconds(5),
                () -> server.commands().endsWith("QUIT\n"));
        assertThat(server.commands()).containsOnlyOnce("EHLO").doesNotContain("RSET");
    }

    @ParameterizedTest
    @CsvSource({
        "MAIL, true",
        "RCPT, true",
        "DATA, true",
        "MAIL, false",
        "RCPT, false",
        "DATA, false"
    })
    void aRefusalSaysItsPhaseAndTheNextMessageGoesThrough(Phase phase, boolean pipelining) {
        if (!pipelining) server.withoutPipelining();
        refuseFrom(phase, "550 5.1.1 no such user");
        var connection = open();

        var refused = connection.hand(ENVELOPE, message("Hello"));

        assertThat(refused).isEqualTo(new Refused(phase, new Reply(550, "5.1.1", "no such user")));
        assertThat(connection.usable()).isTrue();
        assertThat(connection.hand(ENVELOPE, message("Next"))).isEqualTo(new Ready());
        connection.finish();
        assertThat(server.messages()).containsExactly("Next\r\n.\r\n");
    }

    @Test
    void aRecipientWhoIsRefusedGetsNoMessageEvenIfTheServerAsksForOne() {
        server.on("RCPT", "550 no");
        var connection = open();

        assertThat(connection.hand(ENVELOPE, message("Hello"))).isInstanceOf(Refused.class);
        connection.close();

        assertThat(connection.usable()).isFalse();
        assertThat(server.messages()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"MAIL", "RCPT", "DATA"})
    void aTemporaryRefusalIsDeferred(String command) {
        refuseFrom(Phase.valueOf(command), "451 4.7.1 later");

        assertThat(open().hand(ENVELOPE, message("Hello"))).isInstanceOf(Deferred.class);
    }

    @Test
    void aServerThatShutsDownIsNotUsedAgain() {
        server.withoutPipelining().on("MAIL", "421 4.3.2 closing");
        var connection = open();

        assertThat(connection.hand(ENVELOPE, message("Hello"))).isInstanceOf(Deferred.class);
        assertThat(connection.usable()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "MAIL, hang up", "RCPT, hang up", "DATA, hang up",
        "MAIL, silence", "RCPT, silence", "DATA, silence",
        "MAIL, this is no SMTP", "MAIL, 999 what"
    })
    void aConnectionThatBreaksBeforeTheDotIsLostAndNothingWasSent(Phase phase, String reply) {
        server.withoutPipelining().on(phase.name(), reply);
        var connection = open();

        var lost = connection.hand(ENVELOPE, message("Hello"));

        assertThat(lost).isInstanceOf(Lost.class);
        assertThat(((Lost) lost).phase()).isEqualTo(phase);
        assertThat(connection.usable()).isFalse();
        assertThat(server.messages()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"hang up", "silence", "this is no SMTP", "354 more"})
    void aDotWithoutAProperAnswerIsUnanswered(String reply) {
        server.on(".", reply);
        var connection = open();
        connection.hand(ENVELOPE, message("Hello"));

        assertThat(connection.finish()).isInstanceOf(Answer.Unanswered.class);
        assertThat(connection.usable()).isFalse();
    }

    @Test
    void theAnswerToTheDotDecides() {
        server.on(".", "554 5.7.1 spam", "452 4.2.2 full", "250 ok");
        var connection = open();

        connection.hand(ENVELOPE, message("a"));
        assertThat(connection.finish()).isInstanceOf(Answer.Refused.class);
        connection.hand(ENVELOPE, message("b"));
        assertThat(connection.finish()).isInstanceOf(Answer.Deferred.class);
        connection.hand(ENVELOPE, message("c"));
        assertThat(connection.finish()).isInstanceOf(Answer.Accepted.class);
    }

    @Test
    void hangingUpInTheMiddleCompletesNothing() {
        var connection = open();
        connection.hand(ENVELOPE, message("Hello"));

        connection.close();

        assertThat(server.messages()).isEmpty();
        assertThat(server.commands()).doesNotContain("QUIT");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a                    | a<CRLF>",
                ".a<CRLF>.<CRLF>..    | ..a<CRLF>..<CRLF>...<CRLF>",
                "a<LF>.<CRLF>b        | a<CRLF>..<CRLF>b<CRLF>",
                "a<CR>.<CR>b          | a<CRLF>..<CRLF>b<CRLF>",
                "a<LF>.<LF>MAIL FROM:<x@y> | a<CRLF>..<CRLF>MAIL FROM:<x@y><CRLF>",
                "a<NUL>b<CRLF>        | ab<CRLF>",
            })
    void noContentEndsAMessageEarly(String content, String onTheWire) {
        var connection = open();

        connection.hand(ENVELOPE, message(bytes(content)));
        connection.finish();

        assertThat(server.messages()).containsExactly(bytes(onTheWire) + ".\r\n");
    }

    @Test
    void highBytesAreAnnounced() {
        var connection = open();

        connection.hand(ENVELOPE, "Grüße".getBytes(StandardCharsets.UTF_8));

        assertThat(server.commands()).contains("MAIL FROM:<me@example.org> BODY=8BITMIME\n");
    }

    @Test
    void anAddressBeyondAsciiIsRefusedHereWhereTheServerCannotTakeIt() {
        var refused =
                open().hand(
                                new Envelope("me@example.org", "jürgen@example.org", true),
                                message("a"));

        assertThat(((Refused) refused).phase()).isEqualTo(Phase.MAIL);
        assertThat(server.commands()).doesNotContain("MAIL");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nRCPT TO:<x>@b", "a b@c", "a@b>", "<a@b", "a\u0000@b", "a@b\n"})
    void anAddressThatCouldEndACommandIsNone(String address) {
        assertThatThrownBy(() -> new Envelope("me@example.org", address, false))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anEndlessAnswerIsLost() {
        server.withoutPipelining().on("MAIL", "250-" + "x".repeat(100_000));

        assertThat(open().hand(ENVELOPE, message("a"))).isInstanceOf(Lost.class);
    }

    @Test
    void anAnswerToTheDotMayBeLongerThanAnybodyReads() {
        server.on(
                ".",
                "250-" + "x".repeat(10_000) + "\r\n" + "250-y\r\n".repeat(500) + "250 z",
                "550 " + "x".repeat(10_000));
        var connection = open();

        connection.hand(ENVELOPE, message("a"));
        assertThat(connection.finish()).isInstanceOf(Answer.Accepted.class);
        connection.hand(ENVELOPE, message("b"));
        assertThat(connection.finish()).isInstanceOf(Answer.Refused.class);
    }

    @Test
    void aServerThatHangsUpInsideTheBodyIsFoundOutBeforeTheDot() {
        server.on("DATA", "354 go on\r\n421 or rather not");
        assertThat(open().hand(ENVELOPE, message("a"))).isInstanceOf(Lost.class);

        server.on("DATA", "354 go on").thenHangUpAfterData();
        // It may hang up a moment too late to be noticed.
        Await.until(
                "it is found out",
                Duration.ofSeconds(10),
                () -> open().hand(ENVELOPE, message("a")) instanceof Lost);
    }

    @Test
    void aServerThatStopsReadingIsGivenUp() {
        server.thenStopReadingAfterData();

        var handover = open().hand(ENVELOPE, message("a line\r\n".repeat(5_000_000)));

        assertThat(handover)
                .isInstanceOfSatisfying(
                        Lost.class, lost -> assertThat(lost.cause()).contains("stopped reading"));
    }

    @Test
    void aServerThatHungUpWhileIdleIsLostBeforeAnythingIsSent() {
        server.on(".", "250 ok\r\n421 idle too long");
        var connection = open();
        connection.hand(ENVELOPE, message("a"));
        connection.finish();

        var next = connection.hand(ENVELOPE, message("b"));

        assertThat(next).isInstanceOfAny(Lost.class, Deferred.class);
        assertThat(server.messages()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "connect, 554 go away, GREETING",
        "connect, hang up, GREETING",
        "EHLO, 550 no, GREETING"
    })
    void aRelayThatTakesNoConnectionIsUnavailable(String command, String reply, Phase phase) {
        server.on(command, reply);

        assertThatThrownBy(this::open)
                .isInstanceOfSatisfying(
                        RelayUnavailable.class, e -> assertThat(e.phase()).isEqualTo(phase));
    }

    @Test
    void aPasswordIsSentToThisMachineOnly() {
        server.on("EHLO", "250-here\r\n250 AUTH PLAIN LOGIN").on("AUTH", "235 welcome");
        var signedIn =
                SmtpConnection.open(
                        Relay.parse("smtp://me:secret@127.0.0.1:" + server.port(), "test"),
                        TIMEOUTS);
        assertThat(signedIn.usable()).isTrue();
        assertThat(server.commands()).contains("AUTH PLAIN AG1lAHNlY3JldA==\n");

        var elsewhere =
                new Relay(
                        "127.0.0.1",
                        server.port(),
                        Relay.parse("smtp://me:secret@mail.example.org", "test").security(),
                        new Credentials("me", "secret"),
                        "test");
        assertThatThrownBy(() -> SmtpConnection.open(elsewhere, TIMEOUTS))
                .isInstanceOf(RelayUnavailable.class)
                .hasMessageContaining("STARTTLS");
        assertThat(server.commands()).containsOnlyOnce("AUTH");
    }

    @Test
    void whatIsInjectedBeforeTheHandshakeEndsTheConnection() {
        server.on("EHLO", "250-here\r\n250 STARTTLS").on("STARTTLS", "220 go\r\n250 injected");

        assertThatThrownBy(this::open)
                .isInstanceOf(RelayUnavailable.class)
                .hasMessageContaining("injected");
    }

    private SmtpConnection open() {
        return SmtpConnection.open(
                Relay.parse("smtp://127.0.0.1:" + server.port(), "test"), TIMEOUTS);
    }

    /** The command is refused once; with pipelining so is what comes after it, as servers do. */
    private void refuseFrom(Phase phase, String reply) {
        server.on(phase.name(), reply, ok(phase));
        if (!server.offers("PIPELINING")) return;
        if (phase == Phase.MAIL) server.on("RCPT", "503 no MAIL", "250 ok");
        if (phase != Phase.DATA) server.on("DATA", "503 no RCPT", "354 go on");
    }

    private static String ok(Phase phase) {
        return phase == Phase.DATA ? "354 go on" : "250 ok";
    }

    private static byte[] message(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String bytes(String readable) {
        return readable.replace("<CRLF>", "\r\n")
                .replace("<CR>", "\r")
                .replace("<LF>", "\n")
                .replace("<NUL>", "\0");
    }
}
