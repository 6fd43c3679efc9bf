package io.dynosend.liquid.filter;

import io.dynosend.liquid.value.Comparison;
import io.dynosend.liquid.value.Html;
import io.dynosend.liquid.value.Lookup;
import io.dynosend.liquid.value.Numbers;
import io.dynosend.liquid.value.Rendering;
import io.dynosend.liquid.value.SafeText;
import io.dynosend.liquid.value.Search;
import io.dynosend.liquid.value.Texts;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Filters that shorten, split, join and change the case of text; and the default. */
final class StringFilters {

    static final List<Filter> ALL =
            List.of(
                    new Filter("append", 1, 1, true, (in, with, r) -> joined(in, with[0], r)),
                    new Filter("prepend", 1, 1, true, (in, with, r) -> joined(with[0], in, r)),
                    Filter.of("upcase", 0, 0, (in, _, r) -> built(in, r).toUpperCase(Locale.ROOT)),
                    Filter.of(
                            "downcase", 0, 0, (in, _, r) -> built(in, r).toLowerCase(Locale.ROOT)),
                    Filter.of("capitalize", 0, 0, (in, _, r) -> capitalized(built(in, r))),
                    new Filter("strip", 0, 0, true, (in, _, r) -> stripped(in, r, true, true)),
                    new Filter("lstrip", 0, 0, true, (in, _, r) -> stripped(in, r, true, false)),
                    new Filter("rstrip", 0, 0, true, (in, _, r) -> stripped(in, r, false, true)),
                    Filter.of("squish", 0, 0, (in, _, r) -> in == null ? null : squished(in, r)),
                    Filter.of("size", 0, 0, (in, _, _) -> Lookup.size(in)),
                    Filter.of("slice", 1, 2, StringFilters::slice),
                    Filter.of(
                            "split",
                            1,
                            1,
                            (in, with, r) -> split(text(in, r), text(with[0], r), r)),
                    Filter.of("truncate", 0, 2, StringFilters::truncate),
                    Filter.of("truncatewords", 0, 2, StringFilters::truncateWords),
                    new Filter("default", 0, 2, true, StringFilters::orDefault));

    private StringFilters() {}

    static String text(@Nullable Object value, Rendering rendering) {
        return Texts.of(value, rendering);
    }

    /** The text, counted as what a filter is about to make of it. */
    static String built(@Nullable Object value, Rendering rendering) {
        String text = Texts.of(value, rendering);
        rendering.build(text.length());
        return text;
    }

    // Beside HTML, other text becomes HTML too, so that nothing is escaped twice or never.
    private static Object joined(
            @Nullable Object first, @Nullable Object second, Rendering rendering) {
        if (first instanceof SafeText || second instanceof SafeText) {
            return new SafeText(
                    concatenated(html(first, rendering), html(second, rendering), rendering));
        }
        return concatenated(text(first, rendering), text(second, rendering), rendering);
    }

    private static String concatenated(String head, String tail, Rendering rendering) {
        rendering.build((long) head.length() + tail.length());
        return head.concat(tail);
    }

    private static String html(@Nullable Object value, Rendering rendering) {
        if (value instanceof SafeText(String html)) {
            return html;
        }
        StringBuilder escaped = new StringBuilder();
        Html.escape(escaped, text(value, rendering));
        rendering.build(escaped.length());
        return escaped.toString();
    }

    private static String capitalized(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int rest = text.offsetByCodePoints(0, 1);
        return Texts.ofCodePoint(Character.toTitleCase(text.codePointAt(0)))
                + text.substring(rest).toLowerCase(Locale.ROOT);
    }

    private static Object stripped(
            @Nullable Object input, Rendering rendering, boolean left, boolean right) {
        String stripped = stripped(built(input, rendering), left, right);
        return input instanceof SafeText ? new SafeText(stripped) : stripped;
    }

    private static String stripped(String text, boolean left, boolean right) {
        int start = 0;
        int end = text.length();
        while (left && start < end && Texts.isSpace(text.charAt(start))) {
            start++;
        }
        while (right && start < end && Texts.isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    // Runs of blanks become one each.
    private static String squished(Object input, Rendering rendering) {
        String text = built(input, rendering);
        StringBuilder words = new StringBuilder(text.length());
        int end = 0;
        for (int start = nextWord(text, 0); start < text.length(); start = nextWord(text, end)) {
            end = endOfWord(text, start);
            words.append(words.isEmpty() ? "" : " ").append(text, start, end);
        }
        return words.toString();
    }

    private static Object slice(
            @Nullable Object input, @Nullable Object[] arguments, Rendering rendering) {
        long offset = Numbers.integer(arguments[0]);
        boolean hasLength = arguments.length > 1 && Comparison.isTrue(arguments[1]);
        long length = hasLength ? Numbers.integer(arguments[1]) : 1;
        if (input instanceof List<?> list) {
            // A copy, or a slice of a slice of a slice would keep them all.
            rendering.steps(list.size());
            Part part = (from, to) -> new ArrayList<>(list.subList(from, to));
            return sliced(list.size(), offset, length, List.of(), part);
        }
        String text = built(input, rendering);
        return sliced(
                Texts.length(text),
                offset,
                length,
                "",
                (from, to) -> {
                    int start = text.offsetByCodePoints(0, from);
                    return text.substring(start, text.offsetByCodePoints(start, to - from));
                });
    }

    private static Object sliced(int size, long offset, long length, Object none, Part part) {
        long from = offset < 0 ? offset + size : offset;
        return from < 0 || from > size || length < 0
                ? none
                : part.between((int) from, (int) Math.min(size, from + Math.min(length, size)));
    }

    private static Object split(String text, String separator, Rendering rendering) {
        if (separator.isEmpty()) {
            return characters(text, rendering);
        }
        List<Object> parts = separator.equals(" ") ? words(text, rendering) : new ArrayList<>();
        if (!separator.equals(" ")) {
            Search search = new Search(separator, rendering);
            int start = 0;
            for (int at = search.in(text, 0); at >= 0; at = search.in(text, start)) {
                rendering.step();
                parts.add(text.substring(start, at));
                start = at + separator.length();
            }
            parts.add(text.substring(start));
        }
        while (!parts.isEmpty() && parts.getLast().equals("")) {
            parts.removeLast();
        }
        rendering.build(text.length());
        return parts;
    }

    private static List<Object> characters(String text, Rendering rendering) {
        rendering.steps(text.length());
        List<Object> characters = new ArrayList<>(text.length());
        text.codePoints().forEach(c -> characters.add(Texts.ofCodePoint(c)));
        return characters;
    }

    private static List<Object> words(String text, Rendering rendering) {
        List<Object> words = new ArrayList<>();
        int end = 0;
        for (int start = nextWord(text, 0); start < text.length(); start = nextWord(text, end)) {
            rendering.step();
            end = endOfWord(text, start);
            words.add(text.substring(start, end));
        }
        return words;
    }

    private static @Nullable Object truncate(
            @Nullable Object input, @Nullable Object[] arguments, Rendering rendering) {
        if (input == null) {
            return null;
        }
        long length = arguments.length > 0 ? Numbers.integer(arguments[0]) : 50;
        String ellipsis = arguments.length > 1 ? text(arguments[1], rendering) : "...";
        String text = built(input, rendering);
        if (Texts.length(text) <= length) {
            return text;
        }
        long kept = Math.max(0, Math.max(0, length) - Texts.length(ellipsis));
        rendering.build(kept + ellipsis.length());
        return text.substring(0, text.offsetByCodePoints(0, (int) kept)) + ellipsis;
    }

    private static @Nullable Object truncateWords(
            @Nullable Object input, @Nullable Object[] arguments, Rendering rendering) {
        if (input == null) {
            return null;
        }
        long most = Math.max(1, arguments.length > 0 ? Numbers.integer(arguments[0]) : 15);
        String ellipsis = arguments.length > 1 ? text(arguments[1], rendering) : "...";
        String text = built(input, rendering);
        StringBuilder words = new StringBuilder();
        int end = 0;
        for (long count = 0; count < most; count++) {
            int start = nextWord(text, end);
            if (start == text.length()) {
                return text;
            }
            end = endOfWord(text, start);
            words.append(count == 0 ? "" : " ").append(text, start, end);
        }
        if (end == text.length()) {
            return text;
        }
        rendering.build((long) words.length() + ellipsis.length());
        return words.append(ellipsis).toString();
    }

    private static int nextWord(String text, int from) {
        int at = from;
        while (at < text.length() && Texts.isSpace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static int endOfWord(String text, int from) {
        int at = from;
        while (at < text.length() && !Texts.isSpace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static @Nullable Object orDefault(
            @Nullable Object input, @Nullable Object[] arguments, Rendering rendering) {
        Object last = arguments.length == 0 ? null : arguments[arguments.length - 1];
        boolean falseCounts =
                last instanceof Named named && Comparison.isTrue(named.values().get("allow_false"));
        boolean absent = falseCounts ? input == null : !Comparison.isTrue(input);
        if (!absent && !isEmpty(input)) {
            return input;
        }
        return arguments.length == 0 || arguments[0] instanceof Named ? "" : arguments[0];
    }

    private static boolean isEmpty(@Nullable Object value) {
        return switch (value) {
            case String text -> text.isEmpty();
            case SafeText(String text) -> text.isEmpty();
            case List<?> list -> list.isEmpty();
            case Map<?, ?> map -> map.isEmpty();
            case null, default -> false;
        };
    }

    private interface Part {
        Object between(int from, int to);
    }
}
