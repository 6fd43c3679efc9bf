package io.dynosend.content;

import io.dynosend.liquid.Template;
import java.time.Instant;
import java.util.Map;

/** Renders to where a message is composed: encoded UTF-8 in a buffer that is used again. */
public final class ComposerOutput {

    private static final int USUAL_SIZE = 16_384;

    private final EncodedPieces pieces = new EncodedPieces();
    private final Octets out = new Octets(USUAL_SIZE);
    private final QuotedPrintable encoder = new QuotedPrintable(out);

    /** How many bytes a rendering came to; they stay in the buffer until the next. */
    public int render(Template template, Map<String, ?> variables, Instant now) {
        out.clear();
        encoder.begin();
        template.render(variables, now, new EncodedOutput(encoder, pieces));
        encoder.end();
        return out.size();
    }
}
