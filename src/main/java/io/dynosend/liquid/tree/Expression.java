package io.dynosend.liquid.tree;

import org.jspecify.annotations.Nullable;

/** Something with a value. */
public sealed interface Expression
        permits Constant, Variable, Path, RangeExpression, Filtered, Condition {

    @Nullable Object evaluate(Scope scope);
}
