package io.dynosend.liquid.tree;

import io.dynosend.liquid.value.Lookup;
import io.dynosend.liquid.value.Properties;
import org.jspecify.annotations.Nullable;

/** The variable {@code forloop}: where a loop is. */
final class ForLoop implements Properties {

    private final String name;
    private final long length;
    private final @Nullable ForLoop parent;
    private long index;

    ForLoop(String name, long length, @Nullable ForLoop parent) {
        this.name = name;
        this.length = length;
        this.parent = parent;
    }

    void next() {
        index++;
    }

    @Override
    public @Nullable Object get(String property) {
        return switch (property) {
            case "index" -> index + 1;
            case "index0" -> index;
            case "rindex" -> length - index;
            case "rindex0" -> length - index - 1;
            case "first" -> index == 0;
            case "last" -> index == length - 1;
            case "length" -> length;
            case "name" -> name;
            case "parentloop" -> parent;
            default -> Lookup.MISSING;
        };
    }
}
