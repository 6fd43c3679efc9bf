package io.dynosend.liquid.parse;

import io.dynosend.liquid.LiquidSyntaxException;
import io.dynosend.liquid.filter.Filter;
import io.dynosend.liquid.filter.Filters;
import io.dynosend.liquid.tree.Arguments;
import io.dynosend.liquid.tree.Condition;
import io.dynosend.liquid.tree.Condition.Joint;
import io.dynosend.liquid.tree.Condition.Operator;
import io.dynosend.liquid.tree.Condition.Term;
import io.dynosend.liquid.tree.Constant;
import io.dynosend.liquid.tree.Expression;
import io.dynosend.liquid.tree.Filtered;
import io.dynosend.liquid.value.Texts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads what is no right expression as far as it makes sense, as the reference does where it is
 * lax: a value and filters, or comparisons joined by {@code and} and {@code or}. What fits nowhere
 * is passed over.
 */
final class LaxParser {

    private final TemplateParser parser;
    private final String text;
    private final int end;
    private int at;

    LaxParser(TemplateParser parser, int from, int to) {
        this.parser = parser;
        this.text = parser.source().text();
        this.at = from;
        this.end = to;
    }

    /** A value with its filters; nil if there is none. */
    Expression filtered() {
        Piece first = next(pipe(at));
        Expression value = first == null ? Constant.NIL : value(first);
        List<Filtered.Call> calls = new ArrayList<>();
        for (at = pipe(at); at < end; at = pipe(at)) {
            at++;
            filter(pipe(at), calls);
        }
        return calls.isEmpty() ? value : new Filtered(value, calls);
    }

    /** Comparisons; null if there is no value at all. */
    @Nullable Condition condition() {
        List<Term> terms = new ArrayList<>();
        Joint joint = Joint.AND;
        while (joint != Joint.END) {
            List<Piece> pieces = new ArrayList<>();
            joint = Joint.END;
            for (Piece piece = next(end); piece != null; piece = next(end)) {
                joint = joint(piece);
                if (joint != Joint.END) {
                    break;
                }
                pieces.add(piece);
            }
            if (pieces.isEmpty()) {
                return null;
            }
            terms.add(term(pieces, joint));
        }
        return new Condition(terms);
    }

    private Term term(List<Piece> pieces, Joint joint) {
        Operator operator = pieces.size() < 3 ? null : operator(pieces.get(1));
        return new Term(
                value(pieces.getFirst()),
                operator,
                operator == null ? Constant.NIL : value(pieces.get(2)),
                joint);
    }

    private void filter(int to, List<Filtered.Call> calls) {
        int start = at;
        while (start < to && !Chars.isWord(text.charAt(start))) {
            start++;
        }
        at = Chars.endOfWord(text, start, to);
        Filter filter = Filters.find(text.substring(start, at));
        if (filter == null) {
            return;
        }
        List<Expression> positional = new ArrayList<>();
        Map<String, Expression> named = new LinkedHashMap<>();
        while (skipToArgument(to)) {
            argument(to, positional, named);
        }
        Arguments arguments = new Arguments(positional, named);
        boolean fits = arguments.count() >= filter.least() && arguments.count() <= filter.most();
        calls.add(new Filtered.Call(fits ? filter : filter.failing(arguments.count()), arguments));
    }

    // Behind a colon or a comma.
    private boolean skipToArgument(int to) {
        while (at < to && text.charAt(at) != ':' && text.charAt(at) != ',') {
            at = isQuote(at) && closing(at) < to ? closing(at) : at;
            at++;
        }
        boolean found = at < to;
        at = found ? at + 1 : to;
        return found;
    }

    private void argument(int to, List<Expression> positional, Map<String, Expression> named) {
        int word = Chars.skipSpace(text, at, to);
        int afterWord = Chars.endOfWord(text, word, to);
        int colon = Chars.skipSpace(text, afterWord, to);
        boolean isNamed = afterWord > word && colon < to && text.charAt(colon) == ':';
        at = isNamed ? colon + 1 : at;
        Piece piece = next(to);
        if (piece != null && isNamed) {
            named.put(text.substring(word, afterWord), value(piece));
        } else if (piece != null) {
            positional.add(value(piece));
        }
    }

    /** A text in quotes, or what stands between blanks, commas and pipes; null at the end. */
    private @Nullable Piece next(int to) {
        while (at < to && (isBetween(at) || (isQuote(at) && closing(at) >= to))) {
            at++;
        }
        int start = at;
        if (at < to && isQuote(at)) {
            at = closing(at) + 1;
            return new Piece(start, at);
        }
        while (at < to && !isBetween(at) && !(isQuote(at) && closing(at) >= to)) {
            at = isQuote(at) ? closing(at) + 1 : at + 1;
        }
        return at > start ? new Piece(start, at) : null;
    }

    private boolean isBetween(int place) {
        char c = text.charAt(place);
        return Texts.isSpace(c) || c == ',' || c == '|';
    }

    private boolean isQuote(int place) {
        return text.charAt(place) == '\'' || text.charAt(place) == '"';
    }

    // Where the text in quotes that begins there ends; past everything if it does not.
    private int closing(int quote) {
        int close = text.indexOf(text.charAt(quote), quote + 1, end);
        return close < 0 ? Integer.MAX_VALUE : close;
    }

    private int pipe(int from) {
        int place = from;
        while (place < end && text.charAt(place) != '|') {
            place = isQuote(place) && closing(place) < end ? closing(place) + 1 : place + 1;
        }
        return Math.min(place, end);
    }

    private Expression value(Piece piece) {
        Expression right = strict(piece.from, piece.to);
        if (right != null) {
            return right;
        }
        int word = piece.from;
        while (word < piece.to && !Chars.isWordStart(text.charAt(word))) {
            word++;
        }
        Expression inside = strict(word, Chars.endOfWord(text, word, piece.to));
        return inside == null ? Constant.NIL : inside;
    }

    private @Nullable Expression strict(int from, int to) {
        try {
            ExpressionParser expressions = parser.expressions(from, to);
            Expression expression = expressions.expression();
            expressions.end("the end");
            return expression;
        } catch (LiquidSyntaxException _) {
            return null;
        }
    }

    private Joint joint(Piece piece) {
        return switch (text.substring(piece.from, piece.to)) {
            case "and" -> Joint.AND;
            case "or" -> Joint.OR;
            default -> Joint.END;
        };
    }

    private @Nullable Operator operator(Piece piece) {
        return switch (text.substring(piece.from, piece.to)) {
            case "==" -> Operator.EQUAL;
            case "!=", "<>" -> Operator.NOT_EQUAL;
            case "<" -> Operator.LESS;
            case "<=" -> Operator.LESS_OR_EQUAL;
            case ">" -> Operator.GREATER;
            case ">=" -> Operator.GREATER_OR_EQUAL;
            case "contains" -> Operator.CONTAINS;
            default -> null;
        };
    }

    private record Piece(int from, int to) {}
}
