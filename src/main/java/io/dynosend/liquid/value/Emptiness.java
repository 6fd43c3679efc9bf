package io.dynosend.liquid.value;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The words {@code empty} and {@code blank}: equal to whatever is so, and no text themselves. */
public enum Emptiness {
    EMPTY,
    BLANK;

    boolean describes(@Nullable Object value) {
        return switch (value) {
            case String text -> this == EMPTY ? text.isEmpty() : text.isBlank();
            case SafeText(String text) -> this == EMPTY ? text.isEmpty() : text.isBlank();
            case List<?> list -> list.isEmpty();
            case Map<?, ?> map -> map.isEmpty();
            case null -> this == BLANK;
            case Boolean truth -> this == BLANK && !truth;
            default -> false;
        };
    }
}
