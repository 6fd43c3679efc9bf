package io.dynosend.mailbox;

import static org.apache.james.mime4j.stream.EntityState.T_END_HEADER;
import static org.apache.james.mime4j.stream.EntityState.T_END_OF_STREAM;
import static org.apache.james.mime4j.stream.EntityState.T_FIELD;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.james.mime4j.MimeException;
import org.apache.james.mime4j.codec.DecodeMonitor;
import org.apache.james.mime4j.message.DefaultBodyDescriptorBuilder;
import org.apache.james.mime4j.message.MaximalBodyDescriptor;
import org.apache.james.mime4j.stream.EntityState;
import org.apache.james.mime4j.stream.MimeConfig;
import org.apache.james.mime4j.stream.MimeTokenStream;
import org.apache.james.mime4j.stream.RecursionMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads messages (RFC 5322, RFC 2045) of any quality: what is beyond understanding is left out, and
 * nothing is thrown for it.
 */
final class Mime {

    private static final Logger log = LoggerFactory.getLogger(Mime.class);
    private static final int UNLIMITED = -1; // the caller's stream is bounded
    private static final int DEEPEST = 20;
    private static final int MOST_ATTACHMENTS = 100;
    private static final MimeConfig FORGIVING =
            MimeConfig.custom()
                    .setStrictParsing(false)
                    .setMalformedHeaderStartsBody(false)
                    .setMaxLineLen(UNLIMITED)
                    .setMaxHeaderLen(UNLIMITED)
                    .setMaxHeaderCount(UNLIMITED)
                    .setMaxContentLen(UNLIMITED)
                    .build();

    private final MimeTokenStream tokens =
            new MimeTokenStream(
                    FORGIVING, DecodeMonitor.SILENT, new DefaultBodyDescriptorBuilder());
    private final List<Contents.Attachment> attachments = new ArrayList<>();
    private String text = "";
    private String html = "";

    private Mime() {
        tokens.setRecursionMode(RecursionMode.M_NO_RECURSE);
    }

    /** The header fields at the start of a message, which may be cut off. */
    static List<Header> headers(InputStream message) throws IOException {
        var headers = new ArrayList<Header>();
        var mime = new Mime();
        mime.walk(
                message,
                state -> {
                    if (state == T_FIELD) headers.add(Header.of(mime.tokens.getField()));
                    return state != T_END_HEADER;
                });
        return headers;
    }

    /** The first text, the first HTML, and the names of what is attached. */
    static Contents contents(InputStream message) throws IOException {
        var mime = new Mime();
        int[] depth = {0};
        mime.walk(
                message,
                state -> {
                    switch (state) {
                        case T_START_MULTIPART -> depth[0]++;
                        case T_END_MULTIPART -> depth[0]--;
                        case T_BODY -> mime.takePart();
                        default -> {}
                    }
                    return depth[0] <= DEEPEST;
                });
        return new Contents(mime.text, mime.html, List.copyOf(mime.attachments));
    }

    private interface Step {

        /** False ends the walk. */
        boolean take(EntityState state) throws IOException;
    }

    private void walk(InputStream message, Step step) throws IOException {
        try {
            tokens.parse(message);
            for (var state = tokens.getState();
                    state != T_END_OF_STREAM && step.take(state);
                    state = tokens.next()) {}
        } catch (MimeException | RuntimeException e) {
            log.debug("A message is malformed; it is shown as far as it could be read", e);
        }
    }

    private void takePart() throws IOException {
        var part = (MaximalBodyDescriptor) tokens.getBodyDescriptor();
        var type = Objects.requireNonNullElse(part.getMimeType(), "text/plain");
        var name = part.getContentDispositionFilename();
        boolean attached = "attachment".equalsIgnoreCase(part.getContentDispositionType());

        if (!attached && type.equals("text/plain") && text.isEmpty()) text = decoded(part);
        else if (!attached && type.equals("text/html") && html.isEmpty()) html = decoded(part);
        else if (attachments.size() < MOST_ATTACHMENTS)
            attachments.add(
                    new Contents.Attachment(
                            Text.printable(Objects.requireNonNullElse(name, "unnamed")),
                            Text.printable(type)));
    }

    private String decoded(MaximalBodyDescriptor part) throws IOException {
        return Text.decode(tokens.getDecodedInputStream().readAllBytes(), part.getCharset());
    }
}
