package io.dynosend.liquid;

/** A template that cannot be parsed: where, what was expected, and the line with a marker. */
public final class LiquidSyntaxException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private static final int WIDTH = 100;

    private final int line;
    private final int column;
    private final String problem;
    private final String sourceLine;

    /**
     * Says where and what.
     *
     * @param line from 1
     * @param column from 1, in characters
     * @param problem what is wrong and what was expected, without the position
     * @param sourceLine the whole line of the template
     */
    public LiquidSyntaxException(int line, int column, String problem, String sourceLine) {
        super("Line %d, column %d: %s".formatted(line, column, problem), null, false, false);
        this.line = line;
        this.column = column;
        this.problem = problem;
        this.sourceLine = sourceLine;
    }

    public int line() {
        return line;
    }

    public int column() {
        return column;
    }

    public String problem() {
        return problem;
    }

    public String sourceLine() {
        return sourceLine;
    }

    /** Blanks and a caret, to show below the source line in a font of one width. */
    public String marker() {
        return blanks(0) + "^";
    }

    /**
     * The source line with the marker on a line below it; of a long line only what is around the
     * place.
     */
    public String excerpt() {
        int from = sourceLine.length() <= WIDTH ? 0 : Math.max(0, column - 1 - WIDTH / 2);
        int to = Math.min(sourceLine.length(), from + WIDTH);
        String before = from > 0 ? "…" : "";
        String after = to < sourceLine.length() ? "…" : "";
        return before
                + sourceLine.substring(Math.min(from, to), to)
                + after
                + "\n"
                + " ".repeat(before.length())
                + blanks(from)
                + "^";
    }

    // As wide as what stands before the place, whose tabs are of any width.
    private String blanks(int from) {
        StringBuilder blanks = new StringBuilder();
        for (int i = from; i < column - 1; i++) {
            boolean tab = i < sourceLine.length() && sourceLine.charAt(i) == '\t';
            blanks.append(tab ? '\t' : ' ');
        }
        return blanks.toString();
    }
}
