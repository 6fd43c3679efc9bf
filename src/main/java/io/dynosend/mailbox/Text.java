package io.dynosend.mailbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Words from strangers, made fit to be shown. */
final class Text {

    private static final Charset WINDOWS = Charset.forName("windows-1252");

    private static final Pattern UNREADABLE = Pattern.compile("[\\p{Cc}&&[^\\t\\r\\n]]");

    private Text() {}

    /** On one line: each control character becomes a space. */
    static String printable(String text) {
        if (text.chars().noneMatch(Character::isISOControl)) return text;
        var printable = new StringBuilder(text.length());
        text.chars().forEach(c -> printable.append(Character.isISOControl(c) ? ' ' : (char) c));
        return printable.toString();
    }

    /** On many lines: control characters other than tabs and line ends become U+FFFD. */
    static String readable(String text) {
        return UNREADABLE.matcher(text).replaceAll("\uFFFD");
    }

    static String shortened(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length) + "…";
    }

    /**
     * By the named character set if it is known; else as UTF-8 if it is that, else as Windows-1252.
     */
    static String decode(byte[] bytes, @Nullable String charset) {
        var named = charset == null ? UTF_8 : lookup(charset);
        if (!named.equals(UTF_8)) return new String(bytes, named);
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            return new String(bytes, charset == null || isAscii(charset) ? WINDOWS : UTF_8);
        }
    }

    /** {@code 12.3 KB}; decimal units. */
    static String size(long bytes) {
        if (bytes < 1000) return bytes + " B";
        if (bytes < 1_000_000) return String.format(Locale.ROOT, "%.1f KB", bytes / 1e3);
        return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
    }

    private static Charset lookup(String name) {
        if (isAscii(name)) return UTF_8; // which it is a part of, and what is often meant
        try {
            return Charset.forName(name);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            return UTF_8;
        }
    }

    private static boolean isAscii(String charset) {
        return charset.equalsIgnoreCase("us-ascii") || charset.equalsIgnoreCase("ascii");
    }
}
