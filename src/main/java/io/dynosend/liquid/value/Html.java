package io.dynosend.liquid.value;

import io.dynosend.liquid.Output;
import io.dynosend.liquid.TextOutput;
import org.jspecify.annotations.Nullable;

/** Text made safe to stand in HTML, between tags or inside a quoted attribute. */
public final class Html {

    private static final long ESCAPED = 1L << '&' | 1L << '<' | 1L << '>' | 1L << '"' | 1L << '\'';

    private Html() {}

    public static void escape(StringBuilder out, String text) {
        escape(new TextOutput(out), text);
    }

    public static void escape(Output out, String text) {
        int done = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            String reference = mayBeEscaped(c) ? reference(c) : null;
            if (reference != null) {
                out.append(text, done, i);
                out.append(reference);
                done = i + 1;
            }
        }
        out.append(text, done, text.length());
    }

    /** The same, but leaves what is a character reference already. */
    public static void escapeOnce(StringBuilder out, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            String reference = reference(c);
            if (reference == null || (c == '&' && startsReference(text, i + 1))) {
                out.append(c);
            } else {
                out.append(reference);
            }
        }
    }

    // One bit each of the first 64 characters: most text needs no more than this look.
    private static boolean mayBeEscaped(char c) {
        return c < Long.SIZE && (ESCAPED >>> c & 1) != 0;
    }

    private static @Nullable String reference(char c) {
        return switch (c) {
            case '&' -> "&amp;";
            case '<' -> "&lt;";
            case '>' -> "&gt;";
            case '"' -> "&quot;";
            case '\'' -> "&#39;";
            default -> null;
        };
    }

    // &name; or &#39; and nothing else counts as one.
    private static boolean startsReference(String text, int start) {
        int at = start;
        boolean number = at < text.length() && text.charAt(at) == '#';
        int from = number ? ++at : at;
        while (at < text.length() && isPart(text.charAt(at), number)) {
            at++;
        }
        return at > from && at < text.length() && text.charAt(at) == ';';
    }

    private static boolean isPart(char c, boolean number) {
        return number ? Numbers.isDigit(c) : (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
    }
}
