package io.dynosend.liquid.tree;

import io.dynosend.liquid.Output;

/** {@code break} and {@code continue}. */
public record Jump(Flow flow) implements Node {

    @Override
    public Flow render(Scope scope, Output out) {
        return flow;
    }
}
