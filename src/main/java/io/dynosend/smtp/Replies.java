package io.dynosend.smtp;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Reads one reply (RFC 5321 §4.2), of whatever length, within bounds. */
final class Replies {

    static final int SHOWN = 500;

    private static final int MOST_BYTES = 256 * 1024;
    private static final int MOST_LINES = 1_000;

    private final Source source;
    private final int longest;
    private final StringBuilder text = new StringBuilder();
    private @Nullable String enhanced;
    private int bytes;

    /** One byte after the other. */
    @FunctionalInterface
    interface Source {
        int next() throws IOException;
    }

    /**
     * @param longest how many characters of the text are kept
     */
    Replies(Source source, int longest) {
        this.source = source;
        this.longest = longest;
    }

    /**
     * The next reply; of one that is very long, its beginning.
     *
     * @throws IOException also if it is none: no code, changing codes, or no end
     */
    Reply next() throws IOException {
        int code = code();
        int lines = 1;
        while (line(lines == 1)) {
            if (++lines > MOST_LINES) throw endless();
            if (code() != code) throw new IOException("the server's answer changes its code");
        }
        return new Reply(code, enhanced, text.toString());
    }

    /** The line that has come so far, fit to be shown. */
    static String shown(ByteBuffer bytes) {
        var shown = new StringBuilder();
        int end = Math.min(bytes.limit(), bytes.position() + SHOWN);
        for (int i = bytes.position();
                i < end && bytes.get(i) != '\r' && bytes.get(i) != '\n';
                i++) {
            shown.append(shown(bytes.get(i)));
        }
        return shown.toString();
    }

    private int code() throws IOException {
        int first = digit('2', '5');
        int second = digit('0', '9');
        return 100 * first + 10 * second + digit('0', '9');
    }

    private int digit(char lowest, char highest) throws IOException {
        int c = read();
        if (c < lowest || c > highest) throw noSmtp();
        return c - '0';
    }

    /** The rest of a line after its code; whether another one follows. */
    private boolean line(boolean first) throws IOException {
        int c = read();
        boolean more = c == '-';
        if (c == '\r' || c == '\n') {
            endAfter(c);
            return false;
        }
        if (!more && c != ' ') throw noSmtp();
        if (!first) append('\n');
        int start = text.length();
        for (c = read(); c != '\n'; c = read()) if (c != '\r') append(shown((byte) c));
        takeEnhanced(start, first);
        return more;
    }

    private void endAfter(int c) throws IOException {
        while (c != '\n') c = read();
    }

    private int read() throws IOException {
        if (++bytes > MOST_BYTES) throw endless();
        return source.next();
    }

    private void append(char c) {
        if (text.length() < longest) text.append(c);
    }

    // Each line begins with it (RFC 2034 §4); it is shown once.
    private void takeEnhanced(int start, boolean first) {
        int end = endOfEnhanced(start);
        if (end < 0) return;
        String found = text.substring(start, end);
        if (first) enhanced = found;
        if (found.equals(enhanced)) text.delete(start, Math.min(end + 1, text.length()));
    }

    /** Where a class, a subject and a detail of RFC 3463 §2 end; -1 if there are none. */
    private int endOfEnhanced(int start) {
        if (start >= text.length() || "245".indexOf(text.charAt(start)) < 0) return -1;
        int subject = endOfNumber(start + 1);
        int end = subject < 0 ? -1 : endOfNumber(subject);
        return end == text.length() || (end > 0 && text.charAt(end) == ' ') ? end : -1;
    }

    /** Behind a dot and up to three digits; -1 if they are not there. */
    private int endOfNumber(int dot) {
        if (dot >= text.length() || text.charAt(dot) != '.') return -1;
        int end = dot + 1;
        while (end < text.length() && end < dot + 4 && isDigit(text.charAt(end))) end++;
        return end == dot + 1 ? -1 : end;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static char shown(byte b) {
        return b >= ' ' && b < 0x7f ? (char) b : '?';
    }

    private static IOException noSmtp() {
        return new IOException("the server's answer is no SMTP");
    }

    private static IOException endless() {
        return new IOException("the server's answer does not end");
    }
}
