package io.dynosend.liquid.filter;

import static io.dynosend.liquid.filter.StringFilters.built;
import static io.dynosend.liquid.filter.StringFilters.text;

import io.dynosend.liquid.value.Rendering;
import io.dynosend.liquid.value.Search;
import io.dynosend.liquid.value.Texts;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Filters that put one text, or none, in the place of another. */
final class ReplaceFilters {

    static final List<Filter> ALL =
            List.of(
                    Filter.of("replace", 1, 2, (in, with, r) -> all(in, with[0], second(with), r)),
                    Filter.of(
                            "replace_first",
                            1,
                            2,
                            (in, with, r) -> first(in, with[0], second(with), r)),
                    Filter.of("replace_last", 2, 2, (in, with, r) -> last(in, with[0], with[1], r)),
                    Filter.of("remove", 1, 1, (in, with, r) -> all(in, with[0], "", r)),
                    Filter.of("remove_first", 1, 1, (in, with, r) -> first(in, with[0], "", r)),
                    Filter.of("remove_last", 1, 1, (in, with, r) -> last(in, with[0], "", r)),
                    Filter.of("strip_newlines", 0, 0, (in, _, r) -> lines(built(in, r), "", r)));

    private ReplaceFilters() {}

    /** The text with another between its lines, {@code \n} and {@code \r\n} alike. */
    static String lines(String text, String between, Rendering rendering) {
        StringBuilder out = new StringBuilder(text.length());
        int start = 0;
        for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
            boolean carriageReturn = end > start && text.charAt(end - 1) == '\r';
            out.append(text, start, carriageReturn ? end - 1 : end).append(between);
            start = end + 1;
            checkLength(out.length(), rendering);
        }
        return out.append(text, start, text.length()).toString();
    }

    private static @Nullable Object second(@Nullable Object[] arguments) {
        return arguments.length > 1 ? arguments[1] : "";
    }

    private static String all(
            @Nullable Object input,
            @Nullable Object wanted,
            @Nullable Object replacement,
            Rendering rendering) {
        String text = text(input, rendering);
        String old = text(wanted, rendering);
        String fresh = text(replacement, rendering);
        if (old.isEmpty()) {
            return betweenAll(text, fresh, rendering);
        }
        Search search = new Search(old, rendering);
        int at = search.in(text, 0);
        if (at < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length());
        int start = 0;
        for (; at >= 0; at = search.in(text, start)) {
            out.append(text, start, at).append(fresh);
            start = at + old.length();
            checkLength(out.length(), rendering);
        }
        rendering.build((long) out.length() + text.length() - start);
        return out.append(text, start, text.length()).toString();
    }

    // No text at all is found before, between and after all characters.
    private static String betweenAll(String text, String fresh, Rendering rendering) {
        rendering.build(text.length() + (long) fresh.length() * (Texts.length(text) + 1L));
        StringBuilder out = new StringBuilder(fresh);
        text.codePoints().forEach(c -> out.appendCodePoint(c).append(fresh));
        return out.toString();
    }

    private static String first(
            @Nullable Object input,
            @Nullable Object wanted,
            @Nullable Object replacement,
            Rendering rendering) {
        String text = text(input, rendering);
        String old = text(wanted, rendering);
        int at = new Search(old, rendering).in(text, 0);
        return replaced(text, at, old.length(), text(replacement, rendering), rendering);
    }

    private static String last(
            @Nullable Object input,
            @Nullable Object wanted,
            @Nullable Object replacement,
            Rendering rendering) {
        String text = text(input, rendering);
        String old = text(wanted, rendering);
        int at = new Search(old, rendering).lastIn(text);
        return replaced(text, at, old.length(), text(replacement, rendering), rendering);
    }

    private static String replaced(
            String text, int at, int length, String fresh, Rendering rendering) {
        if (at < 0) {
            return text;
        }
        rendering.build((long) text.length() - length + fresh.length());
        return text.substring(0, at) + fresh + text.substring(at + length);
    }

    private static void checkLength(int length, Rendering rendering) {
        if (length > rendering.longestText()) {
            throw rendering.tooLong();
        }
    }
}
