package io.dynosend.content;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.SmtpSink;
import io.dynosend.smtp.Answer;
import io.dynosend.smtp.Envelope;
import io.dynosend.smtp.Handover;
import io.dynosend.smtp.Relay;
import io.dynosend.smtp.SmtpConnection;
import io.dynosend.smtp.Timeouts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Takes messages over SMTP, as they go out, to a server that keeps them as they come in. */
final class Wire implements AutoCloseable {

    private final SmtpSink sink = new SmtpSink(Duration.ZERO);
    private final SmtpConnection connection =
            SmtpConnection.open(Relay.parse(sink.url(), "localhost"), Timeouts.DEFAULT);

    /** The message as the server has it. */
    byte[] carried(byte[] message) {
        var envelope = new Envelope("news@example.com", "ada@example.org", false);
        assertThat(connection.hand(envelope, message)).isInstanceOf(Handover.Ready.class);
        assertThat(connection.finish()).isInstanceOf(Answer.Accepted.class);
        return sink.received().getLast().content().getBytes(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        connection.close();
        sink.close();
    }
}
