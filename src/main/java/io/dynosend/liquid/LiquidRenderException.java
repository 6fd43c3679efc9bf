package io.dynosend.liquid;

/**
 * A rendering that was stopped: a limit passed, an operation without a result, or an undefined name
 * where these are refused.
 */
public final class LiquidRenderException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String problem;
    private final int line;
    private final String partial;
    private final boolean limit;

    public LiquidRenderException(String problem) {
        this(problem, problem, 0, "", false);
    }

    private LiquidRenderException(
            String message, String problem, int line, String partial, boolean limit) {
        super(message, null, false, false);
        this.problem = problem;
        this.line = line;
        this.partial = partial;
        this.limit = limit;
    }

    /** A limit is passed: nothing goes on after it, however lax the engine is. */
    public static LiquidRenderException limit(String problem) {
        return new LiquidRenderException(problem, problem, 0, "", true);
    }

    /** What is wrong, without the place. */
    public String problem() {
        return problem;
    }

    /** Whether a limit was passed. */
    public boolean isLimit() {
        return limit;
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
        return new LiquidRenderException(
                "Line %d%s: %s".formatted(where, of, problem), problem, where, partial, limit);
    }

    /** As a lax engine shows it in place of what failed: {@code Liquid error (line 3): …}. */
    public String shown() {
        String name = partial.isEmpty() ? "" : partial + " ";
        return "Liquid error (%sline %d): %s".formatted(name, line, problem);
    }
}
