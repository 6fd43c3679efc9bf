package io.dynosend.liquid.tree;

/** Text that stands in the template as it is shown. */
public record Text(String text) implements Node {

    @Override
    public Flow render(Scope scope, StringBuilder out) {
        out.append(text);
        return Flow.ON;
    }
}
