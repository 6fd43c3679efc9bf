package io.dynosend.liquid.filter;

import io.dynosend.liquid.value.Comparison;
import io.dynosend.liquid.value.Rendering;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Filters that pick items by a property: those that have it, or have it with a given value. */
final class SelectFilters {

    static final List<Filter> ALL =
            List.of(
                    Filter.of("where", 1, 2, (in, with, r) -> matching(in, with, r, true)),
                    Filter.of("reject", 1, 2, (in, with, r) -> matching(in, with, r, false)),
                    Filter.of("has", 1, 2, SelectFilters::has),
                    Filter.of("find", 1, 2, SelectFilters::find),
                    Filter.of("find_index", 1, 2, SelectFilters::findIndex));

    // An item that cannot be asked makes the whole answer nil.
    private static final int UNANSWERED = -2;
    private static final int NONE = -1;

    private SelectFilters() {}

    private static @Nullable Object matching(
            @Nullable Object input,
            @Nullable Object[] arguments,
            Rendering rendering,
            boolean wanted) {
        List<@Nullable Object> kept = new ArrayList<>();
        for (Object item : Lists.of(input, rendering)) {
            if (!canBeAsked(item, arguments[0])) {
                return null;
            }
            if (matches(item, arguments, rendering) == wanted) {
                kept.add(item);
            }
        }
        return kept;
    }

    private static @Nullable Object has(
            @Nullable Object input, @Nullable Object[] arguments, Rendering rendering) {
        int index = index(Lists.of(input, rendering), arguments, rendering);
        return index == UNANSWERED ? null : (Object) (index != NONE);
    }

    private static @Nullable Object find(
            @Nullable Object input, @Nullable Object[] arguments, Rendering rendering) {
        List<?> items = Lists.of(input, rendering);
        int index = index(items, arguments, rendering);
        return index < 0 ? null : items.get(index);
    }

    private static @Nullable Object findIndex(
            @Nullable Object input, @Nullable Object[] arguments, Rendering rendering) {
        int index = index(Lists.of(input, rendering), arguments, rendering);
        return index < 0 ? null : (Object) (long) index;
    }

    private static int index(List<?> items, @Nullable Object[] arguments, Rendering rendering) {
        int index = 0;
        for (Object item : items) {
            if (!canBeAsked(item, arguments[0])) {
                return UNANSWERED;
            }
            if (matches(item, arguments, rendering)) {
                return index;
            }
            index++;
        }
        return NONE;
    }

    private static boolean canBeAsked(@Nullable Object item, @Nullable Object property) {
        return ItemProperty.has(item) && !(item instanceof String && property == null);
    }

    private static boolean matches(
            @Nullable Object item, @Nullable Object[] arguments, Rendering rendering) {
        Object value = ItemProperty.of(item, arguments[0], rendering);
        Object wanted = arguments.length > 1 ? arguments[1] : null;
        return wanted == null
                ? Comparison.isTrue(value)
                : Comparison.areEqual(value, wanted, rendering);
    }
}
