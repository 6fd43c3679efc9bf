package io.dynosend.liquid.value;

import org.jspecify.annotations.Nullable;

/** Text that is HTML already, and so is not escaped again. */
public record SafeText(String text) {

    /** The value itself, or its text if it is safe text: most filters know strings only. */
    public static @Nullable Object plain(@Nullable Object value) {
        return value instanceof SafeText(String text) ? text : value;
    }
}
