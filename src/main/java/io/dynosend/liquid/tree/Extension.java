package io.dynosend.liquid.tree;

import io.dynosend.liquid.Block;
import io.dynosend.liquid.Output;
import io.dynosend.liquid.TextOutput;

/** A block that the engine was given. */
public record Extension(Block block, String argument, Node body) implements Node {

    @Override
    public Flow render(Scope scope, Output out) {
        TextOutput inner = new TextOutput(new StringBuilder());
        Flow flow = body.render(scope, inner);
        scope.rendering().build(inner.length());
        block.render(argument, inner.toString(), scope.globals(), out);
        return flow;
    }
}
