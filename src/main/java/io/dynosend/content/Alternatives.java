package io.dynosend.content;

import io.dynosend.content.LiquidSource.Kind;
import io.dynosend.content.LiquidSource.Segment;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A text of which Liquid chooses one part and nothing else: {@code {% if VIP %}one{% else %}other{%
 * endif %}}.
 */
final class Alternatives {

    private static final Set<String> CHOOSING =
            Set.of(
                    "if",
                    "unless",
                    "case",
                    "when",
                    "elsif",
                    "else",
                    "endif",
                    "endunless",
                    "endcase");

    private final LiquidSource source;
    private final List<Segment> tags;

    private Alternatives(LiquidSource source) {
        this.source = source;
        this.tags = source.segments();
    }

    /**
     * The text with each part replaced.
     *
     * @return null if it is no such choice, or a part does not suit
     */
    static @Nullable String replaced(
            LiquidSource source, Predicate<String> suits, UnaryOperator<String> replacement) {
        var alternatives = new Alternatives(source);
        return alternatives.areOneChoice() && alternatives.parts().allMatch(suits)
                ? alternatives.replaced(replacement)
                : null;
    }

    private boolean areOneChoice() {
        if (tags.size() < 2 || !tags.stream().allMatch(Alternatives::chooses)) return false;
        int depth = 0;
        for (int i = 0; i < tags.size() - 1; i++) {
            if (tags.get(i).opens()) depth++;
            if (tags.get(i).closes()) depth--;
            if (depth == 0 || !(textAfter(i).isBlank() || isBranch(i))) return false;
        }
        return textBetween(0, tags.getFirst().start()).isBlank()
                && textAfter(tags.size() - 1).isBlank();
    }

    private Stream<String> parts() {
        return IntStream.range(0, tags.size())
                .mapToObj(this::textAfter)
                .filter(text -> !text.isBlank());
    }

    private String replaced(UnaryOperator<String> replacement) {
        var out = new StringBuilder();
        for (int i = 0; i < tags.size(); i++) {
            String text = textAfter(i);
            out.append(source.text(tags.get(i)));
            if (!text.isBlank()) out.append(replacement.apply(text));
        }
        return out.toString();
    }

    private static boolean chooses(Segment tag) {
        return tag.kind() == Kind.TAG && CHOOSING.contains(tag.name());
    }

    // With a tag behind it that opens or one before it that closes, it is only part of a branch.
    private boolean isBranch(int tag) {
        return !tags.get(tag).closes()
                && !tags.get(tag).name().equals("case")
                && !tags.get(tag + 1).opens();
    }

    private String textAfter(int tag) {
        int end = tag + 1 < tags.size() ? tags.get(tag + 1).start() : source.source().length();
        return textBetween(tags.get(tag).end(), end);
    }

    private String textBetween(int start, int end) {
        return source.source().substring(start, end);
    }
}
