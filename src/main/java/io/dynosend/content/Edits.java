package io.dynosend.content;

import java.util.Map;
import java.util.TreeMap;

/** Changes at positions of a template; everything between them stays byte for byte. */
final class Edits {

    private record Edit(int end, String replacement) {}

    private final LiquidSource source;
    private final TreeMap<Integer, Edit> edits = new TreeMap<>();

    Edits(LiquidSource source) {
        this.source = source;
    }

    /**
     * Puts Liquid in place of a range; a second change that begins at the same place is ignored.
     */
    void replace(int start, int end, String liquid) {
        // Inside {% raw %} it has to be let out first.
        String replacement = source.isRaw(start) ? "{% endraw %}" + liquid + "{% raw %}" : liquid;
        edits.putIfAbsent(start, new Edit(end, replacement));
    }

    void insert(int position, String liquid) {
        replace(position, position, liquid);
    }

    /** The template with all changes. */
    String applied() {
        String text = source.source();
        var out = new StringBuilder(text.length() + 64 * edits.size());
        int copied = 0;
        for (Map.Entry<Integer, Edit> entry : edits.entrySet()) {
            out.append(text, copied, entry.getKey()).append(entry.getValue().replacement());
            copied = entry.getValue().end();
        }
        return out.append(text, copied, text.length()).toString();
    }
}
