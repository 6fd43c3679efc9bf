package io.dynosend.smtp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A message as it may go over the wire: CRLF line ends, one of them last, no NUL. A bare CR or LF
 * becomes a line end, so that no receiver can find a dot on a line of its own where we wrote none.
 */
final class Content {

    private static final VarHandle WORDS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long EACH = 0x0101010101010101L;
    private static final long HIGH = 0x8080808080808080L;
    private static final long CONTROLS = EACH * 14;

    private final byte[] bytes;
    private final boolean eightBit;
    private final boolean dotted;

    private Content(byte[] bytes, Scan scan) {
        this.bytes = bytes;
        this.eightBit = (scan.high & HIGH) != 0;
        this.dotted = scan.dotted;
    }

    /** Of a message that is fit already, the very array. */
    static Content of(byte[] message) {
        var scan = new Scan(message);
        if (scan.fit) return new Content(message, scan);
        byte[] fit = fit(message);
        return new Content(fit, new Scan(fit));
    }

    /** In octets, as SIZE counts them (RFC 1870 §5): without the dots that DATA adds. */
    int size() {
        return bytes.length;
    }

    /** Whether there are letters beyond ASCII (RFC 6152). */
    boolean eightBit() {
        return eightBit;
    }

    void write(Wire wire, int from, int to) throws IOException {
        wire.bytes(bytes, from, to - from);
    }

    /** Dots at the start of a line doubled (RFC 5321 §4.5.2). */
    void writeStuffed(Wire wire) throws IOException {
        int from = 0;
        if (dotted) {
            boolean lineStart = true;
            for (int i = 0; i < bytes.length; i++) {
                if (lineStart && bytes[i] == '.') {
                    wire.bytes(bytes, from, i + 1 - from);
                    from = i;
                }
                lineStart = bytes[i] == '\n';
            }
        }
        wire.bytes(bytes, from, bytes.length - from);
    }

    private static byte[] fit(byte[] message) {
        var fit = new ByteArrayOutputStream(message.length + 128);
        boolean lineStart = true;
        for (int i = 0; i < message.length; i++) {
            byte b = message[i];
            if (b == 0) continue;
            lineStart = b == '\r' || b == '\n';
            if (lineStart) {
                fit.write('\r');
                fit.write('\n');
                if (b == '\r' && i + 1 < message.length && message[i + 1] == '\n') i++;
            } else {
                fit.write(b);
            }
        }
        if (!lineStart || fit.size() == 0) {
            fit.write('\r');
            fit.write('\n');
        }
        return fit.toByteArray();
    }

    /** One look at the bytes, eight at a time; more closely where a line ends. */
    private static final class Scan {

        // The top bit of a byte in a word of eight.
        private static final long LAST = 0x80;

        private boolean fit;
        private boolean dotted;
        private long high;
        private long afterCr;
        private long afterLf = LAST;

        Scan(byte[] bytes) {
            int length = bytes.length;
            fit = length > 1 && bytes[length - 1] == '\n';
            int i = 0;
            for (; i + 8 <= length; i += 8) read((long) WORDS.get(bytes, i));
            if (i < length) read(lastWord(bytes, i));
        }

        private void read(long word) {
            high |= word;
            // Of each byte below 14, as CR, LF and NUL are, and at times of the byte behind it.
            long controls = (word - CONTROLS) & ~word & HIGH;
            if ((controls | afterCr | afterLf) != 0) readLineEnds(word);
        }

        private void readLineEnds(long word) {
            long cr = equal(word, '\r');
            long lf = equal(word, '\n');
            afterCr |= cr << 8;
            afterLf |= lf << 8;
            fit &= afterCr == lf && equal(word, 0) == 0;
            dotted |= (afterLf & equal(word, '.')) != 0;
            afterCr = cr >>> 56;
            afterLf = lf >>> 56;
        }

        /** The top bit of each byte that is this one. */
        private static long equal(long word, int value) {
            long zero = word ^ EACH * value;
            return ~(((zero & ~HIGH) + ~HIGH) | zero | ~HIGH);
        }

        private static long lastWord(byte[] bytes, int from) {
            long word = EACH * ' ';
            for (int i = from; i < bytes.length; i++) {
                int shift = 8 * (i - from);
                word = (word & ~(0xFFL << shift)) | ((bytes[i] & 0xFFL) << shift);
            }
            return word;
        }
    }
}
