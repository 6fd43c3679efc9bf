package io.dynosend.liquid.tree;

import io.dynosend.liquid.Output;

/**
 * {@code increment} shows a counter and then adds 1, {@code decrement} takes 1 and then shows it.
 */
public record Counter(String name, boolean down) implements Node {

    @Override
    public Flow render(Scope scope, Output out) {
        long before = scope.count(name, down ? -1 : 1);
        out.append(Long.toString(down ? before - 1 : before));
        return Flow.ON;
    }
}
