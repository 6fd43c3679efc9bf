package io.dynosend.liquid.tree;

import io.dynosend.liquid.value.Lookup;
import io.dynosend.liquid.value.Range;
import io.dynosend.liquid.value.Rendering;
import io.dynosend.liquid.value.SafeText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a loop goes through: a part of a list, of a range, of the pairs of a map, or one text. */
sealed interface Items {

    long size();

    @Nullable Object get(long index);

    /**
     * The items from one index up to another.
     *
     * @param to the first not to take; as large as can be for all
     */
    static Items of(@Nullable Object value, long from, long to, Rendering rendering) {
        return switch (value) {
            case List<?> list -> ofList(list, from, to);
            case Range range -> ofRange(range, from, to);
            case Map<?, ?> map -> ofList(pairs(map, rendering), from, to);
            // One text is never split, whatever the offset says; as in the reference.
            case String text when !text.isEmpty() -> new OfList(List.of(text), 0, 1);
            case SafeText html when !html.text().isEmpty() -> new OfList(List.of(html), 0, 1);
            case null, default -> new OfList(List.of(), 0, 0);
        };
    }

    private static Items ofList(List<?> list, long from, long to) {
        long first = Math.clamp(from, 0, list.size());
        return new OfList(list, (int) first, Math.max(0, Math.min(to, list.size()) - first));
    }

    private static Items ofRange(Range range, long from, long to) {
        long first = Math.clamp(from, 0, range.size());
        return new OfRange(range.first() + first, Math.max(0, Math.min(to, range.size()) - first));
    }

    private static List<Object> pairs(Map<?, ?> map, Rendering rendering) {
        rendering.steps(map.size());
        List<Object> pairs = new ArrayList<>(map.size());
        map.entrySet().forEach(entry -> pairs.add(Lookup.pair(entry)));
        return pairs;
    }

    /** A part of a list. */
    record OfList(List<?> list, int first, long size) implements Items {

        @Override
        public @Nullable Object get(long index) {
            return list.get(first + (int) index);
        }
    }

    /** Whole numbers, made when they are asked for. */
    record OfRange(long first, long size) implements Items {

        @Override
        public Object get(long index) {
            return first + index;
        }
    }
}
