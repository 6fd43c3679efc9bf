package io.dynosend.liquid.filter;

import io.dynosend.liquid.LiquidRenderException;
import io.dynosend.liquid.value.Rendering;
import org.jspecify.annotations.Nullable;

/**
 * A filter and how many arguments it takes.
 *
 * @param least the fewest arguments
 * @param most the most arguments; named ones count as one, the last
 * @param knowsSafeText whether it is shown safe text as such, and not as a plain string
 */
public record Filter(String name, int least, int most, boolean knowsSafeText, Body body) {

    static Filter of(String name, int least, int most, Body body) {
        return new Filter(name, least, most, false, body);
    }

    /** The same for a number of arguments that it does not take: it only says so. */
    public Filter failing(int count) {
        String expected =
                least == most
                        ? Integer.toString(least + 1)
                        : "%d..%d".formatted(least + 1, most + 1);
        String problem =
                "wrong number of arguments (given %d, expected %s)".formatted(count + 1, expected);
        Body fails =
                (_, _, _) -> {
                    throw new LiquidRenderException(problem);
                };
        return new Filter(name, 0, Integer.MAX_VALUE, true, fails);
    }

    /** What it does. */
    @FunctionalInterface
    public interface Body {

        /** Never changes the arguments, which may be constants of the template. */
        @Nullable Object apply(
                @Nullable Object input, @Nullable Object[] arguments, Rendering rendering);
    }
}
