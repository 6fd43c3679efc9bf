package io.dynosend.liquid.tree;

import io.dynosend.liquid.Output;
import io.dynosend.liquid.TextOutput;
import io.dynosend.liquid.value.SafeText;

/** {@code capture}: a name for what its inside renders to. */
public record Capture(String name, Node body) implements Node {

    @Override
    public Flow render(Scope scope, Output out) {
        TextOutput inner = new TextOutput(new StringBuilder());
        Flow flow = body.render(scope, inner);
        scope.rendering().build(inner.length());
        String text = inner.toString();
        scope.assign(name, scope.rendering().escapesHtml() ? new SafeText(text) : text);
        return flow;
    }
}
