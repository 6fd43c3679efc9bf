package io.dynosend.liquid.tree;

import io.dynosend.liquid.value.Range;

/** {@code (first..last)} with ends that are known only when rendering. */
public record RangeExpression(Expression first, Expression last) implements Expression {

    @Override
    public Object evaluate(Scope scope) {
        return Range.of(first.evaluate(scope), last.evaluate(scope));
    }
}
