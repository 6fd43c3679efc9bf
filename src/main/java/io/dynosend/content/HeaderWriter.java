package io.dynosend.content;

import io.dynosend.common.EmailAddress;
import java.util.List;

/** Writes header fields (RFC 5322 §2.2), folded between words at 76 characters where possible. */
final class HeaderWriter {

    private static final int LINE = 76;
    // A longer word would make a long line although an encoded word could be folded.
    private static final int LONGEST_PLAIN_WORD = 60;
    private static final String WIDE_GAP = " ".repeat(8);
    private static final String ATEXT_SPECIALS = "!#$%&'*+-/=?^_`{|}~";

    private final Octets out;
    private int column;
    private boolean lineHasText;

    HeaderWriter(Octets out) {
        this.out = out;
    }

    /** Free text: as it is if that is safe, else as encoded words. */
    void text(String name, String text) {
        begin(name);
        if (!isPlain(text)) {
            encoded(text);
        } else if (!text.isEmpty()) {
            words(text);
        }
        end();
    }

    /**
     * An address with a name before it, which may be empty. What ASCII cannot write of it is UTF-8
     * (RFC 6532 §3.2).
     */
    void mailbox(String name, String displayName, EmailAddress address) {
        begin(name);
        String written = address.written();
        if (displayName.isEmpty()) {
            word(written);
        } else {
            phrase(displayName);
            word("<" + written + ">");
        }
        end();
    }

    /** A structured field; only its words beyond ASCII are encoded, the rest stays as given. */
    void field(String name, String value) {
        begin(name);
        String[] words = value.split(" ", -1);
        for (int i = 0; i < words.length; i++) {
            if (Ascii.isPrintable(words[i])) {
                word(words[i]);
            } else {
                int last = lastOfRun(words, i);
                encoded(String.join(" ", List.of(words).subList(i, last + 1)));
                i = last;
            }
        }
        end();
    }

    /** A field with parameters (RFC 2045 §5.1), each of them kept in one line. */
    void parameters(String name, String value, List<String> parameters) {
        begin(name);
        String before = value;
        for (String parameter : parameters) {
            word(before + ";");
            before = parameter;
        }
        word(before);
        end();
    }

    private void begin(String name) {
        out.ascii(name).ascii(":");
        column = name.length() + 1;
        lineHasText = false;
    }

    private static boolean isPlain(String text) {
        return Ascii.isPrintable(text)
                && !text.contains("=?")
                && !text.contains(WIDE_GAP)
                && longestWord(text) <= LONGEST_PLAIN_WORD;
    }

    private static int longestWord(String text) {
        int longest = 0;
        int word = 0;
        for (int i = 0; i < text.length(); i++) {
            word = text.charAt(i) == ' ' ? 0 : word + 1;
            longest = Math.max(longest, word);
        }
        return longest;
    }

    private void words(String text) {
        for (String word : text.split(" ", -1)) word(word);
    }

    private void encoded(String text) {
        EncodedWords.of(text, LINE - column - 1).forEach(this::word);
    }

    private void phrase(String name) {
        if (name.length() > LONGEST_PLAIN_WORD || !isPlain(name)) {
            encoded(name);
        } else if (isAtoms(name)) {
            words(name);
        } else {
            word('"' + name.replace("\\", "\\\\").replace("\"", "\\\"") + '"');
        }
    }

    private static boolean isAtoms(String name) {
        return !name.contains("  ")
                && name.chars()
                        .allMatch(c ->
                                c == ' '
                                        || Character.isLetterOrDigit(c)
                                        || ATEXT_SPECIALS.indexOf(c) >= 0);
    }

    // Blanks between two encoded words are not shown (RFC 2047 §6.2), so neighbours become one
    // text.
    private static int lastOfRun(String[] words, int first) {
        int last = first;
        while (last + 1 < words.length && !Ascii.isPrintable(words[last + 1])) last++;
        return last;
    }

    // A fold never leaves a line of blanks only (RFC 5322 §3.2.2), nor the name alone.
    private void word(String word) {
        if (column + 1 + word.length() > LINE && lineHasText && !word.isEmpty()) {
            out.ascii("\r\n");
            column = 0;
            lineHasText = false;
        }
        out.ascii(" ").utf8(word);
        column += 1 + word.length();
        lineHasText |= !word.isEmpty();
    }

    private void end() {
        out.ascii("\r\n");
    }
}
