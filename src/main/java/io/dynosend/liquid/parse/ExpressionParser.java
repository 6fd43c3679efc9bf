package io.dynosend.liquid.parse;

import io.dynosend.liquid.LiquidRenderException;
import io.dynosend.liquid.filter.Filter;
import io.dynosend.liquid.filter.Filters;
import io.dynosend.liquid.parse.Lexeme.Kind;
import io.dynosend.liquid.tree.Arguments;
import io.dynosend.liquid.tree.Condition;
import io.dynosend.liquid.tree.Condition.Joint;
import io.dynosend.liquid.tree.Condition.Operator;
import io.dynosend.liquid.tree.Condition.Term;
import io.dynosend.liquid.tree.Constant;
import io.dynosend.liquid.tree.Expression;
import io.dynosend.liquid.tree.Filtered;
import io.dynosend.liquid.tree.Path;
import io.dynosend.liquid.tree.RangeExpression;
import io.dynosend.liquid.tree.Variable;
import io.dynosend.liquid.value.Emptiness;
import io.dynosend.liquid.value.Numbers;
import io.dynosend.liquid.value.Range;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads the inside of a tag or an output: values, filters, conditions. */
final class ExpressionParser extends Lexemes {

    private final Dialect dialect;
    private final Names names;
    private int depth;

    ExpressionParser(Source source, Dialect dialect, Names names, int from, int to) {
        super(source, from, to);
        this.dialect = dialect;
        this.names = names;
    }

    /** A value with its filters, and nothing behind it. No value at all is nil. */
    Expression filtered() {
        if (isAt(Kind.END)) {
            return Constant.NIL;
        }
        Expression value = expression();
        List<Filtered.Call> calls = new ArrayList<>();
        while (take(Kind.PIPE)) {
            filter(calls);
        }
        end("'|' or the end");
        return calls.isEmpty() ? value : new Filtered(value, calls);
    }

    /** A condition, and nothing behind it. */
    Condition condition() {
        List<Term> terms = new ArrayList<>();
        do {
            terms.add(term());
        } while (terms.getLast().next() != Joint.END);
        end("'and', 'or' or the end");
        return new Condition(terms);
    }

    /** A value without filters. */
    Expression expression() {
        if (++depth > dialect.nesting()) {
            throw error(current().start(), "brackets nest too deep");
        }
        Lexeme lexeme = advance();
        try {
            Expression expression = expression(lexeme);
            depth--;
            return expression;
        } catch (LiquidRenderException e) {
            throw error(lexeme.start(), Objects.toString(e.getMessage()));
        }
    }

    /** Named values up to the end, {@code a: 1, b: 2}, commas or not. */
    Map<String, Expression> namedValues() {
        Map<String, Expression> values = new LinkedHashMap<>();
        take(Kind.COMMA);
        while (isAt(Kind.WORD)) {
            String name = word("a name");
            expect(Kind.COLON, "':'");
            values.put(name, expression());
            take(Kind.COMMA);
        }
        end("a name or the end");
        return values;
    }

    private Expression expression(Lexeme lexeme) {
        return switch (lexeme.kind()) {
            case WORD -> word(lexeme);
            case STRING -> new Constant(lexeme.text());
            case NUMBER -> new Constant(number(lexeme));
            case OPEN_SQUARE -> indirect();
            case OPEN_ROUND -> range();
            default -> throw unexpected(lexeme, "a value");
        };
    }

    private Term term() {
        Expression left = expression();
        Operator operator = isAt(Kind.COMPARISON) ? operator(advance()) : null;
        Expression right = operator == null ? Constant.NIL : expression();
        Joint next = takeWord("and") ? Joint.AND : takeWord("or") ? Joint.OR : Joint.END;
        return new Term(left, operator, right, next);
    }

    private static Operator operator(Lexeme lexeme) {
        return switch (lexeme.text()) {
            case "==" -> Operator.EQUAL;
            case "!=", "<>" -> Operator.NOT_EQUAL;
            case "<" -> Operator.LESS;
            case "<=" -> Operator.LESS_OR_EQUAL;
            case ">" -> Operator.GREATER;
            case ">=" -> Operator.GREATER_OR_EQUAL;
            default -> Operator.CONTAINS;
        };
    }

    private void filter(List<Filtered.Call> calls) {
        Lexeme name = expect(Kind.WORD, "the name of a filter");
        Arguments arguments = take(Kind.COLON) ? arguments() : new Arguments(List.of(), Map.of());
        Filter filter = Filters.find(name.text());
        if (filter == null) {
            if (dialect.strict()) {
                throw error(name.start(), "unknown filter '%s'".formatted(name.text()));
            }
            return;
        }
        int count = arguments.count();
        if (count < filter.least() || count > filter.most()) {
            if (dialect.lax()) {
                calls.add(new Filtered.Call(filter.failing(count), arguments));
                return;
            }
            throw error(
                    name.start(),
                    "the filter '%s' takes %s, found %d"
                            .formatted(name.text(), arguments(filter), count));
        }
        calls.add(new Filtered.Call(filter, arguments));
    }

    private static String arguments(Filter filter) {
        if (filter.most() == 0) {
            return "no argument";
        }
        String count =
                filter.least() == filter.most()
                        ? Integer.toString(filter.least())
                        : "%d to %d".formatted(filter.least(), filter.most());
        return count + (filter.most() == 1 ? " argument" : " arguments");
    }

    private Arguments arguments() {
        List<Expression> positional = new ArrayList<>();
        Map<String, Expression> named = new LinkedHashMap<>();
        do {
            if (isAtNamed()) {
                String name = word("a name");
                take(Kind.COLON);
                named.put(name, expression());
            } else {
                positional.add(expression());
            }
        } while (take(Kind.COMMA));
        return new Arguments(positional, named);
    }

    private Expression word(Lexeme lexeme) {
        boolean alone = !isAt(Kind.DOT) && !isAt(Kind.OPEN_SQUARE);
        if (alone) {
            Constant literal = literal(lexeme.text());
            if (literal != null) {
                return literal;
            }
            names.read(lexeme.text(), lexeme.text());
            return new Variable(lexeme.text());
        }
        return path(new Constant(lexeme.text()));
    }

    private static @Nullable Constant literal(String word) {
        return switch (word) {
            case "nil", "null" -> Constant.NIL;
            case "true" -> new Constant(true);
            case "false" -> new Constant(false);
            case "empty" -> new Constant(Emptiness.EMPTY);
            case "blank" -> new Constant(Emptiness.BLANK);
            default -> null;
        };
    }

    private static Object number(Lexeme lexeme) {
        boolean whole = lexeme.text().indexOf('.') < 0;
        return whole
                ? (Object) Numbers.leadingInteger(lexeme.text())
                : Double.valueOf(lexeme.text());
    }

    // The square bracket is open: [name_of_the_variable].
    private Expression indirect() {
        Expression root = expression();
        expect(Kind.CLOSE_SQUARE, "']'");
        return path(root);
    }

    private Expression path(Expression root) {
        List<Path.Step> steps = new ArrayList<>();
        StringBuilder known = new StringBuilder();
        boolean isKnown = root instanceof Constant(String _);
        if (root instanceof Constant(String name)) {
            known.append(name);
        }
        while (isAt(Kind.DOT) || isAt(Kind.OPEN_SQUARE)) {
            Path.Step step = step();
            steps.add(step);
            String name = name(step);
            isKnown &= name != null;
            known.append(isKnown ? "." + name : "");
        }
        if (root instanceof Constant(String name)) {
            names.read(name, known.toString());
        }
        return new Path(root, steps);
    }

    private Path.Step step() {
        if (take(Kind.DOT)) {
            return new Path.Name(word("the name of a property"));
        }
        expect(Kind.OPEN_SQUARE, "'['");
        Expression key = expression();
        expect(Kind.CLOSE_SQUARE, "']'");
        return new Path.Key(key);
    }

    private static @Nullable String name(Path.Step step) {
        return switch (step) {
            case Path.Name(String name) -> name;
            case Path.Key(Constant(String name)) -> name;
            case Path.Key _ -> null;
        };
    }

    private Expression range() {
        Expression first = expression();
        expect(Kind.DOTS, "'..'");
        Expression last = expression();
        expect(Kind.CLOSE_ROUND, "')'");
        return first instanceof Constant(Object from) && last instanceof Constant(Object to)
                ? new Constant(Range.ofConstants(from, to))
                : new RangeExpression(first, last);
    }
}
