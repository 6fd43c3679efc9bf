package io.dynosend.liquid;

import java.time.Duration;

/**
 * How much one rendering may use before it is stopped, so that a stranger's template costs little.
 *
 * @param outputChars the longest text that a rendering, or any value it builds, may become
 * @param steps how many nodes may be rendered and list items touched
 * @param nesting how deep tags, expressions and partials may nest
 * @param time how long a rendering may take
 */
public record Limits(int outputChars, int steps, int nesting, Duration time) {

    /** Far more than a newsletter needs, far less than hurts. */
    public static final Limits DEFAULT =
            new Limits(4_000_000, 2_000_000, 100, Duration.ofSeconds(5));

    /**
     * Takes positive limits only.
     *
     * @throws IllegalArgumentException if one of them is not positive
     */
    public Limits {
        if (outputChars < 1 || steps < 1 || nesting < 1 || !time.isPositive()) {
            throw new IllegalArgumentException("Limits are positive");
        }
    }
}
