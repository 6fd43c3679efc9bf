package io.dynosend.mailbox;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * What a client sends after DATA, up to and without the line of a single dot, with the transparency
 * of RFC 5321 §4.5.2 undone. Only CR LF ends a line, so nothing but {@code CR LF . CR LF} ends the
 * message; any other byte passes as it is.
 */
final class DataStream extends InputStream {

    private static final int BLOCK = 8 * 1024; // not above the connection's buffer: see fill

    private final InputStream in;
    private final byte[] raw = new byte[BLOCK];
    private final byte[] cooked = new byte[BLOCK + 1]; // and a CR held back by the block before
    private int from;
    private int to;
    private Seen seen = Seen.LINE_START;

    private enum Seen {
        OTHER,
        CR,
        LINE_START,
        DOT,
        DOT_CR,
        END
    }

    /**
     * @param in must support mark; is read up to the final dot's line end and no further, since the
     *     next command may already follow (RFC 2920 §3.1)
     */
    DataStream(InputStream in) {
        this.in = in;
    }

    @Override
    public int read() throws IOException {
        return isDrained() ? -1 : cooked[from++] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) return 0;
        if (isDrained()) return -1;
        int n = Math.min(length, to - from);
        System.arraycopy(cooked, from, target, offset, n);
        from += n;
        return n;
    }

    private boolean isDrained() throws IOException {
        while (from == to && seen != Seen.END) fill();
        return from == to;
    }

    private void fill() throws IOException {
        in.mark(BLOCK);
        int length = in.read(raw);
        if (length < 0) throw new EOFException("The client went away before the final dot");
        from = 0;
        to = 0;
        for (int i = 0; i < length; i++) {
            take(raw[i]);
            if (seen == Seen.END) {
                in.reset();
                in.skipNBytes(i + 1L);
                return;
            }
        }
    }

    private void take(byte b) {
        switch (seen) {
            case LINE_START -> {
                if (b == '.') seen = Seen.DOT;
                else pass(b);
            }
            case DOT -> {
                if (b == '\r') seen = Seen.DOT_CR;
                else pass(b);
            }
            case DOT_CR -> {
                if (b == '\n') {
                    seen = Seen.END;
                } else {
                    pass((byte) '\r');
                    pass(b);
                }
            }
            case OTHER, CR, END -> pass(b);
        }
    }

    private void pass(byte b) {
        cooked[to++] = b;
        if (b == '\r') seen = Seen.CR;
        else seen = b == '\n' && seen == Seen.CR ? Seen.LINE_START : Seen.OTHER;
    }
}
