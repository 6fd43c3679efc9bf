package io.dynosend.liquid.filter;

import io.dynosend.liquid.LiquidRenderException;
import io.dynosend.liquid.value.Numbers;
import io.dynosend.liquid.value.Rendering;
import io.dynosend.liquid.value.Search;
import io.dynosend.liquid.value.Texts;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The property of an item in a list, as {@code where} and its like ask for it: a key of a map, a
 * part of a text, a bit of a whole number.
 */
final class ItemProperty {

    private ItemProperty() {}

    /** Whether such an item can be asked at all. */
    static boolean has(@Nullable Object item) {
        return item instanceof Map || item instanceof String || Numbers.isWhole(item);
    }

    /**
     * Only of what {@link #has} properties.
     *
     * @throws LiquidRenderException if it is nothing that such an item could have
     */
    static @Nullable Object of(
            @Nullable Object item, @Nullable Object property, Rendering rendering) {
        return switch (item) {
            case Map<?, ?> map -> property instanceof String name ? map.get(name) : null;
            case String text -> ofText(text, property, rendering);
            case null, default -> ofNumber(item, property);
        };
    }

    private static @Nullable Object ofText(
            String text, @Nullable Object property, Rendering rendering) {
        if (property instanceof String part) {
            return new Search(part, rendering).in(text, 0) < 0 ? null : part;
        }
        if (!Numbers.isWhole(property)) {
            throw unknown(property);
        }
        long index = Numbers.integer(property);
        int size = Texts.length(text);
        long at = index < 0 ? index + size : index;
        return at < 0 || at >= size
                ? null
                : Texts.ofCodePoint(text.codePointAt(text.offsetByCodePoints(0, (int) at)));
    }

    private static Object ofNumber(@Nullable Object number, @Nullable Object property) {
        if (!Numbers.isWhole(property)) {
            throw unknown(property);
        }
        long bit = Numbers.integer(property);
        return bit >= 0
                        && Numbers.bigInteger(Numbers.of(number))
                                .testBit((int) Math.min(bit, 65536))
                ? 1L
                : 0L;
    }

    private static LiquidRenderException unknown(@Nullable Object property) {
        return new LiquidRenderException(
                "cannot select the property '%s'"
                        .formatted(property instanceof String name ? name : ""));
    }
}
