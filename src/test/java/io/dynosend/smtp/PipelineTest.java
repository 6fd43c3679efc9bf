package io.dynosend.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynosend.Await;
import io.dynosend.smtp.Handover.Deferred;
import io.dynosend.smtp.Handover.Lost;
import io.dynosend.smtp.Handover.Ready;
import io.dynosend.smtp.Handover.Refused;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PipelineTest {

    private static final Envelope ADA = new Envelope("me@example.org", "ada@example.org", false);
    private static final Envelope BOB = new Envelope("me@example.org", "bob@example.org", false);
    private static final Duration SHORT = Duration.ofMillis(500);
    private static final Timeouts TIMEOUTS = new Timeouts(SHORT, SHORT, SHORT, SHORT, SHORT);

    private final ScriptedServer server = new ScriptedServer();
    private final List<String> writes = new ArrayList<>();

    @AfterEach
    void closeServer() throws Exception {
        server.close();
    }

    @Test
    void theDotGoesOutWithTheNextEnvelope() throws Exception {
        var connection = watched("PIPELINING");
        connection.hand(ADA, message("a"));
        connection.end();
        connection.begin(BOB, message("b"));
        var first = connection.answer();
        var next = connection.handover();

        assertThat(first).isInstanceOf(Answer.Accepted.class);
        assertThat(next).isEqualTo(new Ready());
        assertThat(connection.finish()).isInstanceOf(Answer.Accepted.class);
        assertThat(writes)
                .containsExactly(
                        envelope("ada"), "a\r\n", ".\r\n" + envelope("bob"), "b\r\n", ".\r\n");
        assertThat(server.messages()).containsExactly("a\r\n.\r\n", "b\r\n.\r\n");
    }

    @Test
    void aBodyThatMayBeEndedAtOnceGoesOutWithItsDotAndTheNextEnvelope() throws Exception {
        var connection = watched("PIPELINING");
        connection.begin(ADA, message("a"));
        connection.handoverUnsent();
        connection.end();
        connection.begin(BOB, message("b"));
        connection.answer();
        connection.handoverUnsent();
        connection.end();
        connection.answer();

        assertThat(writes)
                .containsExactly(envelope("ada"), "a\r\n.\r\n" + envelope("bob"), "b\r\n.\r\n");
        assertThat(server.messages()).hasSize(2);
    }

    @Test
    void withChunksTheNextBodyGoesOutToo() throws Exception {
        var connection = watched("PIPELINING", "CHUNKING");
        connection.hand(ADA, message("a"));
        connection.end();
        connection.begin(BOB, message("b"));
        connection.answer();
        connection.handover();
        connection.finish();

        assertThat(writes)
                .containsExactly(
                        chunk("ada", "a"),
                        "BDAT 2 LAST\r\n\r\n" + chunk("bob", "b"),
                        "BDAT 2 LAST\r\n\r\n");
        assertThat(server.messages()).containsExactly("a\r\n", "b\r\n");
    }

    @Test
    void aDotThatWaitsForNothingIsFlushed() throws Exception {
        var connection = watched("PIPELINING");
        connection.hand(ADA, message("a"));
        connection.end();
        assertThat(writes).hasSize(2);

        connection.flush();

        assertThat(writes.getLast()).isEqualTo(".\r\n");
        assertThat(connection.answer()).isInstanceOf(Answer.Accepted.class);
    }

    @Test
    void whereNothingIsPipelinedTheSameCallsGoStepByStep() {
        server.withoutPipelining();
        var connection = open();
        connection.hand(ADA, message("a"));
        connection.end();
        connection.begin(BOB, message("b"));

        assertThat(connection.answer()).isInstanceOf(Answer.Accepted.class);
        assertThat(connection.handover()).isEqualTo(new Ready());
        assertThat(connection.finish()).isInstanceOf(Answer.Accepted.class);
        assertThat(server.messages()).containsExactly("a\r\n.\r\n", "b\r\n.\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "550 no,   250 ok,  354 go, Accepted",
        "550 no,   250 ok,  354 go, Refused",
        "451 wait, 250 ok,  354 go, Deferred"
    })
    void eachAnswerIsForItsOwnMessage(String dot, String mail, String data, String next) {
        server.on(".", dot, next.equals("Accepted") ? "250 ok" : "554 no");
        server.on("MAIL", mail).on("DATA", data);
        var connection = open();
        connection.hand(ADA, message("a"));
        connection.end();
        connection.begin(BOB, message("b"));

        var first = connection.answer();
        assertThat(connection.handover()).isEqualTo(new Ready());
        var second = connection.finish();

        assertThat(first)
                .isInstanceOf(dot.startsWith("5") ? Answer.Refused.class : Answer.Deferred.class);
        assertThat(second)
                .isInstanceOf(
                        next.equals("Accepted") ? Answer.Accepted.class : Answer.Refused.class);
    }

    @ParameterizedTest
    @CsvSource({
        "550 no,  503 no,  503 no,  MAIL, true",
        "250 ok,  550 no,  503 no,  RCPT, true",
        "250 ok,  550 no,  554 no,  RCPT, true",
        "250 ok,  250 ok,  554 no,  DATA, true",
        "451 no,  503 no,  503 no,  MAIL, true",
        "550 no,  250 ok,  503 no,  MAIL, true",
        "550 no,  250 ok,  354 go,  MAIL, false",
        "250 ok,  550 no,  354 go,  RCPT, false",
        "250 ok,  550 no,  250 ok,  RCPT, false",
        "250 ok,  550 no,  hang up, RCPT, false",
        "250 ok,  550 no,  421 bye, RCPT, false",
        "421 bye, hang up, hang up, MAIL, false"
    })
    void aRefusalInABatchIsThatOfItsPhaseAndSendsNothing(
            String mail, String rcpt, String data, Phase phase, boolean usable) {
        server.on("MAIL", "250 ok", mail, "250 ok");
        server.on("RCPT", "250 ok", rcpt, "250 ok").on("DATA", "354 go", data, "354 go");
        var connection = open();
        connection.hand(ADA, message("a"));
        connection.end();
        connection.begin(BOB, message("b"));

        assertThat(connection.answer()).isInstanceOf(Answer.Accepted.class);
        var refused = connection.handover();

        assertThat(refused).isInstanceOfAny(Refused.class, Deferred.class);
        assertThat(phase(refused)).isEqualTo(phase);
        assertThat(connection.usable()).isEqualTo(usable);
        if (usable) {
            assertThat(connection.hand(BOB, message("c"))).isEqualTo(new Ready());
            assertThat(connection.finish()).isInstanceOf(Answer.Accepted.class);
            assertThat(server.messages()).containsExactly("a\r\n.\r\n", "c\r\n.\r\n");
        } else {
            connection.close();
            assertThat(server.messages()).containsExactly("a\r\n.\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "MAIL, 354 go, MAIL",
        "MAIL, 220 hello, DATA",
        "RCPT, 334 what, RCPT",
        "DATA, 250 ok, DATA",
        "DATA, 220 ok, DATA"
    })
    void aCodeThatDoesNotBelongThereEndsTheConnection(String command, String reply, Phase phase) {
        server.on(command, reply);
        if (command.equals("MAIL")) server.on("DATA", "250 ok");

        var lost = open().hand(ADA, message("a"));

        assertThat(lost).isInstanceOf(Lost.class);
        assertThat(phase(lost)).isEqualTo(phase);
        assertThat(server.messages()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"MAIL", "RCPT"})
    void anAnswerTooManyIsNotTakenForTheNext(String command) {
        server.on(command, "250 ok\r\n250 ok again");
        var connection = open();

        assertThat(connection.hand(ADA, message("a"))).isInstanceOf(Lost.class);
        assertThat(connection.usable()).isFalse();
        assertThat(server.messages()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"hang up", "421 closing", "this is no SMTP"})
    void whatFollowsADotThatBrokeTheConnectionIsFreeToRetry(String reply) {
        server.on(".", reply);
        var connection = open();
        connection.hand(ADA, message("a"));
        connection.end();
        connection.begin(BOB, message("b"));

        var answer = connection.answer();
        var next = connection.handover();

        assertThat(answer)
                .isInstanceOf(
                        reply.startsWith("421") ? Answer.Deferred.class : Answer.Unanswered.class);
        assertThat(next).isInstanceOf(Lost.class);
        assertThat(connection.usable()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"354 go on\r\n421 or rather not", "hang up after 354 go on"})
    void aServerThatGoesInsideTheBodyLeavesTheDotUnwritten(String reply) {
        server.on("DATA", reply);
        var connection = open();
        connection.begin(ADA, message("a"));
        assertThat(connection.handoverUnsent()).isEqualTo(new Ready());
        if (reply.startsWith("hang up")) {
            Await.until("it has hung up", Duration.ofSeconds(5), server::isIdle);
        }

        assertThat(connection.finish()).isInstanceOf(Answer.Unsent.class);
        assertThat(server.messages()).isEmpty();
    }

    @Test
    void aResetGoesOutWithTheNextEnvelope() throws Exception {
        var connection = watched("PIPELINING");
        server.on("RCPT", "550 no", "250 ok").on("DATA", "503 no", "354 go");
        connection.hand(ADA, message("a"));

        assertThat(connection.hand(BOB, message("b"))).isEqualTo(new Ready());

        assertThat(writes).containsExactly(envelope("ada"), "RSET\r\n" + envelope("bob"), "b\r\n");
    }

    @Test
    void aMessageIsTakenThroughItsStepsInOrder() {
        var connection = open();

        assertThatThrownBy(connection::handover).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(connection::end).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(connection::answer).isInstanceOf(IllegalStateException.class);
        connection.hand(ADA, message("a"));
        assertThatThrownBy(() -> connection.begin(BOB, message("b")))
                .isInstanceOf(IllegalStateException.class);
        connection.end();
        connection.begin(BOB, message("b"));
        assertThatThrownBy(connection::handover).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whoeverWaitsIsFreedByAnAbort() {
        server.on("MAIL", ScriptedServer.SILENCE);
        var connection =
                SmtpConnection.open(
                        Relay.parse("smtp://127.0.0.1:" + server.port(), "test"), Timeouts.DEFAULT);
        connection.begin(ADA, message("a"));
        connection.flush();
        Thread.ofVirtual().start(connection::abort);

        assertThat(connection.handover()).isInstanceOf(Lost.class);
    }

    private SmtpConnection open() {
        return SmtpConnection.open(
                Relay.parse("smtp://127.0.0.1:" + server.port(), "test"), TIMEOUTS);
    }

    /** A connection whose writes are remembered. */
    private SmtpConnection watched(String... offered) throws IOException {
        var channel =
                SocketChannel.open(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
        var plain = new PlainTransport(channel);
        var wire =
                new Wire(
                        new Transport() {
                            @Override
                            public int read(ByteBuffer into) throws IOException {
                                return plain.read(into);
                            }

                            @Override
                            public int poll(ByteBuffer into) throws IOException {
                                return plain.poll(into);
                            }

                            @Override
                            public void write(ByteBuffer bytes) throws IOException {
                                writes.add(
                                        StandardCharsets.ISO_8859_1
                                                .decode(bytes.duplicate())
                                                .toString());
                                plain.write(bytes);
                            }

                            @Override
                            public void close() {
                                plain.close();
                            }
                        },
                        TIMEOUTS);
        wire.reply(SHORT);
        var extensions = Extensions.parse("here\n" + String.join("\n", offered), Set.of());
        return new SmtpConnection(wire, extensions, TIMEOUTS, Observer.NONE);
    }

    private static String envelope(String recipient) {
        return "MAIL FROM:<me@example.org>\r\nRCPT TO:<%s@example.org>\r\nDATA\r\n"
                .formatted(recipient);
    }

    private static String chunk(String recipient, String body) {
        return envelope(recipient).replace("DATA", "BDAT " + body.length()) + body;
    }

    private static Phase phase(Handover handover) {
        return switch (handover) {
            case Refused(var phase, _) -> phase;
            case Deferred(var phase, _) -> phase;
            case Lost(var phase, _) -> phase;
            case Ready _ -> throw new AssertionError("It is ready");
        };
    }

    private static byte[] message(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
