package io.dynosend.content;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes what another language must not touch out of a source, and puts it back. A word of letters
 * and digits stands in for each piece, since every language leaves words alone.
 */
final class LiquidMask {

    /** A piece that was taken out, and where it stood. */
    record Piece(String text, int offset) {}

    private final String prefix;
    private final Pattern words;
    private final List<Piece> pieces = new ArrayList<>();

    /**
     * @param source in which no stand-in may occur by itself
     */
    LiquidMask(String source) {
        String free = "lq";
        while (source.contains(free)) free += "q";
        this.prefix = free;
        this.words = Pattern.compile(free + "(\\d+)x");
    }

    /** Takes a piece out. Returns the word that stands in for it. */
    String hide(String text, int offset) {
        pieces.add(new Piece(text, offset));
        return word(pieces.size() - 1);
    }

    /** The pattern of all words that stand in; its group is the number of the piece. */
    Pattern words() {
        return words;
    }

    Piece piece(String number) {
        return pieces.get(Integer.parseInt(number));
    }

    /** The pieces whose words do not occur. */
    List<Piece> missingIn(String text) {
        var missing = new ArrayList<Piece>();
        for (int i = 0; i < pieces.size(); i++) {
            if (!text.contains(word(i))) missing.add(pieces.get(i));
        }
        return missing;
    }

    /** Puts everything back; a piece may hold words of others. */
    String restored(String text) {
        String restored = text;
        while (words.matcher(restored).find()) {
            restored =
                    words.matcher(restored)
                            .replaceAll(
                                    word -> Matcher.quoteReplacement(piece(word.group(1)).text()));
        }
        return restored;
    }

    private String word(int number) {
        return prefix + number + "x";
    }
}
