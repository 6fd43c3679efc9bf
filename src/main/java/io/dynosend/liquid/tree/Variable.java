package io.dynosend.liquid.tree;

import io.dynosend.liquid.LiquidRenderException;
import io.dynosend.liquid.value.Lookup;
import org.jspecify.annotations.Nullable;

/** A variable by its name alone. */
public record Variable(String name) implements Expression {

    @Override
    public @Nullable Object evaluate(Scope scope) {
        Object value = scope.find(name);
        return Lookup.isMissing(value) ? missing(scope, name) : value;
    }

    static @Nullable Object missing(Scope scope, String name) {
        if (scope.rendering().isStrict()) {
            throw new LiquidRenderException("There is no variable '%s'".formatted(name));
        }
        return null;
    }
}
