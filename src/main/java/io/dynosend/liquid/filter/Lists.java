package io.dynosend.liquid.filter;

import io.dynosend.liquid.value.Range;
import io.dynosend.liquid.value.Rendering;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a list filter is given, made a flat list: a single thing is a list of one, nil of none. */
final class Lists {

    private Lists() {}

    /** Never to be changed: it may be the very list that was given. */
    static List<?> of(@Nullable Object input, Rendering rendering) {
        return switch (input) {
            case null -> List.of();
            case List<?> list -> flat(list, rendering);
            case Range range -> range.toList(rendering);
            case Map<?, ?> map -> List.of(map);
            default -> List.of(input);
        };
    }

    private static List<?> flat(List<?> list, Rendering rendering) {
        rendering.steps(list.size());
        for (Object item : list) {
            if (item instanceof List) {
                List<@Nullable Object> flat = new ArrayList<>();
                flatten(list, flat, rendering, 0);
                return flat;
            }
        }
        return list;
    }

    private static void flatten(
            List<?> list, List<@Nullable Object> flat, Rendering rendering, int depth) {
        rendering.nest(depth);
        for (Object item : list) {
            rendering.step();
            if (item instanceof List<?> inner) {
                flatten(inner, flat, rendering, depth + 1);
            } else {
                flat.add(item);
            }
        }
    }
}
