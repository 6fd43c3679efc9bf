package io.dynosend.liquid.parse;

import io.dynosend.liquid.parse.Lexeme.Kind;
import io.dynosend.liquid.tree.Constant;
import io.dynosend.liquid.tree.Cycle;
import io.dynosend.liquid.tree.Expression;
import io.dynosend.liquid.tree.Flow;
import io.dynosend.liquid.tree.For;
import io.dynosend.liquid.tree.For.Window;
import io.dynosend.liquid.tree.IfChanged;
import io.dynosend.liquid.tree.Jump;
import io.dynosend.liquid.tree.Node;
import io.dynosend.liquid.tree.Sequence;
import io.dynosend.liquid.tree.TableRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code for}, {@code tablerow}, and what stands inside loops. */
final class LoopTags {

    static final Map<String, Tag> ALL =
            Map.of(
                    "for", LoopTags::parseFor,
                    "tablerow", LoopTags::parseTableRow,
                    "break", (tag, _, _, body) -> body.node(new Jump(Flow.BREAK), tag, true),
                    "continue", (tag, _, _, body) -> body.node(new Jump(Flow.CONTINUE), tag, true),
                    "cycle", LoopTags::parseCycle,
                    "ifchanged", LoopTags::parseIfChanged);

    private LoopTags() {}

    private static void parseFor(Token tag, Tokens tokens, TemplateParser parser, Body body) {
        Head head = Head.parse(parser.expressions(tag), Set.of("limit", "offset"));
        parser.names().enter(List.of(head.variable, "forloop"));
        Body inside = parser.inside(tag, tokens, Set.of("else", "endfor"));
        parser.names().leave();
        Body orElse = null;
        if (Objects.requireNonNull(inside.end()).name().equals("else")) {
            orElse = parser.inside(tag, tokens, Set.of("endfor"));
        }
        boolean blank = inside.isBlank() && (orElse == null || orElse.isBlank());
        Node otherwise = orElse == null ? Sequence.EMPTY : orElse.build(blank);
        Window window =
                new Window(
                        head.attributes.get("offset"),
                        head.continues,
                        head.attributes.get("limit"));
        body.node(
                new For(
                        head.variable,
                        head.variable + "-" + head.collectionName,
                        head.collection,
                        window,
                        head.reversed,
                        inside.build(blank),
                        otherwise),
                tag,
                !blank);
    }

    private static void parseTableRow(Token tag, Tokens tokens, TemplateParser parser, Body body) {
        Head head = Head.parse(parser.expressions(tag), Set.of("limit", "offset", "cols", "range"));
        parser.names().enter(List.of(head.variable, "tablerowloop"));
        Body inside = parser.inside(tag, tokens, Set.of("endtablerow"));
        parser.names().leave();
        body.node(
                new TableRow(
                        head.variable,
                        head.collection,
                        head.attributes.get("offset"),
                        head.attributes.get("limit"),
                        head.attributes.get("cols"),
                        inside.build()),
                tag,
                true);
    }

    private static void parseCycle(Token tag, Tokens tokens, TemplateParser parser, Body body) {
        ExpressionParser expressions = parser.expressions(tag);
        Expression group = null;
        List<Expression> values = new ArrayList<>();
        values.add(expressions.expression());
        if (expressions.take(Kind.COLON)) {
            group = values.removeFirst();
            values.add(expressions.expression());
        }
        while (expressions.take(Kind.COMMA) && !expressions.isAt(Kind.END)) {
            values.add(expressions.expression());
        }
        expressions.end("',' or '%}'");
        // Cycles of the same constants are one; what variables hold is not known yet.
        boolean constant = values.stream().allMatch(Constant.class::isInstance);
        Object own = constant ? List.copyOf(values) : new Object();
        boolean escapes = parser.dialect().escapesHtml();
        body.node(new Cycle(group, own, List.copyOf(values), escapes), tag, true);
    }

    private static void parseIfChanged(Token tag, Tokens tokens, TemplateParser parser, Body body) {
        Body inside = parser.inside(tag, tokens, Set.of("endifchanged"));
        body.node(new IfChanged(inside.build()), tag, !inside.isBlank());
    }

    /** What stands in the tag of a loop. */
    private record Head(
            String variable,
            Expression collection,
            String collectionName,
            boolean reversed,
            boolean continues,
            Map<String, @Nullable Expression> attributes) {

        static Head parse(ExpressionParser expressions, Set<String> allowed) {
            String variable = expressions.word("the name of a variable");
            if (!expressions.takeWord("in")) {
                throw expressions.unexpected(expressions.current(), "'in'");
            }
            int start = expressions.place();
            Expression collection = expressions.expression();
            String name = expressions.written(start);
            Map<String, @Nullable Expression> attributes = new HashMap<>();
            boolean reversed = false;
            boolean continues = false;
            while (!expressions.isAt(Kind.END)) {
                if (expressions.take(Kind.COMMA)) {
                    continue;
                }
                if (expressions.takeWord("reversed")) {
                    reversed = true;
                    continue;
                }
                Lexeme attribute = expressions.expect(Kind.WORD, expected(allowed));
                if (!allowed.contains(attribute.text())) {
                    throw expressions.unexpected(attribute, expected(allowed));
                }
                expressions.expect(Kind.COLON, "':'");
                boolean isOffset = attribute.text().equals("offset");
                if (isOffset && expressions.takeWord("continue")) {
                    continues = true;
                } else {
                    attributes.put(attribute.text(), expressions.expression());
                }
            }
            return new Head(variable, collection, name, reversed, continues, attributes);
        }

        private static String expected(Set<String> allowed) {
            return "'" + String.join("', '", allowed.stream().sorted().toList()) + "' or '%}'";
        }
    }
}
