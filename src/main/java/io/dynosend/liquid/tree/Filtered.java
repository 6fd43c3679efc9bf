package io.dynosend.liquid.tree;

import io.dynosend.liquid.filter.Filter;
import io.dynosend.liquid.value.SafeText;
import org.jspecify.annotations.Nullable;

/** An expression put through one filter. */
public record Filtered(Expression input, Filter filter, Arguments arguments) implements Expression {

    @Override
    public @Nullable Object evaluate(Scope scope) {
        Object value = input.evaluate(scope);
        scope.rendering().step();
        if (value instanceof String text) {
            scope.rendering().scanned(text.length());
        }
        return filter.body()
                .apply(
                        filter.knowsSafeText() ? value : SafeText.plain(value),
                        arguments.evaluate(scope, filter.knowsSafeText()),
                        scope.rendering());
    }
}
