package io.dynosend.smtp;

import java.io.IOException;
import java.io.OutputStream;

/** A message as it goes over the wire after DATA, without the final dot. */
final class Body {

    private Body() {}

    /**
     * Writes it with CRLF line ends, dots at the start of a line doubled (RFC 5321 §4.5.2), and a
     * line end at its end. A bare CR or LF becomes a line end, so that no receiver can find a dot
     * on a line of its own where we wrote none.
     */
    static void write(byte[] message, OutputStream out) throws IOException {
        boolean lineStart = true;
        int from = 0;
        for (int i = 0; i < message.length; i++) {
            byte b = message[i];
            if (lineStart && b == '.') {
                out.write(message, from, i - from);
                out.write('.');
                from = i;
            }
            lineStart = false;
            if (b == '\r' || b == '\n' || b == 0) {
                out.write(message, from, i - from);
                boolean pair = b == '\r' && i + 1 < message.length && message[i + 1] == '\n';
                if (b != 0) {
                    out.write('\r');
                    out.write('\n');
                    lineStart = true;
                }
                if (pair) i++;
                from = i + 1;
            }
        }
        out.write(message, from, message.length - from);
        if (!lineStart) {
            out.write('\r');
            out.write('\n');
        }
    }
}
