package io.dynosend.liquid.parse;

import io.dynosend.liquid.parse.Token.Kind;
import org.jspecify.annotations.Nullable;

/** The lines inside a {@code liquid} tag, each a tag of its own. */
final class LineTokens implements Tokens {

    private final String text;
    private final int end;
    private int at;

    LineTokens(String text, int from, int to) {
        this.text = text;
        this.at = from;
        this.end = to;
    }

    @Override
    public @Nullable Token next() {
        at = Chars.skipSpace(text, at, end);
        if (at >= end) {
            return null;
        }
        int start = at;
        int newline = text.indexOf('\n', start);
        int to = newline < 0 || newline > end ? end : newline;
        at = to;
        int nameEnd = TemplateTokens.endOfName(text, start, to);
        return new Token(
                Kind.TAG, start, text.substring(start, nameEnd), nameEnd, to, false, false);
    }

    // Lines are no text that could be taken as it is.
    @Override
    public @Nullable Token verbatim(String endTag) {
        at = end;
        return null;
    }
}
