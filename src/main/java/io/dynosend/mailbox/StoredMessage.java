package io.dynosend.mailbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * A message in the folder, known by the first 64 KB of its file.
 *
 * @param size octets of what came after DATA
 * @param traceLength octets of the trace lines that stand before it in the file
 */
record StoredMessage(
        MessageId id,
        Path file,
        long size,
        Envelope envelope,
        int traceLength,
        List<Header> headers) {

    private static final int HEAD = 64 * 1024;

    static StoredMessage read(MessageId id, Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            var head = in.readNBytes(HEAD);
            int trace = Envelope.traceLength(head);
            var envelope =
                    trace == 0 ? Envelope.NONE : Envelope.parse(new String(head, 0, trace, UTF_8));
            var rest = new ByteArrayInputStream(head, trace, head.length - trace);
            long size = Files.size(file) - trace;
            return new StoredMessage(id, file, size, envelope, trace, Mime.headers(rest));
        }
    }

    /** What came after DATA, byte for byte. */
    InputStream content() throws IOException {
        var in = Files.newInputStream(file);
        in.skipNBytes(traceLength);
        return in;
    }

    Contents contents() throws IOException {
        try (var in = content()) {
            return Mime.contents(in);
        }
    }

    /** The author as the header names it, else the envelope's sender. */
    String from() {
        var author = header("From");
        return author.isEmpty() ? envelope.from() : author;
    }

    /** Those whom the message was delivered to, not those its header names. */
    String to() {
        return Text.printable(String.join(", ", envelope.to()));
    }

    String subject() {
        return header("Subject");
    }

    /** The first header field of this name; empty when there is none. */
    String header(String name) {
        return headers.stream().filter(it -> it.is(name)).map(Header::value).findFirst().orElse("");
    }

    /**
     * @param words found in the recipients or in the subject, whatever their case
     */
    boolean mentions(String words) {
        return (to() + "\n" + subject())
                .toLowerCase(Locale.ROOT)
                .contains(words.toLowerCase(Locale.ROOT));
    }
}
