package io.dynosend.content;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Text for a header as encoded words (RFC 2047): UTF-8, in the shorter of the two encodings. */
final class EncodedWords {

    private static final int LONGEST = 75;
    private static final int FRAME = "=?UTF-8?Q??=".length();
    private static final String HEX = "0123456789ABCDEF";

    private EncodedWords() {}

    /**
     * Encodes all of the text; no character is spread over two words.
     *
     * @param room how many characters the first word may have; too few for one character counts as
     *     a whole line
     * @return words of at most 75 characters, to be parted by blanks
     */
    static List<String> of(String text, int room) {
        boolean quoted = quotedLength(text) <= base64Length(text);
        var words = new ArrayList<String>();
        int limit = room < FRAME + 12 ? LONGEST : Math.min(room, LONGEST);
        int start = 0;
        int bytes = 0;
        int quotedChars = 0;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            int moreBytes = utf8Length(c);
            int moreChars = quotedLength(c);
            int length = quoted ? quotedChars + moreChars : (bytes + moreBytes + 2) / 3 * 4;
            if (length > limit - FRAME) {
                words.add(word(text.substring(start, i), quoted));
                limit = LONGEST;
                start = i;
                bytes = 0;
                quotedChars = 0;
            }
            bytes += moreBytes;
            quotedChars += moreChars;
            i += Character.charCount(c);
        }
        words.add(word(text.substring(start), quoted));
        return words;
    }

    private static int quotedLength(String text) {
        return text.codePoints().map(EncodedWords::quotedLength).sum();
    }

    private static int quotedLength(int c) {
        return c == ' ' || isPlain(c) ? 1 : 3 * utf8Length(c);
    }

    private static int base64Length(String text) {
        return (text.codePoints().map(EncodedWords::utf8Length).sum() + 2) / 3 * 4;
    }

    // RFC 2047 §5 (3): what may stand for itself within a display name, the strictest place.
    private static boolean isPlain(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || (c != 0 && "!*+-/".indexOf(c) >= 0);
    }

    private static int utf8Length(int c) {
        if (c < 0x80) return 1;
        if (c < 0x800) return 2;
        return c <= 0xffff ? 3 : 4;
    }

    private static String word(String text, boolean quoted) {
        byte[] bytes = wellFormed(text).getBytes(StandardCharsets.UTF_8);
        return quoted
                ? "=?UTF-8?Q?" + quoted(bytes) + "?="
                : "=?UTF-8?B?" + Base64.getEncoder().encodeToString(bytes) + "?=";
    }

    private static String wellFormed(String text) {
        var copy = new StringBuilder(text.length());
        text.codePoints()
                .map(c -> c >= 0xd800 && c <= 0xdfff ? 0xfffd : c)
                .forEach(copy::appendCodePoint);
        return copy.toString();
    }

    private static String quoted(byte[] bytes) {
        var out = new StringBuilder(bytes.length * 3);
        for (byte b : bytes) {
            if (b == ' ') {
                out.append('_');
            } else if (isPlain(b)) {
                out.append((char) b);
            } else {
                out.append('=').append(HEX.charAt(b >> 4 & 0xf)).append(HEX.charAt(b & 0xf));
            }
        }
        return out.toString();
    }
}
