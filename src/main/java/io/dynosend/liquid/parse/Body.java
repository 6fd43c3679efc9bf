package io.dynosend.liquid.parse;

import io.dynosend.liquid.tree.Node;
import io.dynosend.liquid.tree.Sequence;
import io.dynosend.liquid.tree.Text;
import io.dynosend.liquid.value.Texts;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The inside of a template or a block while it is read. */
final class Body {

    private final Source source;
    private final List<Object> parts = new ArrayList<>();
    private final List<Integer> lines = new ArrayList<>();
    private final BitSet silent = new BitSet();
    private boolean endsInText;
    private boolean blank = true;
    private @Nullable Token end;

    Body(Source source) {
        this.source = source;
    }

    void text(String text, Token token) {
        blank &= text.chars().allMatch(c -> Texts.isSpace((char) c));
        parts.add(text);
        lines.add(source.line(token.start()));
        endsInText = true;
    }

    void node(Node node, Token token, boolean shows) {
        silent.set(parts.size(), !shows);
        parts.add(node);
        lines.add(source.line(token.start()));
        blank &= !shows;
        endsInText = false;
    }

    /** Text that stays as it is, whatever is trimmed around it. */
    void verbatim(String text, Token token) {
        node(new Text(text), token, !text.isEmpty());
    }

    /** Something stood here that renders to nothing, such as a comment. */
    void nothing() {
        endsInText = false;
    }

    void trimEnd() {
        if (endsInText && parts.getLast() instanceof String text) {
            int to = text.length();
            while (to > 0 && Texts.isSpace(text.charAt(to - 1))) {
                to--;
            }
            parts.set(parts.size() - 1, text.substring(0, to));
        }
    }

    /** Whether it shows nothing but blanks. */
    boolean isBlank() {
        return blank;
    }

    void endsWith(Token tag) {
        this.end = tag;
    }

    /** The tag that ended it; null at the end of the template. */
    @Nullable Token end() {
        return end;
    }

    Sequence build() {
        return build(false);
    }

    /** Without its text if that is all it would show, as a branch that only assigns. */
    Sequence build(boolean withoutText) {
        List<Node> nodes = new ArrayList<>();
        List<Integer> at = new ArrayList<>();
        BitSet quiet = new BitSet();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i) instanceof String part) {
                text.append(withoutText ? "" : part);
            } else if (parts.get(i) instanceof Node node) {
                flush(text, nodes, at, lines.get(i));
                quiet.set(nodes.size(), silent.get(i));
                nodes.add(node);
                at.add(lines.get(i));
            }
        }
        flush(text, nodes, at, 1);
        return new Sequence(
                nodes, at.stream().mapToInt(Integer::intValue).toArray(), quiet, source.partial());
    }

    private static void flush(StringBuilder text, List<Node> nodes, List<Integer> at, int line) {
        if (!text.isEmpty()) {
            nodes.add(new Text(text.toString()));
            at.add(line);
            text.setLength(0);
        }
    }
}
