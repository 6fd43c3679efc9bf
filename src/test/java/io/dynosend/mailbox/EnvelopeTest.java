package io.dynosend.mailbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeTest {

    private static final Instant NOW = Instant.parse("2026-01-01T10:00:00Z");

    @Test
    void isReadBackFromItsTraceLines() {
        var envelope =
                new Envelope("", List.of("a@example.org", "b@example.org"), "[::1]", "127.0.0.1");

        var trace = envelope.trace(NOW);

        assertThat(Envelope.traceLength(trace)).isEqualTo(trace.length);
        assertThat(Envelope.parse(new String(trace, UTF_8))).isEqualTo(envelope);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Return-Path: <x>\r\nDelivered-To: y\r\nReceived: z\r\n\r\n",
                " folded\r\n",
                "Received: z\r\n",
                "\r\n",
                ""
            })
    void endsWhereTheMessageBeginsHoweverThatBegins(String message) {
        var envelope = new Envelope("a@example.org", List.of("b@example.org"), "c", "127.0.0.1");
        var trace = new String(envelope.trace(NOW), UTF_8);

        assertThat(Envelope.traceLength((trace + message).getBytes(UTF_8)))
                .isEqualTo(trace.length());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "Subject: x\r\n", "Received: x\r\n", "Return-Path: <a>\r\n", "no line"})
    void aFileWithoutTraceLinesHasNone(String file) {
        assertThat(Envelope.traceLength(file.getBytes(UTF_8))).isZero();
    }

    @Test
    void aNameOfTheClientCannotForgeTheTrace() {
        var envelope =
                new Envelope("", List.of("a@example.org"), "x ([9.9.9.9]) by evil;", "127.0.0.1");

        var read = Envelope.parse(new String(envelope.trace(NOW), UTF_8));

        assertThat(read.client()).isEqualTo("127.0.0.1");
        assertThat(read.helo()).isEqualTo("x??[9.9.9.9]??by?evil?");
    }
}
