package io.dynosend.liquid.tree;

/** {@code break} and {@code continue}. */
public record Jump(Flow flow) implements Node {

    @Override
    public Flow render(Scope scope, StringBuilder out) {
        return flow;
    }
}
