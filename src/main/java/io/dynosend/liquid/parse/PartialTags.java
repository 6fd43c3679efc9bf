package io.dynosend.liquid.parse;

import io.dynosend.liquid.parse.Lexeme.Kind;
import io.dynosend.liquid.parse.PartialSources.Known;
import io.dynosend.liquid.tree.Constant;
import io.dynosend.liquid.tree.Expression;
import io.dynosend.liquid.tree.Include;
import io.dynosend.liquid.tree.Render;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code render} and {@code include}. */
final class PartialTags {

    static final Map<String, Tag> ALL =
            Map.of("render", PartialTags::parseRender, "include", PartialTags::parseInclude);

    private PartialTags() {}

    private static void parseRender(Token tag, Tokens tokens, TemplateParser parser, Body body) {
        ExpressionParser expressions = parser.expressions(tag);
        Lexeme name = expressions.expect(Kind.STRING, "the name of a partial in quotes");
        Handed handed = Handed.parse(expressions);
        Known known = find(name.text(), name.start(), parser);
        String subjectName = handed.subjectName(name.text());
        parser.names().readAll(known.names(), handed.names(subjectName), false);
        body.node(
                new Render(
                        known.partial(),
                        handed.subject,
                        handed.each,
                        subjectName,
                        handed.values,
                        parser.depth()),
                tag,
                true);
    }

    private static void parseInclude(Token tag, Tokens tokens, TemplateParser parser, Body body) {
        ExpressionParser expressions = parser.expressions(tag);
        int at = expressions.current().start();
        Expression name = expressions.expression();
        Handed handed = Handed.parse(expressions);
        Known known = null;
        if (name instanceof Constant(String text)) {
            known = find(text, at, parser);
            parser.names().readAll(known.names(), handed.names(handed.subjectName(text)), true);
        }
        body.node(
                new Include(
                        known == null ? null : known.partial(),
                        name,
                        handed.subject,
                        handed.alias,
                        handed.values,
                        parser.depth()),
                tag,
                true);
    }

    private static Known find(String name, int at, TemplateParser parser) {
        if (parser.partials().isTooDeep(name, parser.depth())) {
            throw parser.source()
                    .error(
                            at,
                            "partials nest deeper than %d levels"
                                    .formatted(parser.dialect().nesting()));
        }
        return parser.partials()
                .find(
                        name,
                        parser.depth(),
                        () ->
                                parser.source()
                                        .error(at, "there is no partial '%s'".formatted(name)));
    }

    /** What is handed to a partial. */
    private record Handed(
            @Nullable Expression subject,
            boolean each,
            @Nullable String alias,
            Map<String, Expression> values) {

        static Handed parse(ExpressionParser expressions) {
            boolean each = expressions.takeWord("for");
            boolean has = each || expressions.takeWord("with");
            Expression subject = has ? expressions.expression() : null;
            String alias = expressions.takeWord("as") ? expressions.word("a name") : null;
            return new Handed(subject, each, alias, expressions.namedValues());
        }

        String subjectName(String partial) {
            return alias == null ? partial.substring(partial.lastIndexOf('/') + 1) : alias;
        }

        Set<String> names(String subjectName) {
            Set<String> names = new HashSet<>(values.keySet());
            names.add(subjectName);
            if (each) {
                names.add("forloop");
            }
            return names;
        }
    }
}
