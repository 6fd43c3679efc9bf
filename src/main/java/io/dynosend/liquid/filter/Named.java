package io.dynosend.liquid.filter;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The named arguments of a filter, as in {@code default: 'x', allow_false: true}. */
public record Named(Map<String, @Nullable Object> values) {}
