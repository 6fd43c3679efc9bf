package io.dynosend.liquid.tree;

import io.dynosend.liquid.filter.Filter;
import io.dynosend.liquid.value.SafeText;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An expression put through filters, one after the other. */
public final class Filtered implements Expression {

    private final Expression input;
    private final Call[] calls;

    public Filtered(Expression input, List<Call> calls) {
        this.input = input;
        this.calls = calls.toArray(Call[]::new);
    }

    @Override
    public @Nullable Object evaluate(Scope scope) {
        Object value = input.evaluate(scope);
        for (Call call : calls) {
            value = call.apply(value, scope);
        }
        return value;
    }

    /** One filter with what it is given. */
    public record Call(Filter filter, Arguments arguments) {

        @Nullable Object apply(@Nullable Object value, Scope scope) {
            scope.rendering().step();
            if (value instanceof String text) {
                scope.rendering().scanned(text.length());
            }
            return filter.body()
                    .apply(
                            filter.knowsSafeText() ? value : SafeText.plain(value),
                            arguments.evaluate(scope, filter.knowsSafeText()),
                            scope.rendering());
        }
    }
}
