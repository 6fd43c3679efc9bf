package io.dynosend.liquid.tree;

import io.dynosend.liquid.Output;
import io.dynosend.liquid.TextOutput;

/** {@code ifchanged}: shows its inside unless it is what the last such block had inside. */
public record IfChanged(Node body) implements Node {

    @Override
    public Flow render(Scope scope, Output out) {
        TextOutput inner = new TextOutput(new StringBuilder());
        Flow flow = body.render(scope, inner);
        scope.rendering().build(inner.length());
        String text = inner.toString();
        if (scope.changed(text)) {
            out.append(text);
        }
        return flow;
    }
}
