package io.dynosend.liquid.tree;

import io.dynosend.liquid.LiquidRenderException;
import io.dynosend.liquid.Output;
import io.dynosend.liquid.value.Lookup;
import io.dynosend.liquid.value.Numbers;
import io.dynosend.liquid.value.Rendering;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known while a template renders: the loops it is in, what it assigned, its counters, and
 * what it was given, looked through in this order.
 */
public final class Scope {

    private final Rendering rendering;
    private final Map<String, ?> globals;
    private final Partials partials;
    private final int longestOutput;
    private final int depth;
    private final boolean isolated;

    private @Nullable Frame frame;
    private @Nullable ForLoop loop;
    private @Nullable Map<String, @Nullable Object> locals;
    private @Nullable Map<String, Long> counters;
    private @Nullable Map<Object, Integer> cycles;
    private @Nullable Map<String, Long> continuations;
    private @Nullable String lastChanged;
    private int includes;

    /**
     * A scope at the top of a template.
     *
     * @param longestOutput where the output has to end
     */
    public Scope(
            Rendering rendering, Map<String, ?> globals, Partials partials, int longestOutput) {
        this(rendering, globals, partials, longestOutput, 0, false);
    }

    private Scope(
            Rendering rendering,
            Map<String, ?> globals,
            Partials partials,
            int longestOutput,
            int depth,
            boolean isolated) {
        this.rendering = rendering;
        this.globals = globals;
        this.partials = partials;
        this.longestOutput = longestOutput;
        this.depth = depth;
        this.isolated = isolated;
    }

    Rendering rendering() {
        return rendering;
    }

    Map<String, ?> globals() {
        return globals;
    }

    Partials partials() {
        return partials;
    }

    /** One node rendered into that buffer. */
    void step(Output out) {
        rendering.step();
        if (out.length() > longestOutput) {
            throw rendering.tooLong();
        }
    }

    /** The value, or {@link Lookup#MISSING}. */
    @Nullable Object find(String name) {
        for (Frame f = frame; f != null; f = f.outer()) {
            Object value = f.find(name);
            if (!Lookup.isMissing(value)) {
                return value;
            }
        }
        if (locals != null) {
            Object value = locals.get(name);
            if (value != null || locals.containsKey(name)) {
                return value;
            }
        }
        if (counters != null && counters.containsKey(name)) {
            return counters.get(name);
        }
        return global(name);
    }

    /** The snippet that the template made under that name. */
    Partial snippet(String name) {
        if (find(name) instanceof Snippet(Partial partial)) {
            return partial;
        }
        throw new LiquidRenderException("there is no snippet '%s'".formatted(name));
    }

    void assign(String name, @Nullable Object value) {
        if (locals == null) {
            locals = new HashMap<>();
        }
        locals.put(name, value);
    }

    /** Changes a counter, which begins at 0 or at the whole number given under its name. */
    long count(String name, long by) {
        if (counters == null) {
            counters = new HashMap<>();
        }
        Object given = counters.containsKey(name) ? counters.get(name) : global(name);
        long value = Numbers.isWhole(given) ? Numbers.integer(given) : 0;
        counters.put(name, value + by);
        return value;
    }

    /** The place of a cycle in its round, then moved on. */
    int cycle(Object key, int length) {
        if (cycles == null) {
            cycles = new HashMap<>();
        }
        int place = cycles.getOrDefault(key, 0);
        cycles.put(key, place + 1 >= length ? 0 : place + 1);
        return place;
    }

    /** Where a loop of that name ended last, for {@code offset: continue}. */
    long continuation(String loopName) {
        return continuations == null ? 0 : continuations.getOrDefault(loopName, 0L);
    }

    void continueAt(String loopName, long place) {
        if (continuations == null) {
            continuations = new HashMap<>();
        }
        continuations.put(loopName, place);
    }

    boolean changed(String text) {
        boolean changed = !text.equals(lastChanged);
        lastChanged = text;
        return changed;
    }

    @Nullable Frame frame() {
        return frame;
    }

    void enter(@Nullable Frame inner) {
        this.frame = inner;
    }

    @Nullable ForLoop loop() {
        return loop;
    }

    void enterLoop(@Nullable ForLoop inner) {
        this.loop = inner;
    }

    /** A scope for {@code render}: sees what was given to the template, and nothing else. */
    Scope isolated(int blocksAround) {
        rendering.nest(depth + includes + blocksAround + 1);
        return new Scope(
                rendering,
                globals,
                partials,
                longestOutput,
                depth + includes + blocksAround + 1,
                true);
    }

    void enterInclude(int blocksAround) {
        if (isolated) {
            throw new LiquidRenderException("include usage is not allowed in this context");
        }
        includes += blocksAround + 1;
        rendering.nest(depth + includes);
    }

    void leaveInclude(int blocksAround) {
        includes -= blocksAround + 1;
    }

    private @Nullable Object global(String name) {
        Object value = globals.get(name);
        return value != null || globals.containsKey(name) ? value : Lookup.MISSING;
    }
}
