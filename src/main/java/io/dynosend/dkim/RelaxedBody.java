package io.dynosend.dkim;

import java.security.MessageDigest;

/**
 * The hash of a body in relaxed form (RFC 6376 §3.4.4): white space at the end of a line is gone,
 * other white space is one blank, empty lines at the end are gone. What is so already, which is
 * nearly all of it, goes to the digest as it lies there.
 */
final class RelaxedBody {

    private static final byte[] BLANK = {' '};
    private static final byte[] LINE_END = {'\r', '\n'};

    private final byte[] message;
    private final MessageDigest digest = Crypto.sha256();
    // What is canonical as it lies there and not digested yet.
    private int from;
    private int to;
    // A line that says something must follow them.
    private int emptyLines;

    private RelaxedBody(byte[] message, int start) {
        this.message = message;
        this.from = start;
        this.to = start;
    }

    /**
     * Its SHA-256.
     *
     * @param start where the body begins in the message
     */
    static byte[] hash(byte[] message, int start) {
        var body = new RelaxedBody(message, start);
        int at = start;
        while (at < message.length) at = body.line(at);
        body.flush();
        return body.digest.digest();
    }

    private int line(int start) {
        int textStart = start;
        int at = start;
        while (!endsAt(at)) {
            if (!isWhiteSpace(at)) {
                at++;
                continue;
            }
            int after = afterWhiteSpace(at);
            if (endsAt(after)) return endOfLine(start, textStart, at, after);
            if (after > at + 1 || message[at] == '\t') {
                text(textStart, at);
                blank();
                textStart = after;
            }
            at = after;
        }
        return endOfLine(start, textStart, at, at);
    }

    private int endOfLine(int start, int textStart, int textEnd, int end) {
        int next = Math.min(end + 2, message.length);
        if (textEnd == start) {
            emptyLines++;
            return next;
        }
        text(textStart, textEnd);
        if (textEnd == end && next == end + 2) {
            text(end, next);
        } else {
            flush();
            digest.update(LINE_END);
        }
        return next;
    }

    private void text(int start, int end) {
        if (start == end) return;
        writeEmptyLines();
        if (start != to) {
            flush();
            from = start;
        }
        to = end;
    }

    private void blank() {
        writeEmptyLines();
        flush();
        digest.update(BLANK);
    }

    private void writeEmptyLines() {
        if (emptyLines == 0) return;
        flush();
        for (; emptyLines > 0; emptyLines--) digest.update(LINE_END);
    }

    private void flush() {
        digest.update(message, from, to - from);
        from = to;
    }

    private boolean endsAt(int at) {
        return at >= message.length
                || (message[at] == '\r' && at + 1 < message.length && message[at + 1] == '\n');
    }

    private int afterWhiteSpace(int at) {
        int after = at;
        while (after < message.length && isWhiteSpace(after)) after++;
        return after;
    }

    private boolean isWhiteSpace(int at) {
        return message[at] == ' ' || message[at] == '\t';
    }
}
