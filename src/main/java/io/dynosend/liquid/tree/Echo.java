package io.dynosend.liquid.tree;

import io.dynosend.liquid.Output;
import io.dynosend.liquid.value.Html;
import io.dynosend.liquid.value.SafeText;
import io.dynosend.liquid.value.Texts;
import org.jspecify.annotations.Nullable;

/** {@code {{ expression }}}, or the same as a tag, {@code echo}. */
public record Echo(Expression expression, boolean escapes) implements Node {

    @Override
    public Flow render(Scope scope, Output out) {
        show(expression.evaluate(scope), escapes, scope, out);
        return Flow.ON;
    }

    static void show(@Nullable Object value, boolean escapes, Scope scope, Output out) {
        // Nearly always text: a switch over types is slower.
        if (value instanceof String text) {
            show(text, escapes, out);
            return;
        }
        switch (value) {
            case null -> {}
            case SafeText(String text) -> out.append(text);
            case Number _, Boolean _ -> out.append(Texts.of(value, scope.rendering()));
            default -> showOther(value, escapes, scope, out);
        }
    }

    private static void show(String text, boolean escapes, Output out) {
        if (escapes) {
            Html.escape(out, text);
        } else {
            out.append(text);
        }
    }

    private static void showOther(Object value, boolean escapes, Scope scope, Output out) {
        StringBuilder text = new StringBuilder();
        Texts.append(text, value, scope.rendering());
        scope.rendering().build(text.length());
        if (escapes) {
            Html.escape(out, text.toString());
        } else {
            out.append(text.toString());
        }
    }
}
