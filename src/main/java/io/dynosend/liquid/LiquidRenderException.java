package io.dynosend.liquid;

/**
 * A rendering that was stopped: a limit passed, an operation without a result, or an undefined name
 * where these are refused.
 */
public final class LiquidRenderException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int line;

    public LiquidRenderException(String message) {
        this(message, 0);
    }

    private LiquidRenderException(String message, int line) {
        super(message, null, false, false);
        this.line = line;
    }

    /** The line of the template or partial, from 1; 0 if it is not known. */
    public int line() {
        return line;
    }

    /**
     * The same, saying the line unless an inner one is known already.
     *
     * @param partial the name of the partial it is a line of, empty for the template itself
     */
    public LiquidRenderException at(int where, String partial) {
        if (line > 0) {
            return this;
        }
        String of = partial.isEmpty() ? "" : " of '" + partial + "'";
        return new LiquidRenderException("Line %d%s: %s".formatted(where, of, getMessage()), where);
    }
}
