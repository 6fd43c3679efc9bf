package io.dynosend.content;

/**
 * Text as quoted-printable UTF-8 (RFC 2045 §6.7), piece after piece: lines of at most 76 octets,
 * every kind of line end as CRLF. However the text is cut into pieces, the same is read.
 *
 * <p>A dot that begins a line and the word From before a blank are encoded too, so that no relay
 * has to stuff or quote them.
 */
final class QuotedPrintable {

    /** One less than allowed: the soft line break's own "=" is the 76th. */
    static final int ROOM = 75;

    private static final byte[] HEX = {
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'
    };
    private static final String FROM = "From ";

    private final Octets out;
    private int column;
    // A blank waits for what follows it: at the end of a line it would be lost on the way (rule 3).
    private char blank;
    private boolean afterReturn;
    private boolean asWritten = true;

    QuotedPrintable(Octets out) {
        this.out = out;
    }

    static void encode(CharSequence text, Octets out) {
        var encoder = new QuotedPrintable(out);
        encoder.text(text);
        encoder.end();
    }

    /** Begins another text at the start of a line. */
    void begin() {
        column = 0;
        blank = 0;
        afterReturn = false;
        asWritten = true;
    }

    /** Encodes the next piece. */
    void text(CharSequence text) {
        text(text, 0, text.length());
    }

    /** Encodes part of a text as the next piece. */
    void text(CharSequence text, int start, int end) {
        int i = start;
        while (i < end) {
            char c = text.charAt(i);
            if (isPlain(c)) {
                i = plain(text, i, end);
            } else {
                i = other(text, i, c);
            }
        }
    }

    /**
     * The next piece, which is the same in many texts. Where it does not fit into the line that is
     * begun, it starts a new one: so it need not be encoded again.
     */
    void piece(EncodedText piece) {
        if (piece.isPartOfLineEnd(afterReturn)) {
            text(piece.source());
            return;
        }
        if (blank != 0) writeBlank(piece.isLineEnd());
        boolean fits = column + piece.firstLine() <= ROOM;
        if (piece.isMark() && (column == 0 || !fits)) {
            text(piece.source());
            return;
        }
        if (!fits) softBreak();
        out.append(piece.bytes());
        column = piece.isOneLine() ? column + piece.lastLine() : piece.lastLine();
        blank = piece.blank();
        afterReturn = false;
        asWritten &= piece.isAsWritten();
    }

    /** Nothing more comes. */
    void end() {
        if (blank != 0) writeBlank(true);
    }

    /** Whether the text went out as it was, so that it is 7bit text as well (RFC 2045 §2.7). */
    boolean isAsWritten() {
        return asWritten;
    }

    /** Octets in the last line so far. */
    int column() {
        return column;
    }

    /** The blank at the end that is not written yet; 0 if there is none. */
    char blank() {
        return blank;
    }

    /** Writes a character of itself where a line does not begin; whoever calls knows it is so. */
    void inLine(char c) {
        out.reserve(1);
        out.put(c);
        column++;
    }

    private static boolean isPlain(char c) {
        return c > ' ' && c <= '~' && c != '=';
    }

    // A run of characters that stand for themselves, as far as its line goes.
    private int plain(CharSequence text, int start, int length) {
        if (blank != 0) writeBlank(false);
        afterReturn = false;
        if (column >= ROOM) softBreak();
        if (column == 0 && isMark(text, start, length)) {
            octet(text.charAt(start));
            return start + 1;
        }
        int end = Math.min(length, start + ROOM - column);
        int i = start;
        while (i < end && isPlain(text.charAt(i))) i++;
        out.ascii(text, start, i);
        column += i - start;
        return i;
    }

    /** Whether what stands here would be changed at the start of a line, or may be. */
    static boolean isMark(CharSequence text, int at, int length) {
        char c = text.charAt(at);
        if (c != 'F') return c == '.';
        int end = Math.min(length, at + FROM.length());
        for (int i = at + 1; i < end; i++) {
            if (text.charAt(i) != FROM.charAt(i - at)) return false;
        }
        return true;
    }

    private int other(CharSequence text, int i, char c) {
        if (c == '\n' || c == '\r') {
            if (c == '\r' || !afterReturn) hardBreak();
            afterReturn = c == '\r';
            return i + 1;
        }
        if (blank != 0) writeBlank(false);
        afterReturn = false;
        if (c == ' ' || c == '\t') {
            blank = c;
            return i + 1;
        }
        int codePoint = Character.codePointAt(text, i);
        escaped(codePoint);
        return i + Character.charCount(codePoint);
    }

    private void hardBreak() {
        if (blank != 0) writeBlank(true);
        lineEnd();
    }

    private void writeBlank(boolean atLineEnd) {
        breakUnlessRoom(atLineEnd ? 3 : 1);
        if (atLineEnd) octet(blank);
        else inLine(blank);
        blank = 0;
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
        if (column + octets > ROOM) softBreak();
    }

    private void softBreak() {
        out.reserve(1);
        out.put('=');
        lineEnd();
        asWritten = false;
    }

    private void lineEnd() {
        out.reserve(2);
        out.put('\r');
        out.put('\n');
        column = 0;
    }

    private void octet(int value) {
        out.reserve(3);
        out.put('=');
        out.put(HEX[value >> 4]);
        out.put(HEX[value & 0xf]);
        column += 3;
        asWritten = false;
    }
}
