package io.dynosend.liquid.value;

import org.jspecify.annotations.Nullable;

/** A value of the engine's own that has named properties, such as {@code forloop}. */
@FunctionalInterface
public interface Properties {

    @Nullable Object get(String name);
}
