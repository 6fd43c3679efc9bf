package io.dynosend.content;

/** Text that stands in many messages, encoded once as it is at the start of a line. */
final class EncodedText {

    private final String source;
    private final byte[] bytes;
    private final int firstLine;
    private final int lastLine;
    private final boolean oneLine;
    private final boolean asWritten;
    private final char blank;
    private final char first;
    private final boolean mark;
    private final boolean endsWithReturn;

    EncodedText(String source) {
        this.source = source;
        first = source.isEmpty() ? 0 : source.charAt(0);
        endsWithReturn = source.endsWith("\r");
        mark = first != 0 && QuotedPrintable.isMark(source, 0, source.length());
        var out = new Octets(source.length() + 16);
        var encoder = new QuotedPrintable(out);
        if (mark) encoder.inLine(first);
        encoder.text(mark ? source.substring(1) : source);
        bytes = out.toArray();
        lastLine = encoder.column();
        blank = encoder.blank();
        asWritten = encoder.isAsWritten();
        int end = firstLineEnd(bytes);
        oneLine = end == bytes.length;
        firstLine = !oneLine && end > 0 && bytes[end - 1] == '=' ? end - 1 : end;
    }

    String source() {
        return source;
    }

    /** Without the blank at its end. */
    byte[] bytes() {
        return bytes;
    }

    /** How much room its first line needs, in octets; a soft line break is not counted. */
    int firstLine() {
        return firstLine;
    }

    /** Octets in its last line. */
    int lastLine() {
        return lastLine;
    }

    boolean isOneLine() {
        return oneLine;
    }

    /** The blank that it ends with; 0 if there is none. */
    char blank() {
        return blank;
    }

    boolean isAsWritten() {
        return asWritten;
    }

    /** Whether it begins with what may not begin a line as it is. */
    boolean isMark() {
        return mark;
    }

    /** Whether it begins with the end of a line. */
    boolean isLineEnd() {
        return first == '\n' || first == '\r';
    }

    /** Whether one of its ends may be half of a line end of two characters. */
    boolean isPartOfLineEnd(boolean afterReturn) {
        return (afterReturn && first == '\n') || endsWithReturn;
    }

    private static int firstLineEnd(byte[] bytes) {
        int end = 0;
        while (end < bytes.length && bytes[end] != '\r') end++;
        return end;
    }
}
