package io.dynosend.liquid.tree;

import io.dynosend.liquid.Output;
import io.dynosend.liquid.value.Comparison;
import java.util.List;

/**
 * {@code case}: every {@code when} with an equal value, once for each; an {@code else} if none was
 * equal before it.
 */
public final class Case implements Node {

    private final Expression subject;
    private final When[] whens;

    public Case(Expression subject, List<When> whens) {
        this.subject = subject;
        this.whens = whens.toArray(When[]::new);
    }

    @Override
    public Flow render(Scope scope, Output out) {
        boolean matched = false;
        for (When when : whens) {
            if (when.values.isEmpty() && !matched) {
                Flow flow = when.body.render(scope, out);
                if (flow != Flow.ON) {
                    return flow;
                }
            }
            for (Expression value : when.values) {
                Object left = subject.evaluate(scope);
                if (Comparison.areEqual(left, value.evaluate(scope), scope.rendering())) {
                    matched = true;
                    Flow flow = when.body.render(scope, out);
                    if (flow != Flow.ON) {
                        return flow;
                    }
                }
            }
        }
        return Flow.ON;
    }

    /**
     * One branch.
     *
     * @param values what the subject may be; none for {@code else}
     */
    public record When(List<Expression> values, Node body) {}
}
