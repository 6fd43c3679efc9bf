package io.dynosend.liquid.tree;

import io.dynosend.liquid.filter.Named;
import io.dynosend.liquid.value.SafeText;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The arguments of a filter: those in order, then the named ones as one. */
public final class Arguments {

    private final Expression[] positional;
    private final Map<String, Expression> named;
    private final @Nullable Object @Nullable [] constant;

    public Arguments(List<Expression> positional, Map<String, Expression> named) {
        this.positional = positional.toArray(Expression[]::new);
        this.named = Map.copyOf(named);
        this.constant = constants(positional, named);
    }

    public int count() {
        return positional.length + (named.isEmpty() ? 0 : 1);
    }

    @Nullable Object[] evaluate(Scope scope, boolean safeTextToo) {
        if (constant != null) {
            return constant;
        }
        @Nullable Object[] values = new Object[count()];
        for (int i = 0; i < positional.length; i++) {
            Object value = positional[i].evaluate(scope);
            values[i] = safeTextToo ? value : SafeText.plain(value);
        }
        if (!named.isEmpty()) {
            Map<String, @Nullable Object> options = new HashMap<>();
            named.forEach((name, expression) -> options.put(name, expression.evaluate(scope)));
            values[positional.length] = new Named(options);
        }
        return values;
    }

    private static @Nullable Object @Nullable [] constants(
            List<Expression> positional, Map<String, Expression> named) {
        if (!named.isEmpty() || !positional.stream().allMatch(Constant.class::isInstance)) {
            return null;
        }
        return positional.stream().map(e -> ((Constant) e).value()).toArray();
    }
}
