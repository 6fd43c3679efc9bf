package io.dynosend.liquid.filter;

import io.dynosend.liquid.LiquidRenderException;
import io.dynosend.liquid.value.Comparison;
import io.dynosend.liquid.value.Lookup;
import io.dynosend.liquid.value.Numbers;
import io.dynosend.liquid.value.Range;
import io.dynosend.liquid.value.Rendering;
import io.dynosend.liquid.value.Texts;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Filters on lists as a whole: order, joining, one property of all. */
final class ListFilters {

    static final List<Filter> ALL =
            List.of(
                    Filter.of("first", 0, 0, (in, _, _) -> Lookup.first(in)),
                    Filter.of("last", 0, 0, (in, _, _) -> Lookup.last(in)),
                    Filter.of("join", 0, 1, ListFilters::join),
                    Filter.of("reverse", 0, 0, (in, _, r) -> copy(in, r).reversed()),
                    Filter.of("concat", 1, 1, ListFilters::concat),
                    Filter.of("map", 1, 1, ListFilters::map),
                    Filter.of("compact", 0, 1, ListFilters::compact),
                    Filter.of("uniq", 0, 1, ListFilters::uniq),
                    Filter.of("sum", 0, 1, ListFilters::sum),
                    Filter.of("sort", 0, 1, (in, with, r) -> sorted(in, with, r, order(r))),
                    Filter.of(
                            "sort_natural",
                            0,
                            1,
                            (in, with, r) -> sorted(in, with, r, natural(r))));

    private ListFilters() {}

    private static List<@Nullable Object> copy(@Nullable Object input, Rendering rendering) {
        return new ArrayList<>(Lists.of(input, rendering));
    }

    private static @Nullable Object property(@Nullable Object[] arguments) {
        return arguments.length > 0 ? arguments[0] : null;
    }

    private static String join(
            @Nullable Object input, @Nullable Object[] arguments, Rendering rendering) {
        String glue = arguments.length > 0 ? Texts.of(arguments[0], rendering) : " ";
        StringBuilder out = new StringBuilder();
        boolean isFirst = true;
        for (Object item : Lists.of(input, rendering)) {
            out.append(isFirst ? "" : glue).append(Texts.of(item, rendering));
            isFirst = false;
            if (out.length() > rendering.longestText()) {
                throw rendering.tooLong();
            }
        }
        rendering.build(out.length());
        return out.toString();
    }

    private static Object concat(
            @Nullable Object input, @Nullable Object[] arguments, Rendering rendering) {
        if (!(arguments[0] instanceof List || arguments[0] instanceof Range)) {
            throw new LiquidRenderException("concat filter requires an array argument");
        }
        List<@Nullable Object> all = copy(input, rendering);
        if (arguments[0] instanceof List<?> more) {
            rendering.steps(more.size());
            all.addAll(more);
        } else {
            all.addAll(Lists.of(arguments[0], rendering));
        }
        return all;
    }

    private static Object map(
            @Nullable Object input, @Nullable Object[] arguments, Rendering rendering) {
        List<@Nullable Object> values = new ArrayList<>();
        for (Object item : Lists.of(input, rendering)) {
            values.add(
                    ItemProperty.has(item) ? ItemProperty.of(item, arguments[0], rendering) : null);
        }
        return values;
    }

    private static @Nullable Object compact(
            @Nullable Object input, @Nullable Object[] arguments, Rendering rendering) {
        Object property = property(arguments);
        List<@Nullable Object> kept = new ArrayList<>();
        for (Object item : Lists.of(input, rendering)) {
            if (property != null && !ItemProperty.has(item)) {
                return null;
            }
            if ((property == null ? item : ItemProperty.of(item, property, rendering)) != null) {
                kept.add(item);
            }
        }
        return kept;
    }

    private static @Nullable Object uniq(
            @Nullable Object input, @Nullable Object[] arguments, Rendering rendering) {
        Object property = property(arguments);
        Set<@Nullable Object> seen = new HashSet<>();
        List<@Nullable Object> kept = new ArrayList<>();
        for (Object item : Lists.of(input, rendering)) {
            if (property != null && !ItemProperty.has(item)) {
                return null;
            }
            Object value = property == null ? item : ItemProperty.of(item, property, rendering);
            if (seen.add(identity(value, rendering))) {
                kept.add(item);
            }
        }
        return kept;
    }

    // 1 and 1.0 are two things here, as they are in the reference.
    private static @Nullable Object identity(@Nullable Object value, Rendering rendering) {
        return switch (value) {
            case String text -> {
                rendering.scanned(text.length());
                yield text;
            }
            case Number number -> Numbers.isWhole(number) ? Numbers.of(number) : number;
            case List<?> _, Map<?, ?> _ -> new Written(Texts.of(value, rendering));
            case null, default -> value;
        };
    }

    private static Object sum(
            @Nullable Object input, @Nullable Object[] arguments, Rendering rendering) {
        Object property = property(arguments);
        List<@Nullable Object> values = new ArrayList<>();
        for (Object item : Lists.of(input, rendering)) {
            if (property == null) {
                values.add(item);
            } else {
                values.add(
                        ItemProperty.has(item) ? ItemProperty.of(item, property, rendering) : null);
            }
        }
        Number sum = 0L;
        for (Object value : Lists.of(values, rendering)) {
            sum = NumberFilters.plus(sum, Numbers.of(value));
        }
        return NumberFilters.shown(sum);
    }

    private static @Nullable Object sorted(
            @Nullable Object input,
            @Nullable Object[] arguments,
            Rendering rendering,
            Comparator<@Nullable Object> order) {
        Object property = property(arguments);
        List<@Nullable Object> items = copy(input, rendering);
        if (property == null) {
            items.sort(order);
            return items;
        }
        List<Keyed> keyed = new ArrayList<>();
        for (Object item : items) {
            if (!ItemProperty.has(item)) {
                return null;
            }
            keyed.add(new Keyed(ItemProperty.of(item, property, rendering), item));
        }
        keyed.sort((a, b) -> order.compare(a.key(), b.key()));
        Collections.copy(items, keyed.stream().map(Keyed::item).toList());
        return items;
    }

    private static Comparator<@Nullable Object> order(Rendering rendering) {
        return (a, b) -> {
            rendering.step();
            if (a == null || b == null) {
                return nilLast(a, b);
            }
            Integer order = Comparison.sameKindOrder(a, b, rendering);
            if (order == null && !Comparison.areEqual(a, b, rendering)) {
                throw new LiquidRenderException("cannot sort values of incompatible types");
            }
            return order == null ? 0 : order;
        };
    }

    private static Comparator<@Nullable Object> natural(Rendering rendering) {
        return (a, b) -> {
            rendering.step();
            if (a == null || b == null) {
                return nilLast(a, b);
            }
            String left = Texts.of(a, rendering);
            String right = Texts.of(b, rendering);
            rendering.scanned(Math.min(left.length(), right.length()));
            return inAnyCase(left, right);
        };
    }

    private static int nilLast(@Nullable Object a, @Nullable Object b) {
        return Boolean.compare(a == null, b == null);
    }

    // Only the letters of ASCII have two cases here, as in the reference.
    private static int inAnyCase(String left, String right) {
        int length = Math.min(left.length(), right.length());
        for (int i = 0; i < length; i++) {
            int order = lower(left.charAt(i)) - lower(right.charAt(i));
            if (order != 0) {
                return order;
            }
        }
        return left.length() - right.length();
    }

    private static int lower(char c) {
        return c >= 'A' && c <= 'Z' ? c + 32 : c;
    }

    private record Keyed(@Nullable Object key, @Nullable Object item) {}

    private record Written(String text) {}
}
