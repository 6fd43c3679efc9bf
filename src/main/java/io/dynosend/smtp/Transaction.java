package io.dynosend.smtp;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One message for one recipient as commands (RFC 5321 §3.3). */
final class Transaction {

    // The end that a last chunk brings: of a chunk of nothing not every server knows what to make.
    private static final int HELD_BACK = 2;

    private static final List<Phase> WITH_DATA = List.of(Phase.MAIL, Phase.RCPT, Phase.DATA);
    private static final List<Phase> WITH_CHUNKS = List.of(Phase.MAIL, Phase.RCPT, Phase.BODY);

    private final Envelope envelope;
    private final Content content;
    private final Extensions extensions;

    Transaction(Envelope envelope, Content content, Extensions extensions) {
        this.envelope = envelope;
        this.content = content;
        this.extensions = extensions;
    }

    /** What the server would say to it, by what it offers; null if it may be tried. */
    @Nullable Reply refusal() {
        if (envelope.utf8() && !extensions.utf8()) {
            return new Reply(553, "5.6.7", "the relay takes no addresses beyond ASCII (SMTPUTF8)");
        }
        if (!extensions.takes(content.size())) {
            return new Reply(
                    552, "5.3.4", "the relay takes no message of " + content.size() + " bytes");
        }
        return null;
    }

    /** Whether its body goes as a chunk, all but the end (RFC 3030 §2). */
    boolean chunked() {
        return extensions.chunking() && content.size() > HELD_BACK;
    }

    /** What has an answer each; with DATA the body follows it. */
    List<Phase> steps() {
        return chunked() ? WITH_CHUNKS : WITH_DATA;
    }

    void write(Phase step, Wire wire) throws IOException {
        switch (step) {
            case MAIL -> writeMail(wire);
            case RCPT -> wire.put("RCPT TO:<").put(envelope.recipient()).put(">").endLine();
            case DATA -> wire.command("DATA");
            case BODY -> writeBody(wire);
            case CONNECT, GREETING, TLS, AUTH, DOT -> throw new IllegalArgumentException();
        }
    }

    /** The last chunk. */
    void writeLast(Wire wire) throws IOException {
        wire.command("BDAT " + HELD_BACK + " LAST");
        content.write(wire, content.size() - HELD_BACK, content.size());
    }

    private void writeMail(Wire wire) throws IOException {
        wire.put("MAIL FROM:<").put(envelope.sender()).put(">");
        if (extensions.size()) wire.put(" SIZE=").put(Integer.toString(content.size()));
        // Sent in eight bits even where that is not offered: nobody strips the eighth any more.
        if (extensions.eightBit() && content.eightBit()) wire.put(" BODY=8BITMIME");
        if (envelope.utf8()) wire.put(" SMTPUTF8");
        wire.endLine();
    }

    private void writeBody(Wire wire) throws IOException {
        if (chunked()) {
            int length = content.size() - HELD_BACK;
            wire.command("BDAT " + length);
            content.write(wire, 0, length);
        } else {
            content.writeStuffed(wire);
        }
    }
}
