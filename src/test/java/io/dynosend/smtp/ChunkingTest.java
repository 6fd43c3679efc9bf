package io.dynosend.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.Await;
import io.dynosend.smtp.Handover.Deferred;
import io.dynosend.smtp.Handover.Lost;
import io.dynosend.smtp.Handover.Ready;
import io.dynosend.smtp.Handover.Refused;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkingTest {

    private static final Envelope ENVELOPE =
            new Envelope("me@example.org", "ada@example.org", false);
    private static final Duration SHORT = Duration.ofMillis(500);
    private static final Timeouts TIMEOUTS = new Timeouts(SHORT, SHORT, SHORT, SHORT, SHORT);

    private final ScriptedServer server =
            new ScriptedServer().offering("PIPELINING", "CHUNKING", "8BITMIME");

    @AfterEach
    void closeServer() throws Exception {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aMessageIsTakenOnlyWithItsLastChunk(boolean pipelining) {
        if (!pipelining) server.offering("CHUNKING");
        var connection = open();

        assertThat(connection.hand(ENVELOPE, message("Hello\n.\n"))).isEqualTo(new Ready());
        assertThat(server.messages()).isEmpty();

        assertThat(connection.finish())
                .isEqualTo(new Answer.Accepted(new Reply(250, "2.0.0", "taken")));
        assertThat(server.messages()).containsExactly("Hello\r\n.\r\n");
        assertThat(server.commands())
                .endsWith(
                        """
                        MAIL FROM:<me@example.org>
                        RCPT TO:<ada@example.org>
                        BDAT 8
                        BDAT 2 LAST
                        """);
    }

    @Test
    void anEmptyMessageHasNoChunkToBeginWith() {
        var connection = open();

        connection.hand(ENVELOPE, message(""));
        connection.finish();

        assertThat(server.messages()).containsExactly("\r\n.\r\n");
        assertThat(server.commands()).doesNotContain("BDAT");
    }

    @Test
    void aRelayMayBeSparedChunks() {
        var relay =
                new Relay(
                        "127.0.0.1",
                        server.port(),
                        Security.NONE,
                        null,
                        "test",
                        Set.of(Option.NO_CHUNKING));
        var connection = SmtpConnection.open(relay, TIMEOUTS);

        connection.hand(ENVELOPE, message("Hello"));
        connection.finish();

        assertThat(server.messages()).containsExactly("Hello\r\n.\r\n");
        assertThat(server.commands()).doesNotContain("BDAT");
    }

    @ParameterizedTest
    @CsvSource({
        "MAIL, true",
        "RCPT, true",
        "BODY, true",
        "MAIL, false",
        "RCPT, false",
        "BODY, false"
    })
    void aRefusalSaysItsPhaseAndTheNextMessageGoesThrough(Phase phase, boolean pipelining) {
        if (!pipelining) server.offering("CHUNKING");
        String command = phase == Phase.BODY ? "BDAT" : phase.name();
        server.on(command, "550 5.1.1 no such user", "250 ok");
        if (pipelining && phase == Phase.MAIL) server.on("RCPT", "503 no MAIL", "250 ok");
        if (pipelining && phase != Phase.BODY) server.on("BDAT", "503 no RCPT", "250 ok");
        var connection = open();

        var refused = connection.hand(ENVELOPE, message("Hello"));

        assertThat(refused).isEqualTo(new Refused(phase, new Reply(550, "5.1.1", "no such user")));
        assertThat(connection.hand(ENVELOPE, message("Next"))).isEqualTo(new Ready());
        connection.finish();
        assertThat(server.messages()).containsExactly("Next\r\n");
    }

    @Test
    void aRecipientWhoIsRefusedGetsNoMessageEvenIfItsChunkIsTaken() {
        server.on("RCPT", "550 no");
        var connection = open();

        assertThat(connection.hand(ENVELOPE, message("Hello"))).isInstanceOf(Refused.class);

        assertThat(connection.usable()).isFalse();
        assertThat(server.messages()).isEmpty();
    }

    @Test
    void aServerThatIsGoneInsideTheBodyIsFoundOutBeforeTheEnd() {
        server.on("BDAT", ScriptedServer.HANG_UP);
        var connection = open();

        assertThat(connection.hand(ENVELOPE, message("Hello")))
                .isEqualTo(new Lost(Phase.BODY, "the server hung up"));
    }

    @Test
    void aServerThatGoesBehindTheBodyIsFoundOutBeforeTheEnd() {
        server.on("BDAT", ScriptedServer.AND_HANG_UP + "250 ok");
        var connection = open();
        connection.begin(ENVELOPE, message("Hello"));
        assertThat(connection.handoverUnsent()).isEqualTo(new Ready());
        Await.until("it has hung up", Duration.ofSeconds(5), server::isIdle);

        assertThat(connection.finish()).isEqualTo(new Answer.Unsent("the server has hung up"));

        assertThat(connection.usable()).isFalse();
        assertThat(server.messages()).isEmpty();
    }

    @Test
    void aChunkMayBeDeferred() {
        server.on("BDAT", "452 4.3.1 full", "250 ok");
        var connection = open();

        assertThat(connection.hand(ENVELOPE, message("Hello")))
                .isEqualTo(new Deferred(Phase.BODY, new Reply(452, "4.3.1", "full")));
        assertThat(connection.hand(ENVELOPE, message("Next"))).isEqualTo(new Ready());
        assertThat(server.commands()).containsOnlyOnce("RSET");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hang up", "silence", "this is no SMTP", "354 more"})
    void aLastChunkWithoutAProperAnswerIsUnanswered(String reply) {
        server.on("LAST", reply);
        var connection = open();
        connection.hand(ENVELOPE, message("Hello"));

        assertThat(connection.finish()).isInstanceOf(Answer.Unanswered.class);
        assertThat(connection.usable()).isFalse();
    }

    @Test
    void aLongMessageArrivesWhole() {
        String line = "x".repeat(76) + "\r\n";
        var connection = open();

        connection.hand(ENVELOPE, message(line.repeat(20_000)));
        connection.finish();

        assertThat(server.messages()).containsExactly(line.repeat(20_000));
    }

    @Test
    void anAnswerTooManyIsNotTakenForTheLastOne() {
        server.on("RCPT", "250 ok\r\n250 ok again");
        var connection = open();

        var handover = connection.hand(ENVELOPE, message("Hello"));

        assertThat(handover)
                .isInstanceOfSatisfying(
                        Lost.class, lost -> assertThat(lost.cause()).contains("unasked"));
        assertThat(server.messages()).isEmpty();
    }

    private SmtpConnection open() {
        return SmtpConnection.open(
                Relay.parse("smtp://127.0.0.1:" + server.port(), "test"), TIMEOUTS);
    }

    private static byte[] message(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
