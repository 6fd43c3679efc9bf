package io.dynosend.content;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** The distinct targets of a message, numbered from 0 in order of appearance. */
final class LinkTargets {

    private final SequencedMap<LinkTarget, Integer> numbers = new LinkedHashMap<>();

    int number(LinkTarget target) {
        return numbers.computeIfAbsent(target, _ -> numbers.size());
    }

    List<LinkTarget> all() {
        return List.copyOf(numbers.sequencedKeySet());
    }

    /**
     * What a browser would make of a decoded attribute: trimmed, without the line breaks inside.
     *
     * @return null if that is no http(s) address, or holds other controls
     */
    static @Nullable String webAddress(String text) {
        String url = withoutLineBreaks(text.strip());
        boolean web = startsWith(url, "http://") || startsWith(url, "https://");
        return web && url.chars().noneMatch(Ascii::breaksLine) ? url : null;
    }

    // https://url.spec.whatwg.org/#url-parsing: tabs and line ends are dropped wherever they are.
    static String withoutLineBreaks(String text) {
        return text.replace("\t", "").replace("\n", "").replace("\r", "");
    }

    private static boolean startsWith(String url, String scheme) {
        return url.length() > scheme.length()
                && url.regionMatches(true, 0, scheme, 0, scheme.length());
    }
}
