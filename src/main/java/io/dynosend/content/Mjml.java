package io.dynosend.content;

import ch.digitalfondue.mjml4j.Mjml4j;
import ch.digitalfondue.mjml4j.Mjml4j.Configuration;
import ch.digitalfondue.mjml4j.Mjml4j.TextDirection;
import io.dynosend.common.Problem.BadInput;
import io.dynosend.content.MjmlReader.Reading;
import java.util.Locale;

/** MJML, the language of responsive mail, made HTML. */
final class Mjml {

    private static final String FIELD = "mjml";
    private static final int LARGEST = 500_000;

    private Mjml() {}

    /**
     * Compiles a document. Its Liquid stands in the HTML as it stood in the MJML.
     *
     * @throws BadInput with code {@code template_error}, naming line and column
     */
    static String html(String source) {
        if (source.length() > LARGEST) {
            throw new BadInput("mjml must be %,d characters or fewer".formatted(LARGEST));
        }
        var reading = MjmlReader.read(source);
        String compiled = compiled(reading);
        var mask = reading.mask();
        for (var lost : mask.missingIn(compiled)) {
            throw SourceError.at(
                    FIELD, source, lost.offset(), "what stands here is not shown by its component");
        }
        return StyleInliner.inlinedWhereMarked(mask.restored(compiled).strip() + "\n");
    }

    private static String compiled(Reading reading) {
        var direction = TextDirection.valueOf(reading.direction().toUpperCase(Locale.ROOT));
        try {
            return Mjml4j.render(
                    reading.masked(), new Configuration(reading.language(), direction));
        } catch (IllegalStateException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new BadInput("mjml: it cannot be compiled: " + e.getMessage(), "template_error");
        }
    }
}
