package io.dynosend.liquid.tree;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A template inside others. It is known by name before it is compiled, since it may use itself. */
public final class Partial {

    private final String name;
    private @Nullable Node body;

    public Partial(String name) {
        this.name = name;
    }

    public void compileTo(Node node) {
        this.body = node;
    }

    String name() {
        return name;
    }

    Node body() {
        return Objects.requireNonNull(body);
    }
}
