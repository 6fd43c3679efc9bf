package io.dynosend.liquid.parse;

import io.dynosend.liquid.LiquidRenderException;
import io.dynosend.liquid.LiquidSyntaxException;
import io.dynosend.liquid.tree.Node;
import io.dynosend.liquid.tree.Partial;
import io.dynosend.liquid.tree.Partials;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/**
 * A template compiled.
 *
 * @param root what renders
 * @param globals the paths of the variables it reads but does not make
 * @param dialect how partials are read that are named only while it renders
 */
public record Compiled(Node root, SequencedSet<String> globals, Dialect dialect) {

    /**
     * Compiles a template with the partials that it names.
     *
     * @throws LiquidSyntaxException if one of them is no Liquid
     */
    public static Compiled of(String text, Dialect dialect) {
        Names names = new Names();
        Node root =
                new TemplateParser(
                                new Source(text, ""), dialect, names, new PartialSources(dialect))
                        .parse();
        return new Compiled(
                root,
                Collections.unmodifiableSequencedSet(new LinkedHashSet<>(names.global())),
                dialect);
    }

    /** Partials for one rendering, compiled when they are first asked for. */
    public Partials partials() {
        return new Late(dialect);
    }

    private static final class Late implements Partials {

        private final Dialect dialect;
        private @Nullable PartialSources sources;

        private Late(Dialect dialect) {
            this.dialect = dialect;
        }

        @Override
        public Partial find(String name) {
            PartialSources known = sources == null ? new PartialSources(dialect) : sources;
            sources = known;
            try {
                return known.find(name, 0, () -> missing(name)).partial();
            } catch (LiquidSyntaxException e) {
                throw new LiquidRenderException(
                        "The partial '%s' is no Liquid: %s".formatted(name, e.getMessage()));
            }
        }

        private static LiquidRenderException missing(String name) {
            return new LiquidRenderException("There is no block '%s'".formatted(name));
        }
    }
}
