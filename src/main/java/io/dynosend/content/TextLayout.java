package io.dynosend.content;

/**
 * Sets rendered text in lines of at most 78 characters where its words allow (RFC 5322 §2.1.1).
 *
 * <p>Neighbouring blanks and separations become one, the strongest: so it does not matter which of
 * them a condition or a loop brought in.
 */
final class TextLayout {

    /** At least a new line. Noncharacters, which no text has. */
    static final char LINE = '\ufdd0';

    /** At least an empty line. */
    static final char PARAGRAPH = '\ufdd1';

    /** Another cell of the same row. */
    static final char CELL = '\ufdd2';

    /** Before a word that is shown only if another follows in its line, such as a bullet. */
    static final char PREFIX = '\ufdd3';

    private static final int WIDTH = 78;

    private final CharSequence text;
    private final StringBuilder out;
    private int column;
    private int newLines;
    private boolean newCell;
    private String prefix = "";

    private TextLayout(CharSequence text) {
        this.text = text;
        this.out = new StringBuilder(text.length() + 64);
    }

    static StringBuilder of(CharSequence text) {
        return new TextLayout(text).lines();
    }

    /** The separations as blanks and line breaks, in a text whose lines are not set. */
    static String unset(String text) {
        var out = new StringBuilder(text.length());
        int start = 0;
        while (start < text.length()) {
            int end = start;
            while (end < text.length() && !isGap(text.charAt(end))) end++;
            out.append(text, start, end);
            int next = end;
            while (next < text.length() && isGap(text.charAt(next))) next++;
            if (!out.isEmpty() && next < text.length()) out.append(gap(text.substring(end, next)));
            start = next;
        }
        return out.toString().replace(String.valueOf(PREFIX), "");
    }

    private static String gap(String gap) {
        if (gap.indexOf(PARAGRAPH) >= 0) return "\n\n";
        if (gap.indexOf(LINE) >= 0) return "\n";
        return gap.indexOf(CELL) >= 0 ? " | " : gap;
    }

    private StringBuilder lines() {
        int length = text.length();
        int start = 0;
        while (start < length) {
            int end = start;
            while (end < length && !isGap(text.charAt(end))) end++;
            if (end > start && text.charAt(start) == PREFIX) {
                prefix = text.subSequence(start + 1, end) + " ";
            } else if (end > start) {
                word(start, end);
            }
            if (end < length) gap(text.charAt(end));
            start = end + 1;
        }
        return out.append('\n');
    }

    private static boolean isGap(char c) {
        return c == ' ' || c == '\n' || c == '\r' || c == '\t' || (c >= LINE && c <= CELL);
    }

    private void gap(char c) {
        if (c == '\n' || c == LINE || c == PARAGRAPH) prefix = "";
        switch (c) {
            case '\n' -> newLines = Math.min(newLines + 1, 2);
            case LINE -> newLines = Math.max(newLines, 1);
            case PARAGRAPH -> newLines = 2;
            case CELL -> newCell = true;
            default -> {}
        }
    }

    private void word(int start, int end) {
        boolean first = out.isEmpty();
        boolean tooLong = column + 1 + prefix.length() + end - start > WIDTH;
        if (!first && (newLines > 0 || tooLong)) {
            out.repeat('\n', Math.max(newLines, 1));
            column = 0;
        } else if (!first) {
            String separator = newCell ? " | " : " ";
            out.append(separator);
            column += separator.length();
        }
        out.append(prefix).append(text, start, end);
        column += prefix.length() + end - start;
        prefix = "";
        newLines = 0;
        newCell = false;
    }
}
