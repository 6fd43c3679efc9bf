package io.dynosend.contact;

import io.dynosend.common.Problem.BadInput;
import io.dynosend.common.SingleLine;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;

/** Tags as callers write them: {@code "a, b"} or a list. */
public final class Tags {

    private static final int MOST = 200;

    private Tags() {}

    /**
     * Reads {@code "a, b"}.
     *
     * @return trimmed, without blanks and repetitions, in the order given
     * @throws BadInput if there are over 200, or one is over 255 characters or no single line
     */
    public static List<String> parse(String commaSeparated) {
        return clean(Arrays.asList(commaSeparated.split(",", -1)));
    }

    /** As {@link #parse}, of tags that come one by one; one that holds a comma is several. */
    public static List<String> clean(Collection<String> tags) {
        var clean = new LinkedHashSet<String>();
        for (String given : tags) {
            for (String tag : given.split(",", -1)) {
                if (!tag.isBlank()) clean.add(SingleLine.checked("tag", tag.strip()));
            }
        }
        if (clean.size() > MOST) throw new BadInput("tag may name at most " + MOST + " tags");
        return List.copyOf(clean);
    }

    /** Both, each once, the first ones first. */
    static List<String> union(List<String> first, List<String> second) {
        if (second.isEmpty()) return first;
        var union = new LinkedHashSet<>(first);
        union.addAll(second);
        return List.copyOf(union);
    }
}
