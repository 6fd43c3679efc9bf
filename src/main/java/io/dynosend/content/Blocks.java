package io.dynosend.content;

import io.dynosend.common.Json;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The pieces that messages share and use by {@code {% render 'name' %}}; immutable. */
public final class Blocks {

    /** One of them, as Liquid for each part of a message. */
    public record Block(String html, String text) {}

    /** None at all. */
    public static final Blocks NONE = new Blocks(Map.of());

    private static final Set<String> TAGS = Set.of("render", "include", "liquid");
    private static final Pattern NAMED =
            Pattern.compile("\\b(?:render|include)\\s+(?:'([^']*)'|\"([^\"]*)\")");

    private final Map<String, Block> byName;

    /**
     * The blocks that a message uses, and those that these use.
     *
     * @param byName by the name in {@code render}
     */
    public Blocks(Map<String, Block> byName) {
        // In order, so that what is compiled twice numbers its links the same.
        this.byName = new TreeMap<>(byName);
    }

    /** The names that templates use by {@code render} or {@code include}. */
    public static Set<String> named(Collection<String> sources) {
        var names = new TreeSet<String>();
        for (String source : sources) {
            var liquid = new LiquidSource(source);
            for (var segment : liquid.segments()) {
                if (!TAGS.contains(segment.name())) continue;
                Matcher named = NAMED.matcher(liquid.text(segment));
                while (named.find()) {
                    names.add(named.group(1) == null ? named.group(2) : named.group(1));
                }
            }
        }
        return names;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Blocks blocks && byName.equals(blocks.byName);
    }

    @Override
    public int hashCode() {
        return byName.hashCode();
    }

    /** Whether there is one of that name. */
    public boolean has(String name) {
        return byName.containsKey(name);
    }

    /** All of them, to be kept. */
    public String json() {
        var all = new LinkedHashMap<String, Object>();
        byName.forEach(
                (name, block) -> all.put(name, Map.of("html", block.html(), "text", block.text())));
        return Json.write(all);
    }

    /** What {@link #json} has kept. */
    public static Blocks ofJson(String json) {
        var byName = new LinkedHashMap<String, Block>();
        Json.object(json)
                .forEach((name, value) -> {
                    if (value instanceof Map<?, ?> block) {
                        byName.put(
                                name,
                                new Block(
                                        String.valueOf(block.get("html")),
                                        String.valueOf(block.get("text"))));
                    }
                });
        return new Blocks(byName);
    }

    /** The source for HTML; null if there is no such block. */
    @Nullable String html(String name) {
        Block block = byName.get(name);
        return block == null ? null : block.html();
    }

    /** The source for text; null if there is no such block. */
    @Nullable String text(String name) {
        Block block = byName.get(name);
        return block == null ? null : block.text();
    }

    /** The same with tracked links. */
    Blocks tracked(LinkRewriter links) {
        var changed = new LinkedHashMap<>(byName);
        changed.replaceAll((_, block) -> new Block(html(block, links), text(block, links)));
        return new Blocks(changed);
    }

    private static String html(Block block, LinkRewriter links) {
        var html = new HtmlSource(block.html());
        var edits = new Edits(html.liquid());
        links.rewrite(html, edits);
        return edits.applied();
    }

    private static String text(Block block, LinkRewriter links) {
        var text = new LiquidSource(block.text());
        var edits = new Edits(text);
        links.rewrite(text, edits);
        return edits.applied();
    }
}
