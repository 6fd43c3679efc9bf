package io.dynosend.liquid.parse;

import io.dynosend.liquid.LiquidSyntaxException;
import java.util.Arrays;

/** The text of a template or a partial, and where its lines begin. */
final class Source {

    private final String text;
    private final String partial;
    private final int[] lineStarts;

    /**
     * A source.
     *
     * @param partial its name, empty for the template itself
     */
    Source(String text, String partial) {
        this.text = text;
        this.partial = partial;
        this.lineStarts = lineStarts(text);
    }

    String text() {
        return text;
    }

    String partial() {
        return partial;
    }

    /** From 1. */
    int line(int offset) {
        int found = Arrays.binarySearch(lineStarts, offset);
        return found < 0 ? -found - 1 : found + 1;
    }

    LiquidSyntaxException error(int offset, String problem) {
        int line = line(offset);
        int start = lineStarts[line - 1];
        int end = line < lineStarts.length ? lineStarts[line] : text.length();
        String where = partial.isEmpty() ? "" : "in the partial '%s', ".formatted(partial);
        return new LiquidSyntaxException(
                line,
                offset - start + 1,
                where + problem,
                text.substring(start, end).stripTrailing());
    }

    private static int[] lineStarts(String text) {
        int count = 1;
        for (int at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
            count++;
        }
        int[] starts = new int[count];
        int line = 1;
        for (int at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
            starts[line++] = at + 1;
        }
        return starts;
    }
}
