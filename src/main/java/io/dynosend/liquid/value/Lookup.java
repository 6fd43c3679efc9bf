package io.dynosend.liquid.value;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The property of a value, by name or index; never by reflection. */
public final class Lookup {

    /** What a lookup of something that is not there gives inside the engine. */
    public static final Object MISSING = new Object();

    private Lookup() {}

    @SuppressWarnings("ReferenceEquality") // There is only one.
    public static boolean isMissing(@Nullable Object value) {
        return value == MISSING;
    }

    /** {@code value.name}: a key of a map, else what every list, map and text has. */
    public static @Nullable Object property(@Nullable Object value, String name) {
        if (value instanceof Map<?, ?> map) {
            Object found = map.get(name);
            return found != null || map.containsKey(name) ? found : command(value, name);
        }
        return value instanceof Properties properties ? properties.get(name) : command(value, name);
    }

    /** {@code value[key]}: a key of a map or an index of a list, from its end if negative. */
    public static @Nullable Object item(@Nullable Object value, @Nullable Object key) {
        Object plain = SafeText.plain(key);
        if (value instanceof Map<?, ?> map && plain instanceof String name) {
            Object found = map.get(name);
            return found != null || map.containsKey(name) ? found : MISSING;
        }
        if (value instanceof List<?> list && Numbers.isWhole(plain)) {
            return at(list, Numbers.clampedLong(plain));
        }
        return value instanceof Properties properties && plain instanceof String name
                ? properties.get(name)
                : MISSING;
    }

    /** How many items or characters, 0 for what has none. */
    public static long size(@Nullable Object value) {
        return switch (value) {
            case String text -> Texts.length(text);
            case SafeText(String text) -> Texts.length(text);
            case List<?> list -> list.size();
            case Map<?, ?> map -> map.size();
            case Range range -> range.size();
            // A whole number has a size in the reference: its bytes.
            case Object number when Numbers.isWhole(number) -> Long.BYTES;
            case null, default -> 0;
        };
    }

    public static @Nullable Object first(@Nullable Object value) {
        return switch (value) {
            case String text -> text.isEmpty() ? "" : Texts.ofCodePoint(text.codePointAt(0));
            case SafeText(String text) -> first(text);
            case List<?> list -> list.isEmpty() ? null : list.getFirst();
            case Map<?, ?> map -> map.isEmpty() ? null : pair(map.entrySet().iterator().next());
            case Range range -> range.size() == 0 ? null : (Object) range.first();
            case null, default -> null;
        };
    }

    public static @Nullable Object last(@Nullable Object value) {
        return switch (value) {
            case String text ->
                    text.isEmpty() ? "" : Texts.ofCodePoint(text.codePointBefore(text.length()));
            case SafeText(String text) -> last(text);
            case List<?> list -> list.isEmpty() ? null : list.getLast();
            case Range range -> range.size() == 0 ? null : (Object) range.last();
            case null, default -> null;
        };
    }

    /** An entry of a map as loops and {@code first} see it: the key and the value. */
    public static List<@Nullable Object> pair(Map.Entry<?, ?> entry) {
        return Arrays.asList(entry.getKey(), entry.getValue());
    }

    private static @Nullable Object command(@Nullable Object value, String name) {
        return switch (name) {
            case "size" -> hasSize(value) ? (Object) size(value) : MISSING;
            case "first" -> hasEnds(value) ? first(value) : MISSING;
            case "last" -> hasEnds(value) && !(value instanceof Map) ? last(value) : MISSING;
            default -> MISSING;
        };
    }

    private static boolean hasSize(@Nullable Object value) {
        return hasEnds(value) || Numbers.isWhole(value);
    }

    private static boolean hasEnds(@Nullable Object value) {
        return value instanceof String
                || value instanceof SafeText
                || value instanceof List
                || value instanceof Map
                || value instanceof Range;
    }

    private static @Nullable Object at(List<?> list, long index) {
        long place = index < 0 ? index + list.size() : index;
        return place < 0 || place >= list.size() ? null : list.get((int) place);
    }
}
