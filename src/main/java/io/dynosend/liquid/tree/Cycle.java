package io.dynosend.liquid.tree;

import io.dynosend.liquid.Output;
import io.dynosend.liquid.value.Texts;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code cycle}: the next of its values each time.
 *
 * @param group values with the same group take turns together
 * @param own what tells this cycle from others if it has no group
 */
public record Cycle(
        @Nullable Expression group, Object own, List<Expression> values, boolean escapes)
        implements Node {

    @Override
    public Flow render(Scope scope, Output out) {
        Object key = group == null ? own : Texts.of(group.evaluate(scope), scope.rendering());
        int place = scope.cycle(key, values.size());
        if (place < values.size()) {
            Expression value = values.get(place);
            boolean written = value instanceof Constant;
            Echo.show(value.evaluate(scope), escapes && !written, scope, out);
        }
        return Flow.ON;
    }
}
