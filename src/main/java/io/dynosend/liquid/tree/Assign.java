package io.dynosend.liquid.tree;

import io.dynosend.liquid.Output;

/** {@code assign}: a name for a value, in the whole template from here on. */
public record Assign(String name, Expression value) implements Node {

    @Override
    public Flow render(Scope scope, Output out) {
        scope.assign(name, value.evaluate(scope));
        return Flow.ON;
    }
}
