package io.dynosend.liquid;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.SequencedSet;

/** A template compiled once; immutable, rendered by many threads. */
public final class Template {

    private final Liquid liquid;
    private final String source;

    Template(Liquid liquid, String source) {
        this.liquid = liquid;
        this.source = source;
    }

    /**
     * Renders with what the engine's clock says now.
     *
     * @param variables maps, lists, strings, numbers, booleans and dates; anything else is empty
     * @throws LiquidRenderException if a limit is passed
     */
    public String render(Map<String, ?> variables) throws LiquidRenderException {
        StringBuilder out = new StringBuilder(source.length());
        render(variables, out);
        return out.toString();
    }

    /** Appends to {@code out}; what was appended before a failure stays there. */
    public void render(Map<String, ?> variables, StringBuilder out) {
        render(variables, liquid.now(), out);
    }

    /**
     * Renders as of a given moment.
     *
     * @param now what {@code 'now' | date} says
     */
    public void render(Map<String, ?> variables, Instant now, StringBuilder out) {
        out.append(source);
    }

    /** Every global variable path that the template reads, such as {@code contact.city}. */
    public SequencedSet<String> variables() {
        return Collections.unmodifiableSequencedSet(new LinkedHashSet<>());
    }
}
