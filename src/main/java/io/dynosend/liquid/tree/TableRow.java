package io.dynosend.liquid.tree;

import io.dynosend.liquid.LiquidRenderException;
import io.dynosend.liquid.Output;
import io.dynosend.liquid.value.Comparison;
import io.dynosend.liquid.value.Range;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** {@code tablerow}: a cell of a table for each item, so many to a row. */
public record TableRow(
        String variable,
        Expression collection,
        @Nullable Expression offset,
        @Nullable Expression limit,
        @Nullable Expression columns,
        Node body)
        implements Node {

    @Override
    public Flow render(Scope scope, Output out) {
        Object value = collection.evaluate(scope);
        if (!Comparison.isTrue(value)) {
            return Flow.ON;
        }
        long from = number(offset, scope, 0);
        long count = number(limit, scope, Long.MAX_VALUE);
        long to = count > Long.MAX_VALUE - Math.max(0, from) ? Long.MAX_VALUE : from + count;
        Items items = Items.of(value, from, to, scope.rendering());
        TableRowLoop loop = new TableRowLoop(items.size(), number(columns, scope, items.size()));
        Frame outer = scope.frame();
        Frame.OfLoop frame = new Frame.OfLoop(outer, variable, "tablerowloop", loop);
        scope.enter(frame);
        out.append("<tr class=\"row1\">\n");
        cells(items, loop, frame, scope, out);
        out.append("</tr>\n");
        scope.enter(outer);
        return Flow.ON;
    }

    private void cells(
            Items items, TableRowLoop loop, Frame.OfLoop frame, Scope scope, Output out) {
        for (long i = 0; i < items.size(); i++) {
            frame.setItem(items.get(i));
            out.append("<td class=\"col" + loop.column() + "\">");
            Flow flow = body.render(scope, out);
            out.append("</td>");
            scope.step(out);
            if (flow == Flow.BREAK) {
                return;
            }
            if (loop.endsRow()) {
                out.append("</tr>\n<tr class=\"row" + (loop.row() + 1) + "\">");
            }
            loop.next();
        }
    }

    // Unlike in a for loop, a number may stand at the beginning of a text or have decimals.
    private static long number(@Nullable Expression expression, Scope scope, long otherwise) {
        if (expression == null) {
            return otherwise;
        }
        Object value = expression.evaluate(scope);
        if (value instanceof Boolean || value instanceof Collection) {
            throw new LiquidRenderException("invalid integer");
        }
        return Range.ofConstants(value, 0L).first();
    }
}
