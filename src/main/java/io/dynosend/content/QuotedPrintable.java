package io.dynosend.content;

/**
 * Text as quoted-printable UTF-8 (RFC 2045 §6.7): lines of at most 76 octets, every kind of line
 * end as CRLF.
 *
 * <p>A dot that begins a line and the word From before a blank are encoded too, so that no relay
 * has to stuff or quote them.
 */
final class QuotedPrintable {

    // One less than allowed: the soft line break's own "=" is the 76th.
    private static final int ROOM = 75;
    private static final byte[] HEX = {
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'
    };

    private final CharSequence text;
    private final Octets out;
    private int column;

    private QuotedPrintable(CharSequence text, Octets out) {
        this.text = text;
        this.out = out;
    }

    static void encode(CharSequence text, Octets out) {
        new QuotedPrintable(text, out).encode();
    }

    private void encode() {
        int length = text.length();
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            out.reserve(16);
            if (c > ' ' && c <= '~' && c != '=') {
                printable(c, i);
            } else if (c == '\n' || c == '\r') {
                if (c == '\r' && i + 1 < length && text.charAt(i + 1) == '\n') i++;
                hardBreak();
            } else if (c == ' ' || c == '\t') {
                blank(c, i);
            } else {
                int codePoint = Character.codePointAt(text, i);
                if (codePoint > 0xffff) i++;
                escaped(codePoint);
            }
        }
    }

    private void printable(char c, int i) {
        breakUnlessRoom(1);
        if (column == 0 && (c == '.' || (c == 'F' && isFrom(i)))) {
            octet(c);
        } else {
            out.put(c);
            column++;
        }
    }

    private boolean isFrom(int i) {
        return text.length() - i > 4
                && text.charAt(i + 1) == 'r'
                && text.charAt(i + 2) == 'o'
                && text.charAt(i + 3) == 'm'
                && text.charAt(i + 4) == ' ';
    }

    // Rule 3: a blank that ends a line would be lost on the way.
    private void blank(char c, int i) {
        boolean last =
                i + 1 == text.length() || text.charAt(i + 1) == '\n' || text.charAt(i + 1) == '\r';
        breakUnlessRoom(last ? 3 : 1);
        if (last) {
            octet(c);
        } else {
            out.put(c);
            column++;
        }
    }

    private void hardBreak() {
        out.put('\r');
        out.put('\n');
        column = 0;
    }

    // A character is never spread over two lines: some readers decode line by line.
    private void escaped(int codePoint) {
        if (codePoint < 0x80) {
            breakUnlessRoom(3);
            octet(codePoint);
        } else if (codePoint < 0x800) {
            breakUnlessRoom(6);
            octet(0xc0 | (codePoint >> 6));
            octet(continuation(codePoint));
        } else if (codePoint <= 0xffff) {
            breakUnlessRoom(9);
            boolean lonelySurrogate = codePoint >= 0xd800 && codePoint <= 0xdfff;
            int c = lonelySurrogate ? 0xfffd : codePoint;
            octet(0xe0 | (c >> 12));
            octet(continuation(c >> 6));
            octet(continuation(c));
        } else {
            breakUnlessRoom(12);
            octet(0xf0 | (codePoint >> 18));
            octet(continuation(codePoint >> 12));
            octet(continuation(codePoint >> 6));
            octet(continuation(codePoint));
        }
    }

    private static int continuation(int bits) {
        return 0x80 | (bits & 0x3f);
    }

    private void breakUnlessRoom(int octets) {
        if (column + octets <= ROOM) return;
        out.put('=');
        hardBreak();
    }

    private void octet(int value) {
        out.put('=');
        out.put(HEX[value >> 4]);
        out.put(HEX[value & 0xf]);
        column += 3;
    }
}
