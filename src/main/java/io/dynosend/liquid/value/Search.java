package io.dynosend.liquid.value;

import org.jspecify.annotations.Nullable;

/** Finds one text in another in linear time, however both were chosen. */
public final class Search {

    // Below this the plain way is faster, and its worst case still short.
    private static final long HARMLESS = 1 << 16;

    private final String wanted;
    private final Rendering rendering;
    private int @Nullable [] borders;

    public Search(String wanted, Rendering rendering) {
        this.wanted = wanted;
        this.rendering = rendering;
    }

    /** Where it next begins, or -1. */
    public int in(String text, int from) {
        if ((long) wanted.length() * (text.length() - from) < HARMLESS) {
            int found = text.indexOf(wanted, from);
            rendering.scanned((found < 0 ? text.length() : found) - from);
            return found;
        }
        rendering.scanned(wanted.length());
        return scan(text, from, false);
    }

    /** Where it last begins, or -1. */
    public int lastIn(String text) {
        rendering.scanned(text.length());
        return (long) wanted.length() * text.length() < HARMLESS
                ? text.lastIndexOf(wanted)
                : scan(text, 0, true);
    }

    // Knuth, Morris and Pratt: never looks at a character of the text twice.
    private int scan(String text, int from, boolean toTheEnd) {
        int[] border = borders();
        int matched = 0;
        int found = -1;
        for (int i = from; i < text.length(); i++) {
            while (matched > 0 && text.charAt(i) != wanted.charAt(matched)) {
                matched = border[matched - 1];
            }
            if (text.charAt(i) == wanted.charAt(matched)) {
                matched++;
            }
            if (matched == wanted.length()) {
                found = i - matched + 1;
                if (!toTheEnd) {
                    break;
                }
                matched = border[matched - 1];
            }
        }
        rendering.scanned(text.length() - from);
        return found;
    }

    private int[] borders() {
        int[] known = borders;
        if (known != null) {
            return known;
        }
        int[] border = new int[wanted.length()];
        int matched = 0;
        for (int i = 1; i < border.length; i++) {
            while (matched > 0 && wanted.charAt(i) != wanted.charAt(matched)) {
                matched = border[matched - 1];
            }
            if (wanted.charAt(i) == wanted.charAt(matched)) {
                matched++;
            }
            border[i] = matched;
        }
        borders = border;
        return border;
    }
}
