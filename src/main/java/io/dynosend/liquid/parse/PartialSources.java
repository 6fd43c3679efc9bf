package io.dynosend.liquid.parse;

import io.dynosend.liquid.LiquidSyntaxException;
import io.dynosend.liquid.tree.Partial;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The partials of one template, each compiled once, even if it uses itself. */
final class PartialSources {

    private final Dialect dialect;
    private final Map<String, Known> known = new HashMap<>();
    private final Map<String, Names> snippets = new HashMap<>();
    private int depth;

    PartialSources(Dialect dialect) {
        this.dialect = dialect;
    }

    /**
     * Remembers a snippet of the template or of one of its partials.
     *
     * @param names what it reads
     */
    void addSnippet(String name, Names names) {
        snippets.put(name, names);
    }

    /** What a snippet reads; null if there is none of that name so far. */
    @Nullable Names snippet(String name) {
        return snippets.get(name);
    }

    /** Whether a partial, used in so many blocks, cannot be compiled for all that is around it. */
    boolean isTooDeep(String name, int blocksAround) {
        return !known.containsKey(name) && depth + blocksAround + 1 > dialect.nesting();
    }

    /**
     * Finds a partial and compiles it.
     *
     * @param blocksAround in how many blocks of its template it is used
     * @param missing what to throw if there is no such partial
     */
    <E extends RuntimeException> Known find(String name, int blocksAround, Supplier<E> missing) {
        Known found = known.get(name);
        if (found != null) {
            return found;
        }
        String text = dialect.partials().apply(name);
        if (text == null) {
            throw missing.get();
        }
        Known fresh = new Known(new Partial(name), new Names());
        known.put(name, fresh);
        int outer = depth;
        depth += blocksAround + 1;
        try {
            Source source = new Source(text, name);
            fresh.partial.compileTo(new TemplateParser(source, dialect, fresh.names, this).parse());
        } catch (LiquidSyntaxException e) {
            known.remove(name);
            throw e;
        } finally {
            depth = outer;
        }
        return fresh;
    }

    /**
     * A partial.
     *
     * @param names what it reads; not complete while it is still being compiled
     */
    record Known(Partial partial, Names names) {}
}
