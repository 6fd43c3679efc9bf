package io.dynosend.liquid.tree;

import org.jspecify.annotations.Nullable;

/** A value known when the template is parsed. */
public record Constant(@Nullable Object value) implements Expression {

    public static final Constant NIL = new Constant(null);

    @Override
    public @Nullable Object evaluate(Scope scope) {
        return value;
    }
}
