package io.dynosend.liquid.tree;

import io.dynosend.liquid.LiquidRenderException;
import io.dynosend.liquid.Output;
import io.dynosend.liquid.value.Lookup;
import io.dynosend.liquid.value.SafeText;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code include}: a partial that stands in the template as if it were written there.
 *
 * @param known the partial, if its name is known when parsing
 * @param name what its name is otherwise
 * @param blocksAround in how many blocks it stands
 */
public record Include(
        @Nullable Partial known,
        Expression name,
        @Nullable Expression subject,
        @Nullable String alias,
        Map<String, Expression> values,
        int blocksAround)
        implements Node {

    @Override
    public Flow render(Scope scope, Output out) {
        Partial partial = known == null ? scope.partials().find(evaluatedName(scope)) : known;
        String subjectName =
                alias == null
                        ? partial.name().substring(partial.name().lastIndexOf('/') + 1)
                        : alias;
        Object value = subject == null ? scope.find(partial.name()) : subject.evaluate(scope);
        Map<String, @Nullable Object> frame = new HashMap<>();
        values.forEach((key, expression) -> frame.put(key, expression.evaluate(scope)));
        Frame outer = scope.frame();
        scope.enterInclude(blocksAround);
        scope.enter(new Frame.OfInclude(outer, frame));
        Flow flow =
                value instanceof List<?> list
                        ? renderEach(list, subjectName, frame, partial, scope, out)
                        : renderOne(value, subjectName, frame, partial, scope, out);
        scope.enter(outer);
        scope.leaveInclude(blocksAround);
        return flow;
    }

    private static Flow renderEach(
            List<?> list,
            String subjectName,
            Map<String, @Nullable Object> frame,
            Partial partial,
            Scope scope,
            Output out) {
        for (Object item : list) {
            scope.step(out);
            Flow flow = renderOne(item, subjectName, frame, partial, scope, out);
            if (flow != Flow.ON) {
                return flow;
            }
        }
        return Flow.ON;
    }

    private static Flow renderOne(
            @Nullable Object value,
            String subjectName,
            Map<String, @Nullable Object> frame,
            Partial partial,
            Scope scope,
            Output out) {
        frame.put(subjectName, Lookup.isMissing(value) ? null : value);
        return partial.body().render(scope, out);
    }

    private String evaluatedName(Scope scope) {
        if (SafeText.plain(name.evaluate(scope)) instanceof String text) {
            return text;
        }
        throw new LiquidRenderException("Argument error in tag 'include' - Illegal template name");
    }
}
