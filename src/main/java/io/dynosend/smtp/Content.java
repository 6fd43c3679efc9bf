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

    /** One look at each byte, eight at a time where none of them is a control character. */
    private static final class Scan {

        private final byte[] bytes;
        private boolean fit;
        private boolean dotted;
        private long high;

        Scan(byte[] bytes) {
            this.bytes = bytes;
            int length = bytes.length;
            fit = length > 1 && bytes[length - 1] == '\n';
            dotted = length > 0 && bytes[0] == '.';
            int i = 0;
            for (; i + 8 <= length; i += 8) {
                long word = (long) WORDS.get(bytes, i);
                high |= word & HIGH;
                // A bit for each byte below 14, as CR, LF and NUL are, and for some above them.
                long hits = (word - CONTROLS) & ~word & HIGH;
                for (; hits != 0; hits &= hits - 1) {
                    look(i + (Long.numberOfTrailingZeros(hits) >>> 3));
                }
            }
            for (; i < length; i++) {
                high |= bytes[i] & 0x80;
                look(i);
            }
        }

        private void look(int i) {
            switch (bytes[i]) {
                case 0 -> fit = false;
                case '\r' -> fit &= at(i + 1) == '\n';
                case '\n' -> {
                    fit &= at(i - 1) == '\r';
                    dotted |= at(i + 1) == '.';
                }
                default -> {}
            }
        }

        private int at(int i) {
            return i < 0 || i >= bytes.length ? -1 : bytes[i];
        }
    }
}
