package io.dynosend.liquid.parse;

import io.dynosend.liquid.Block;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How an engine is set up, as far as parsing depends on it.
 *
 * @param lax whether what is no right expression is read as far as it makes sense
 * @param nesting how deep blocks, brackets and partials may nest
 * @param partials the source of a partial by its name, null if there is none
 */
public record Dialect(
        boolean escapesHtml,
        boolean strict,
        boolean lax,
        int nesting,
        Map<String, Block> blocks,
        Function<String, @Nullable String> partials) {}
