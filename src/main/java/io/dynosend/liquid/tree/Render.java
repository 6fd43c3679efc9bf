package io.dynosend.liquid.tree;

import io.dynosend.liquid.Output;
import io.dynosend.liquid.value.Range;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code render}: a partial that sees only what it is handed and what the template was given.
 *
 * @param known the partial; null if it is a snippet, known when it renders
 * @param name of the partial or snippet
 * @param subject what follows {@code with} or {@code for}
 * @param each whether it is rendered once for each item of the subject
 * @param blocksAround in how many blocks it stands
 */
public record Render(
        @Nullable Partial known,
        String name,
        @Nullable Expression subject,
        boolean each,
        String subjectName,
        Map<String, Expression> values,
        int blocksAround)
        implements Node {

    @Override
    public Flow render(Scope scope, Output out) {
        Partial partial = known == null ? scope.snippet(name) : known;
        Object value = subject == null ? null : subject.evaluate(scope);
        if (!each || !(value instanceof List || value instanceof Range || value instanceof Map)) {
            renderOne(partial, value, null, scope, out);
            return Flow.ON;
        }
        Items items = Items.of(value, 0, Long.MAX_VALUE, scope.rendering());
        ForLoop loop = new ForLoop(name, items.size(), null);
        for (long i = 0; i < items.size(); i++) {
            scope.step(out);
            renderOne(partial, items.get(i), loop, scope, out);
            loop.next();
        }
        return Flow.ON;
    }

    private void renderOne(
            Partial partial,
            @Nullable Object value,
            @Nullable ForLoop loop,
            Scope scope,
            Output out) {
        Scope inner = scope.isolated(blocksAround);
        if (loop != null) {
            inner.assign("forloop", loop);
        }
        values.forEach((key, expression) -> inner.assign(key, expression.evaluate(scope)));
        if (value != null) {
            inner.assign(subjectName, value);
        }
        partial.body().render(inner, out);
    }
}
