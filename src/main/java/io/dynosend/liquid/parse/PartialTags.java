package io.dynosend.liquid.parse;

import io.dynosend.liquid.parse.Lexeme.Kind;
import io.dynosend.liquid.parse.PartialSources.Known;
import io.dynosend.liquid.tree.Constant;
import io.dynosend.liquid.tree.Expression;
import io.dynosend.liquid.tree.Include;
import io.dynosend.liquid.tree.Partial;
import io.dynosend.liquid.tree.Render;
import io.dynosend.liquid.tree.Snippet;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code render} and {@code include}. */
final class PartialTags {

    static final Map<String, Tag> ALL =
            Map.of(
                    "render", PartialTags::parseRender,
                    "include", PartialTags::parseInclude,
                    "snippet", PartialTags::parseSnippet);

    private PartialTags() {}

    private static void parseRender(Token tag, Tokens tokens, TemplateParser parser, Body body) {
        ExpressionParser expressions = parser.expressions(tag);
        Names ofSnippet = snippet(expressions, parser);
        Lexeme name =
                ofSnippet == null
                        ? expressions.expect(Kind.STRING, "the name of a partial in quotes")
                        : expressions.advance();
        Handed handed = Handed.parse(expressions);
        Known known = ofSnippet == null ? find(name.text(), name.start(), parser) : null;
        String subjectName = handed.subjectName(name.text());
        Names read = known == null ? ofSnippet : known.names();
        parser.names().readAll(Objects.requireNonNull(read), handed.names(subjectName), false);
        body.node(
                new Render(
                        known == null ? null : known.partial(),
                        name.text(),
                        handed.subject,
                        handed.each,
                        subjectName,
                        handed.values,
                        parser.depth()),
                tag,
                true);
    }

    private static @Nullable Names snippet(ExpressionParser expressions, TemplateParser parser) {
        return expressions.isAt(Kind.WORD)
                ? parser.partials().snippet(expressions.current().text())
                : null;
    }

    private static void parseSnippet(Token tag, Tokens tokens, TemplateParser parser, Body body) {
        ExpressionParser expressions = parser.expressions(tag);
        String name = expressions.word("the name of the snippet");
        expressions.end("'%}'");
        Names names = new Names();
        Body inside = parser.isolated(tag, tokens, Set.of("endsnippet"), names);
        Partial partial = new Partial(name);
        partial.compileTo(inside.build());
        parser.partials().addSnippet(name, names);
        parser.names().assign(name);
        body.node(new Snippet(partial), tag, false);
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
                        () -> parser.source().error(at, "there is no block '%s'".formatted(name)));
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
