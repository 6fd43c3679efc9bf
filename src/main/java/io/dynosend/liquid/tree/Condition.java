package io.dynosend.liquid.tree;

import io.dynosend.liquid.value.Comparison;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code if} asks: comparisons joined by {@code and} and {@code or}, grouped from the right.
 */
public final class Condition implements Expression {

    private final Term[] terms;

    public Condition(List<Term> terms) {
        this.terms = terms.toArray(Term[]::new);
    }

    @Override
    public @Nullable Object evaluate(Scope scope) {
        return isTrue(scope);
    }

    // a and (b or (c and d)): whatever is decided by a term decides all that follow it.
    boolean isTrue(Scope scope) {
        boolean result = false;
        for (Term term : terms) {
            result = term.isTrue(scope);
            boolean decided = term.next() == Joint.OR ? result : !result;
            if (decided || term.next() == Joint.END) {
                return result;
            }
        }
        return result;
    }

    /** How a term is joined to what follows it. */
    public enum Joint {
        AND,
        OR,
        END
    }

    /** The comparisons that Liquid knows. */
    public enum Operator {
        EQUAL,
        NOT_EQUAL,
        LESS,
        LESS_OR_EQUAL,
        GREATER,
        GREATER_OR_EQUAL,
        CONTAINS
    }

    /** A comparison, or one value to be true or not. */
    public record Term(Expression left, @Nullable Operator operator, Expression right, Joint next) {

        boolean isTrue(Scope scope) {
            Object a = left.evaluate(scope);
            if (operator == null) {
                return Comparison.isTrue(a);
            }
            Object b = right.evaluate(scope);
            return switch (operator) {
                case EQUAL -> Comparison.areEqual(a, b, scope.rendering());
                case NOT_EQUAL -> !Comparison.areEqual(a, b, scope.rendering());
                case CONTAINS -> Comparison.contains(a, b, scope.rendering());
                case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL ->
                        holds(Comparison.order(a, b, scope.rendering()), operator);
            };
        }

        private static boolean holds(@Nullable Integer order, Operator operator) {
            return order != null
                    && switch (operator) {
                        case LESS -> order < 0;
                        case LESS_OR_EQUAL -> order <= 0;
                        case GREATER -> order > 0;
                        default -> order >= 0;
                    };
        }
    }
}
