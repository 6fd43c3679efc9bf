package io.dynosend.liquid.parse;

/**
 * A word or sign inside a tag or an output.
 *
 * @param text what it says; of a text in quotes what is between them
 * @param start where it stands in the source
 */
record Lexeme(Kind kind, String text, int start) {

    /** What it is. */
    enum Kind {
        WORD,
        NUMBER,
        STRING,
        COMPARISON,
        PIPE,
        DOT,
        DOTS,
        COLON,
        COMMA,
        OPEN_SQUARE,
        CLOSE_SQUARE,
        OPEN_ROUND,
        CLOSE_ROUND,
        QUESTION,
        DASH,
        END
    }

    boolean isWord(String word) {
        return kind == Kind.WORD && text.equals(word);
    }

    /** For an error: the thing itself, or that nothing is left. */
    String shown() {
        return kind == Kind.END ? "the end" : kind == Kind.STRING ? "a text" : "'" + text + "'";
    }
}
