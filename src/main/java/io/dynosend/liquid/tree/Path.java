package io.dynosend.liquid.tree;

import io.dynosend.liquid.value.Lookup;
import io.dynosend.liquid.value.Rendering;
import io.dynosend.liquid.value.Texts;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A property of a variable, {@code contact.tags[0]}; the first may be computed as well. */
public final class Path implements Expression {

    private final Expression root;
    private final Step[] steps;

    /**
     * Starts at a name, or at the name that an expression gives.
     *
     * @param root a constant for a name as it stands
     */
    public Path(Expression root, List<Step> steps) {
        this.root = root;
        this.steps = steps.toArray(Step[]::new);
    }

    @Override
    public @Nullable Object evaluate(Scope scope) {
        Rendering rendering = scope.rendering();
        String name = Texts.of(root.evaluate(scope), rendering);
        Object value = scope.find(name);
        for (Step step : steps) {
            if (Lookup.isMissing(value)) {
                break;
            }
            if (value instanceof String text) {
                rendering.scanned(text.length());
            }
            value = step.of(value, scope);
        }
        return Lookup.isMissing(value) ? Variable.missing(scope, written(scope)) : value;
    }

    private String written(Scope scope) {
        StringBuilder path = new StringBuilder(Texts.of(root.evaluate(scope), scope.rendering()));
        for (Step step : steps) {
            switch (step) {
                case Name(String name) -> path.append('.').append(name);
                case Key(Expression key) -> {
                    String text = Texts.of(key.evaluate(scope), scope.rendering());
                    path.append('[').append(text).append(']');
                }
            }
        }
        return path.toString();
    }

    /** One step on the way. */
    public sealed interface Step {
        @Nullable Object of(@Nullable Object value, Scope scope);
    }

    /** {@code .name} */
    public record Name(String name) implements Step {

        @Override
        public @Nullable Object of(@Nullable Object value, Scope scope) {
            return Lookup.property(value, name);
        }
    }

    /** {@code [key]} */
    public record Key(Expression key) implements Step {

        @Override
        public @Nullable Object of(@Nullable Object value, Scope scope) {
            return Lookup.item(value, key.evaluate(scope));
        }
    }
}
