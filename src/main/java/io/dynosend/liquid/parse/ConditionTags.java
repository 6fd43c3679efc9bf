package io.dynosend.liquid.parse;

import io.dynosend.liquid.tree.Branches;
import io.dynosend.liquid.tree.Branches.Branch;
import io.dynosend.liquid.tree.Case;
import io.dynosend.liquid.tree.Case.When;
import io.dynosend.liquid.tree.Condition;
import io.dynosend.liquid.tree.Condition.Joint;
import io.dynosend.liquid.tree.Condition.Term;
import io.dynosend.liquid.tree.Constant;
import io.dynosend.liquid.tree.Expression;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** {@code if}, {@code unless} and {@code case}. */
final class ConditionTags {

    static final Map<String, Tag> ALL =
            Map.of(
                    "if", ConditionTags::parseIf,
                    "unless", ConditionTags::parseIf,
                    "case", ConditionTags::parseCase);

    private static final Condition ALWAYS =
            new Condition(List.of(new Term(new Constant(true), null, Constant.NIL, Joint.END)));

    private ConditionTags() {}

    private static void parseIf(Token tag, Tokens tokens, TemplateParser parser, Body body) {
        String end = "end" + tag.name();
        List<Condition> conditions = new ArrayList<>();
        List<Body> bodies = new ArrayList<>();
        Token at = tag;
        while (!at.name().equals(end)) {
            // What stands behind else is ignored, as it always was.
            boolean isElse = at.name().equals("else");
            conditions.add(isElse ? ALWAYS : parser.condition(at));
            Body inside = parser.inside(tag, tokens, Set.of("elsif", "else", end));
            bodies.add(inside);
            at = Objects.requireNonNull(inside.end());
        }
        boolean blank = bodies.stream().allMatch(Body::isBlank);
        List<Branch> branches = new ArrayList<>();
        for (int i = 0; i < bodies.size(); i++) {
            boolean wanted = i > 0 || tag.name().equals("if");
            branches.add(new Branch(conditions.get(i), wanted, bodies.get(i).build(blank)));
        }
        body.node(new Branches(branches), tag, !blank);
    }

    private static void parseCase(Token tag, Tokens tokens, TemplateParser parser, Body body) {
        ExpressionParser expressions = parser.expressions(tag);
        Expression subject = expressions.expression();
        if (parser.dialect().strict()) {
            expressions.end("'%}'");
        }
        Body before = parser.inside(tag, tokens, Set.of("when", "else", "endcase"));
        boolean blank = before.isBlank();
        List<List<Expression>> values = new ArrayList<>();
        List<Body> bodies = new ArrayList<>();
        Token at = Objects.requireNonNull(before.end());
        while (!at.name().equals("endcase")) {
            if (at.name().equals("else")) {
                parser.noArgument(at);
                values.add(List.of());
            } else {
                values.add(values(at, parser));
            }
            Body inside = parser.inside(tag, tokens, Set.of("when", "else", "endcase"));
            blank &= inside.isBlank();
            bodies.add(inside);
            at = Objects.requireNonNull(inside.end());
        }
        List<When> whens = new ArrayList<>();
        for (int i = 0; i < bodies.size(); i++) {
            whens.add(new When(values.get(i), bodies.get(i).build(blank)));
        }
        body.node(new Case(subject, whens), tag, !blank);
    }

    // Unless it is strict, what follows the last value is ignored, as it always was.
    private static List<Expression> values(Token tag, TemplateParser parser) {
        ExpressionParser expressions = parser.expressions(tag);
        List<Expression> values = new ArrayList<>();
        do {
            values.add(expressions.expression());
        } while (expressions.take(Lexeme.Kind.COMMA) || expressions.takeWord("or"));
        if (parser.dialect().strict()) {
            expressions.end("'or', ',' or '%}'");
        }
        return values;
    }
}
