package io.dynosend.api;

import io.dynosend.common.Problem.BadInput;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Urlencoded fields as PHP clients write them: {@code customTags[0][Name]=x} is a list of objects,
 * {@code tag[]=a&tag[]=b} a list.
 */
final class FormFields {

    private static final int MOST = 10_000;
    private static final int DEEPEST = 8;

    private final Map<String, Object> values = new LinkedHashMap<>();
    private int count;

    /**
     * Reads {@code a=1&b=2}.
     *
     * @throws BadInput if a percent-encoding is broken, or there are over 10,000 fields
     */
    static Map<String, Object> parse(String encoded) {
        var fields = new FormFields();
        int end;
        for (int start = 0; start < encoded.length(); start = end + 1) {
            end = encoded.indexOf('&', start);
            if (end < 0) end = encoded.length();
            if (end == start) continue;
            String pair = encoded.substring(start, end);
            int equals = pair.indexOf('=');
            fields.add(
                    decoded(equals < 0 ? pair : pair.substring(0, equals)),
                    equals < 0 ? "" : decoded(pair.substring(equals + 1)));
        }
        return fields.values();
    }

    /** Adds one field; of two with the same name the later wins. */
    void add(String name, String value) {
        if (++count > MOST) throw new BadInput("A request may have at most " + MOST + " fields");
        put(values, keys(name), 0, value);
    }

    /** The fields by name; lists and objects unfolded. */
    Map<String, Object> values() {
        var unfolded = new LinkedHashMap<String, Object>();
        values.forEach((name, value) -> unfolded.put(name, listOrValue(value)));
        return unfolded;
    }

    @SuppressWarnings("unchecked")
    private static void put(Map<String, Object> into, List<String> keys, int depth, String value) {
        String key = keys.get(depth);
        if (key.isEmpty()) key = Integer.toString(into.size());
        if (depth == keys.size() - 1) {
            into.put(key, value);
            return;
        }
        Object child = into.get(key);
        if (!(child instanceof Map)) {
            child = new LinkedHashMap<String, Object>();
            into.put(key, child);
        }
        put((Map<String, Object>) child, keys, depth + 1, value);
    }

    private static List<String> keys(String name) {
        int open = name.indexOf('[');
        if (open <= 0 || !name.endsWith("]")) return List.of(name);
        var keys = new ArrayList<String>();
        keys.add(name.substring(0, open));
        for (String key : name.substring(open + 1, name.length() - 1).split("\\]\\[", -1)) {
            keys.add(key);
        }
        if (keys.size() > DEEPEST) throw new BadInput("A field may be nested at most 8 deep");
        return keys;
    }

    @SuppressWarnings("unchecked")
    private static Object listOrValue(@Nullable Object value) {
        if (!(value instanceof Map)) return value == null ? "" : value;
        var children = new LinkedHashMap<String, Object>();
        ((Map<String, Object>) value)
                .forEach((key, child) -> children.put(key, listOrValue(child)));
        boolean isList =
                children.keySet().stream()
                        .allMatch(key -> key.chars().allMatch(Character::isDigit));
        return isList ? List.copyOf(children.values()) : children;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new BadInput("A percent-encoding is broken: “%s”".formatted(shortened(text)));
        }
    }

    private static String shortened(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }
}
