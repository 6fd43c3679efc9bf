package io.dynosend.dkim;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.MessageDigest;

/**
 * The hash of a body in relaxed form (RFC 6376 §3.4.4): white space at the end of a line is gone,
 * other white space is one blank, empty lines at the end are gone.
 */
final class RelaxedBody {

    private static final int BLOCK = 8_192;
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long BLANKS = '!' * ONES;
    private static final long TABS = '\t' * ONES;
    private static final long HIGHEST_BITS = 0x8080808080808080L;
    private static final byte[] LINE_END = {'\r', '\n'};

    private final byte[] message;
    private final MessageDigest digest = Crypto.sha256();
    private final byte[] block = new byte[BLOCK];
    private int size;
    // A line that says something must follow them.
    private int emptyLines;

    private RelaxedBody(byte[] message) {
        this.message = message;
    }

    /**
     * Its SHA-256.
     *
     * @param start where the body begins in the message
     */
    static byte[] hash(byte[] message, int start) {
        var body = new RelaxedBody(message);
        int at = start;
        while (at < message.length) at = body.line(at);
        body.flush();
        return body.digest.digest();
    }

    /** Digests one line; answers where the next begins. */
    private int line(int start) {
        int at = afterWhiteSpace(start);
        if (at < message.length && !endsAt(at)) {
            writeEmptyLines();
            if (at > start) write((byte) ' ');
            at = words(at);
            write(LINE_END[0]);
            write(LINE_END[1]);
        } else {
            emptyLines++;
        }
        return Math.min(at + LINE_END.length, message.length);
    }

    // Words and the blanks between them; answers where the line ends.
    private int words(int start) {
        int at = start;
        while (true) {
            at = word(at);
            if (at >= message.length || endsAt(at)) return at;
            byte b = message[at];
            if (b != ' ' && b != '\t') {
                write(b);
                at++;
                continue;
            }
            at = afterWhiteSpace(at);
            if (at >= message.length || endsAt(at)) return at;
            write((byte) ' ');
        }
    }

    // What stays as it is, up to where a blank is followed by another or by the end of the line.
    private int word(int start) {
        int at = start;
        while (true) {
            if (size == BLOCK) flush();
            int end = Math.min(message.length, at + BLOCK - size);
            int clean = endOfClean(at, end);
            System.arraycopy(message, at, block, size, clean - at);
            size += clean - at;
            at = clean;
            if (at < end || at == message.length) return at;
        }
    }

    // Eight bytes at once while none is a tab, and no two neighbours are blanks or controls.
    private int endOfClean(int start, int end) {
        int at = start;
        while (at + Long.BYTES < end) {
            long bytes = (long) LONGS.get(message, at);
            long next = (long) LONGS.get(message, at + 1);
            long neighbours = below(bytes, BLANKS) & below(next, BLANKS);
            if ((neighbours | below(bytes ^ TABS, ONES)) != 0) break;
            at += Long.BYTES;
        }
        while (at < end && !isBlank(at)) at++;
        return at;
    }

    // The highest bit of each byte below the limit; a byte above one of those may be wrong.
    private static long below(long bytes, long limit) {
        return (bytes - limit) & ~bytes & HIGHEST_BITS;
    }

    private boolean isBlank(int at) {
        return message[at] >= 0 && message[at] <= ' ';
    }

    private void writeEmptyLines() {
        for (; emptyLines > 0; emptyLines--) {
            write(LINE_END[0]);
            write(LINE_END[1]);
        }
    }

    private void write(byte b) {
        if (size == BLOCK) flush();
        block[size++] = b;
    }

    private void flush() {
        digest.update(block, 0, size);
        size = 0;
    }

    private boolean endsAt(int at) {
        return message[at] == '\r' && at + 1 < message.length && message[at + 1] == '\n';
    }

    private int afterWhiteSpace(int at) {
        int after = at;
        while (after < message.length && (message[after] == ' ' || message[after] == '\t')) after++;
        return after;
    }
}
