package io.dynosend.liquid.tree;

import io.dynosend.liquid.Output;
import io.dynosend.liquid.value.Numbers;
import org.jspecify.annotations.Nullable;

/** {@code for}: its inside once for each item, or its {@code else} if there is none. */
public record For(
        String variable,
        String name,
        Expression collection,
        Window window,
        boolean reversed,
        Node body,
        Node orElse)
        implements Node {

    @Override
    public Flow render(Scope scope, Output out) {
        long from = window.from(scope, name);
        Items items =
                Items.of(
                        collection.evaluate(scope),
                        from,
                        window.to(scope, from),
                        scope.rendering());
        scope.continueAt(name, from + items.size());
        if (items.size() == 0) {
            return orElse.render(scope, out);
        }
        ForLoop outerLoop = scope.loop();
        Frame outerFrame = scope.frame();
        ForLoop loop = new ForLoop(name, items.size(), outerLoop);
        Frame.OfLoop frame = new Frame.OfLoop(outerFrame, variable, "forloop", loop);
        scope.enter(frame);
        scope.enterLoop(loop);
        loop(items, loop, frame, scope, out);
        scope.enterLoop(outerLoop);
        scope.enter(outerFrame);
        return Flow.ON;
    }

    private void loop(Items items, ForLoop loop, Frame.OfLoop frame, Scope scope, Output out) {
        long size = items.size();
        for (long i = 0; i < size; i++) {
            frame.setItem(items.get(reversed ? size - 1 - i : i));
            scope.rendering().step();
            if (body.render(scope, out) == Flow.BREAK) {
                return;
            }
            loop.next();
        }
    }

    /**
     * Which of the items.
     *
     * @param continues whether it begins where the last loop of that name ended
     */
    public record Window(
            @Nullable Expression offset, boolean continues, @Nullable Expression limit) {

        long from(Scope scope, String name) {
            if (continues) {
                return scope.continuation(name);
            }
            return whole(offset, scope, 0);
        }

        long to(Scope scope, long from) {
            long count = whole(limit, scope, Long.MAX_VALUE);
            return count > Long.MAX_VALUE - Math.max(0, from) ? Long.MAX_VALUE : from + count;
        }

        private static long whole(@Nullable Expression expression, Scope scope, long otherwise) {
            Object value = expression == null ? null : expression.evaluate(scope);
            return value == null ? otherwise : Numbers.integer(value);
        }
    }
}
