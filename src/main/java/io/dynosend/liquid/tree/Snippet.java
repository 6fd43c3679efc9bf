package io.dynosend.liquid.tree;

import io.dynosend.liquid.Output;

/** {@code snippet}: a partial that stands in the template itself, rendered by its name. */
public record Snippet(Partial partial) implements Node {

    @Override
    public Flow render(Scope scope, Output out) {
        scope.assign(partial.name(), this);
        return Flow.ON;
    }
}
