package io.dynosend.liquid;

import java.util.Map;

/** Renders an extension block, {@code {% name argument %} body {% endname %}}. */
@FunctionalInterface
public interface Block {

    /**
     * Appends what the block shows.
     *
     * @param argument the raw text after the name, trimmed
     * @param body what its inside rendered to; already escaped where the engine escapes
     * @param variables what the rendering was given
     * @param out where to append, as it is
     */
    void render(String argument, String body, Map<String, ?> variables, Output out);
}
