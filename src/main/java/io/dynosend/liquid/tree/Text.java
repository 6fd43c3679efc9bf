package io.dynosend.liquid.tree;

import io.dynosend.liquid.Output;

/** Text that stands in the template as it is shown. */
public record Text(String text) implements Node {

    @Override
    public Flow render(Scope scope, Output out) {
        out.fixed(text);
        return Flow.ON;
    }
}
