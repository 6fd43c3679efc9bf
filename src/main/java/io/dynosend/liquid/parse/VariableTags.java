package io.dynosend.liquid.parse;

import io.dynosend.liquid.tree.Assign;
import io.dynosend.liquid.tree.Capture;
import io.dynosend.liquid.tree.Counter;
import io.dynosend.liquid.tree.Expression;
import java.util.Map;
import java.util.Set;

/** Tags that give names to values, or show them. */
final class VariableTags {

    static final Map<String, Tag> ALL =
            Map.of(
                    "assign", VariableTags::parseAssign,
                    "capture", VariableTags::parseCapture,
                    "increment", (tag, _, parser, body) -> parseCounter(tag, parser, body, false),
                    "decrement", (tag, _, parser, body) -> parseCounter(tag, parser, body, true),
                    "echo", (tag, _, parser, body) -> parser.output(tag, body));

    private VariableTags() {}

    private static void parseAssign(Token tag, Tokens tokens, TemplateParser parser, Body body) {
        String text = parser.source().text();
        int start = Chars.skipSpace(text, tag.from(), tag.to());
        int end = endOfName(text, start, tag.to());
        int equals = Chars.skipSpace(text, end, tag.to());
        if (end == start || text.charAt(start) == '-') {
            throw parser.source().error(start, "expected the name of a variable");
        }
        if (equals == tag.to() || text.charAt(equals) != '=') {
            throw parser.source().error(equals, "expected '=' and a value");
        }
        Expression value = parser.filtered(equals + 1, tag.to());
        String name = text.substring(start, end);
        parser.names().assign(name);
        body.node(new Assign(name, value), tag, false);
    }

    private static void parseCapture(Token tag, Tokens tokens, TemplateParser parser, Body body) {
        String text = parser.source().text();
        int start = Chars.skipSpace(text, tag.from(), tag.to());
        // Many write the name in quotes, and it always worked.
        start += start < tag.to() && "'\"".indexOf(text.charAt(start)) >= 0 ? 1 : 0;
        int end = endOfName(text, start, tag.to());
        if (end == start || text.charAt(start) == '-') {
            throw parser.source().error(start, "expected the name of a variable");
        }
        Body inside = parser.inside(tag, tokens, Set.of("endcapture"));
        String name = text.substring(start, end);
        parser.names().assign(name);
        body.node(new Capture(name, inside.build()), tag, false);
    }

    private static void parseCounter(Token tag, TemplateParser parser, Body body, boolean down) {
        String name = parser.argument(tag);
        parser.names().assign(name);
        body.node(new Counter(name, down), tag, true);
    }

    private static int endOfName(String text, int from, int to) {
        int at = from;
        while (at < to && (Chars.isWord(text.charAt(at)) || "-.[]".indexOf(text.charAt(at)) >= 0)) {
            at++;
        }
        return at;
    }
}
