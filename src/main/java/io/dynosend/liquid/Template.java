package io.dynosend.liquid;

import io.dynosend.liquid.parse.Compiled;
import io.dynosend.liquid.tree.Scope;
import io.dynosend.liquid.value.Rendering;
import java.time.Instant;
import java.util.Map;
import java.util.SequencedSet;

/** A template compiled once; immutable, rendered by many threads. */
public final class Template {

    private final Liquid liquid;
    private final Compiled compiled;

    // A guess only, so threads may overwrite each other's.
    private volatile int usualLength;

    Template(Liquid liquid, Compiled compiled, int sourceLength) {
        this.liquid = liquid;
        this.compiled = compiled;
        this.usualLength = sourceLength;
    }

    /**
     * Renders with what the engine's clock says now.
     *
     * @param variables maps, lists, strings, numbers, booleans and dates; anything else is empty
     * @throws LiquidRenderException if a limit is passed, or an operation has no result
     */
    public String render(Map<String, ?> variables) throws LiquidRenderException {
        StringBuilder out = new StringBuilder(usualLength);
        render(variables, out);
        if (out.length() > usualLength) {
            usualLength = out.length();
        }
        return out.toString();
    }

    /** Appends to {@code out}; what was appended before a failure stays there. */
    public void render(Map<String, ?> variables, StringBuilder out) {
        render(variables, liquid.now(), out);
    }

    /** As {@link #render(Map, Instant, Output)}. */
    public void render(Map<String, ?> variables, Instant now, StringBuilder out) {
        render(variables, now, new TextOutput(out));
    }

    /**
     * Renders as of a given moment.
     *
     * @param now what {@code 'now' | date} says
     */
    public void render(Map<String, ?> variables, Instant now, Output out) {
        Limits limits = liquid.limits();
        Rendering rendering =
                new Rendering(
                        limits,
                        now,
                        liquid.zone(),
                        liquid.escapesHtml(),
                        liquid.isStrict(),
                        liquid.isLax());
        int longest = (int) Math.min(Integer.MAX_VALUE, (long) out.length() + limits.outputChars());
        compiled.root().render(new Scope(rendering, variables, compiled.partials(), longest), out);
    }

    /** Every global variable path that the template reads, such as {@code contact.city}. */
    public SequencedSet<String> variables() {
        return compiled.globals();
    }
}
