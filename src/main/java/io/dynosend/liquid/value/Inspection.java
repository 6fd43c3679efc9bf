package io.dynosend.liquid.value;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A list or map as it is written down, {@code {"a"=>[1, nil]}}. */
final class Inspection {

    private final StringBuilder out = new StringBuilder();
    private final Rendering rendering;

    private Inspection(Rendering rendering) {
        this.rendering = rendering;
    }

    static String of(Object value, Rendering rendering) {
        Inspection inspection = new Inspection(rendering);
        inspection.append(value, 0);
        rendering.build(inspection.out.length());
        return inspection.out.toString();
    }

    private void append(@Nullable Object value, int depth) {
        rendering.nest(depth);
        rendering.step();
        switch (value) {
            case null -> out.append("nil");
            case String text -> quote(text);
            case SafeText(String text) -> quote(text);
            case List<?> list -> append(list, depth);
            case Map<?, ?> map -> append(map, depth);
            default -> out.append(Texts.ofScalar(value, rendering.zone()));
        }
        if (out.length() > rendering.longestText()) {
            throw rendering.tooLong();
        }
    }

    private void append(List<?> list, int depth) {
        String separator = "[";
        for (Object item : list) {
            out.append(separator);
            append(item, depth + 1);
            separator = ", ";
        }
        out.append(list.isEmpty() ? "[]" : "]");
    }

    private void append(Map<?, ?> map, int depth) {
        String separator = "{";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            out.append(separator);
            append(entry.getKey(), depth + 1);
            out.append("=>");
            append(entry.getValue(), depth + 1);
            separator = ", ";
        }
        out.append(map.isEmpty() ? "{}" : "}");
    }

    private void quote(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\n' -> out.append("\\n");
                case '\t' -> out.append("\\t");
                case '\r' -> out.append("\\r");
                case '\f' -> out.append("\\f");
                case 0x07 -> out.append("\\a");
                case '\b' -> out.append("\\b");
                case 0x0b -> out.append("\\v");
                case 0x1b -> out.append("\\e");
                case '#' -> out.append(startsInterpolation(text, i + 1) ? "\\#" : "#");
                default -> {
                    if (c < ' ') {
                        out.append("\\u%04X".formatted((int) c));
                    } else if (c == 0x7f) {
                        out.append("\\x7F");
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    private static boolean startsInterpolation(String text, int at) {
        return at < text.length() && "{$@".indexOf(text.charAt(at)) >= 0;
    }
}
