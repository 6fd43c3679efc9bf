package io.dynosend.liquid.value;

import io.dynosend.liquid.LiquidRenderException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which values are true, equal, less, or in one another. */
public final class Comparison {

    private Comparison() {}

    public static boolean isTrue(@Nullable Object value) {
        return value != null && !Boolean.FALSE.equals(value);
    }

    public static boolean areEqual(
            @Nullable Object left, @Nullable Object right, Rendering rendering) {
        return areEqual(left, right, rendering, 0);
    }

    /**
     * How two values stand to each other, as in {@code compareTo}; null if they have no order.
     *
     * @throws LiquidRenderException if only one of them is a number or text
     */
    public static @Nullable Integer order(
            @Nullable Object left, @Nullable Object right, Rendering rendering) {
        if (!isOrdered(left) || !isOrdered(right)) {
            return null;
        }
        if (Numbers.isNan(left) || Numbers.isNan(right)) {
            return null;
        }
        Integer order = sameKindOrder(left, right, rendering);
        if (order == null) {
            throw new LiquidRenderException(
                    "comparison of %s with %s failed".formatted(kind(left), shown(right)));
        }
        return order;
    }

    /** The order of two of a kind; null if they are of different kinds or have none. */
    public static @Nullable Integer sameKindOrder(
            @Nullable Object left, @Nullable Object right, Rendering rendering) {
        Object a = SafeText.plain(left);
        Object b = SafeText.plain(right);
        if (a instanceof String x && b instanceof String y) {
            rendering.scanned(Math.min(x.length(), y.length()));
            return x.compareTo(y);
        }
        if (a instanceof Number x && b instanceof Number y) {
            return Numbers.compare(Numbers.of(x), Numbers.of(y));
        }
        Instant x = instant(a, rendering);
        Instant y = instant(b, rendering);
        return x == null || y == null ? null : (Integer) x.compareTo(y);
    }

    public static boolean contains(
            @Nullable Object whole, @Nullable Object part, Rendering rendering) {
        if (!isTrue(part)) {
            return false;
        }
        return switch (whole) {
            case String text -> hasText(text, Texts.of(part, rendering), rendering);
            case SafeText(String text) -> hasText(text, Texts.of(part, rendering), rendering);
            case List<?> list -> hasItem(list, part, rendering);
            case Map<?, ?> map ->
                    SafeText.plain(part) instanceof String key && map.containsKey(key);
            case Range range -> part instanceof Number number && range.contains(Numbers.of(number));
            case null, default -> false;
        };
    }

    static @Nullable Instant instant(@Nullable Object value, Rendering rendering) {
        return switch (value) {
            case Instant instant -> instant;
            case ZonedDateTime moment -> moment.toInstant();
            case OffsetDateTime moment -> moment.toInstant();
            case LocalDateTime moment -> moment.atZone(rendering.zone()).toInstant();
            case LocalDate date -> date.atStartOfDay(rendering.zone()).toInstant();
            case null, default -> null;
        };
    }

    @SuppressWarnings("ReferenceEquality") // Only a shortcut.
    private static boolean areEqual(
            @Nullable Object left, @Nullable Object right, Rendering rendering, int depth) {
        Object a = SafeText.plain(left);
        Object b = SafeText.plain(right);
        if (Numbers.isNan(a)) {
            return false;
        }
        if (a == b) {
            return !(a instanceof Emptiness);
        }
        if (a instanceof Emptiness emptiness) {
            return emptiness.describes(b);
        }
        if (b instanceof Emptiness emptiness) {
            return emptiness.describes(a);
        }
        return switch (a) {
            case null -> false;
            case String text -> {
                rendering.scanned(text.length());
                yield text.equals(b);
            }
            case Number x ->
                    b instanceof Number y && Numbers.compare(Numbers.of(x), Numbers.of(y)) == 0;
            case List<?> x -> b instanceof List<?> y && areEqual(x, y, rendering, depth);
            case Map<?, ?> x -> b instanceof Map<?, ?> y && areEqual(x, y, rendering, depth);
            case Boolean x -> x.equals(b);
            case Range x -> x.equals(b);
            default -> {
                Instant x = instant(a, rendering);
                yield x != null && x.equals(instant(b, rendering));
            }
        };
    }

    private static boolean areEqual(List<?> a, List<?> b, Rendering rendering, int depth) {
        rendering.nest(depth);
        if (a.size() != b.size()) {
            return false;
        }
        Iterator<?> others = b.iterator();
        for (Object item : a) {
            rendering.step();
            if (!areEqual(item, others.next(), rendering, depth + 1)) {
                return false;
            }
        }
        return true;
    }

    private static boolean areEqual(Map<?, ?> a, Map<?, ?> b, Rendering rendering, int depth) {
        rendering.nest(depth);
        if (a.size() != b.size()) {
            return false;
        }
        for (Map.Entry<?, ?> entry : a.entrySet()) {
            rendering.step();
            Object key = entry.getKey();
            if (!b.containsKey(key)
                    || !areEqual(entry.getValue(), b.get(key), rendering, depth + 1)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isOrdered(@Nullable Object value) {
        return switch (value) {
            case String _, SafeText _, Number _ -> true;
            case Instant _, ZonedDateTime _, OffsetDateTime _, LocalDateTime _, LocalDate _ -> true;
            case null, default -> false;
        };
    }

    private static String kind(@Nullable Object value) {
        return switch (value) {
            case String _, SafeText _ -> "String";
            case Number number -> Numbers.isWhole(number) ? "Integer" : "Float";
            case null, default -> "Date";
        };
    }

    private static String shown(@Nullable Object value) {
        return value instanceof Number number ? Texts.ofNumber(number) : kind(value);
    }

    private static boolean hasText(String text, String part, Rendering rendering) {
        return new Search(part, rendering).in(text, 0) >= 0;
    }

    private static boolean hasItem(List<?> list, @Nullable Object part, Rendering rendering) {
        for (Object item : list) {
            rendering.step();
            if (areEqual(item, part, rendering)) {
                return true;
            }
        }
        return false;
    }
}
