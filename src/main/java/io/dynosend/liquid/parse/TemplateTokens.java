package io.dynosend.liquid.parse;

import io.dynosend.liquid.parse.Token.Kind;
import org.jspecify.annotations.Nullable;

/** Splits a template into text, outputs and tags. */
final class TemplateTokens implements Tokens {

    private final String text;
    private int at;

    TemplateTokens(String text) {
        this.text = text;
    }

    @Override
    public @Nullable Token next() {
        if (at >= text.length()) {
            return null;
        }
        if (text.startsWith("{%", at)) {
            return tag();
        }
        return text.startsWith("{{", at) ? output() : plainText();
    }

    @Override
    public @Nullable Token verbatim(String endTag) {
        int start = at;
        int from = at;
        for (int close = text.indexOf("%}", at); close >= 0; close = text.indexOf("%}", from)) {
            // Only the last opening before a close begins a tag: {% endraw {% is still text.
            int open = lastOpening(from, close);
            if (open >= 0 && endOfTag(text, open, endTag) >= 0) {
                at = close + 2;
                boolean trims = text.charAt(close - 1) == '-';
                return new Token(Kind.TEXT, start, "", start, open, false, trims);
            }
            from = close + 2;
        }
        return null;
    }

    private int lastOpening(int from, int to) {
        for (int open = to - 2; open >= from; open--) {
            if (text.charAt(open) == '{' && text.charAt(open + 1) == '%') {
                return open;
            }
        }
        return -1;
    }

    /** Where a tag of that name begins, or -1. */
    static int find(String text, String name, int from) {
        for (int open = text.indexOf("{%", from); open >= 0; open = text.indexOf("{%", open + 2)) {
            if (endOfTag(text, open, name) >= 0) {
                return open;
            }
        }
        return -1;
    }

    // Where the name of the tag that opens there ends, or -1 if it is another.
    private static int endOfTag(String text, int open, String name) {
        int dash = text.startsWith("-", open + 2) ? 1 : 0;
        int word = Chars.skipSpace(text, open + 2 + dash, text.length());
        int end = Chars.endOfWord(text, word, text.length());
        return end - word == name.length() && text.startsWith(name, word) ? end : -1;
    }

    private Token plainText() {
        int start = at;
        do {
            at = text.indexOf('{', at + 1);
        } while (at >= 0 && !text.startsWith("{{", at) && !text.startsWith("{%", at));
        at = at < 0 ? text.length() : at;
        return new Token(Kind.TEXT, start, "", start, at, false, false);
    }

    private Token tag() {
        int start = at;
        int close = text.indexOf("%}", start + 2);
        if (close < 0) {
            at = text.length();
            return new Token(Kind.UNCLOSED_TAG, start, "", start + 2, at, false, false);
        }
        at = close + 2;
        boolean trimsBefore = text.charAt(start + 2) == '-';
        int from = Math.min(close, start + (trimsBefore ? 3 : 2));
        // One minus sign alone trims on both sides.
        boolean trimsAfter = close > start + 2 && text.charAt(close - 1) == '-';
        int to = Math.max(from, close - (trimsAfter ? 1 : 0));
        int word = Chars.skipSpace(text, from, to);
        int end = endOfName(text, word, to);
        return new Token(
                Kind.TAG, start, text.substring(word, end), end, to, trimsBefore, trimsAfter);
    }

    static int endOfName(String text, int from, int to) {
        return from < to && text.charAt(from) == '#' ? from + 1 : Chars.endOfWord(text, from, to);
    }

    private Token output() {
        int start = at;
        int close = closeOfOutput();
        if (close < 0) {
            at = text.length();
            return new Token(Kind.UNCLOSED_OUTPUT, start, "", start + 2, at, false, false);
        }
        at = close + 2;
        boolean trimsBefore = text.charAt(start + 2) == '-';
        int from = Math.min(close, start + (trimsBefore ? 3 : 2));
        // One minus sign alone trims on both sides.
        boolean trimsAfter = close > start + 2 && text.charAt(close - 1) == '-';
        int to = Math.max(from, close - (trimsAfter ? 1 : 0));
        return new Token(Kind.OUTPUT, start, "", from, to, trimsBefore, trimsAfter);
    }

    // A tag that begins before the output ends says that its end was forgotten.
    private int closeOfOutput() {
        int close = text.indexOf("}}", at + 2);
        boolean tagBegins = close >= 0 && text.indexOf("{%", at + 2, close) >= 0;
        return tagBegins ? -1 : close;
    }
}
