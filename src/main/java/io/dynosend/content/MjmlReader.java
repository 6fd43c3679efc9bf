package io.dynosend.content;

import io.dynosend.common.Problem.BadInput;
import io.dynosend.content.LiquidSource.Kind;
import io.dynosend.content.LiquidSource.Segment;
import io.dynosend.content.MjmlComponents.Component;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads MJML strictly, and writes it again with everything in it masked that the compiler must not
 * touch: Liquid, HTML, text. What the compiler would drop or guess is refused here, with its place.
 */
final class MjmlReader {

    /**
     * What was read.
     *
     * @param masked for the compiler: known components where they may stand, known attributes
     */
    record Reading(String masked, LiquidMask mask, String language, String direction) {}

    /** An element that is not closed yet, and how many Liquid blocks are open right in it. */
    private static final class Open {

        private final Component component;
        private final int offset;
        private final Deque<Segment> blocks = new ArrayDeque<>();

        private Open(Component component, int offset) {
            this.component = component;
            this.offset = offset;
        }
    }

    private static final String FIELD = "mjml";
    private static final int MOST_COMPONENTS = 2_000;
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]*");
    private static final Pattern LANGUAGE = Pattern.compile("[A-Za-z0-9-]{1,35}");

    private final String source;
    private final LiquidSource liquid;
    private final LiquidMask mask;
    private final Map<Integer, Segment> segments = new TreeMap<>();
    private final Deque<Open> open = new ArrayDeque<>();
    private final StringBuilder out = new StringBuilder();
    private int position;
    private int components;
    private boolean hasRoot;
    private boolean hasBody;
    private String language = "und";
    private String direction = "auto";

    private MjmlReader(String source) {
        this.source = source;
        this.liquid = new LiquidSource(source);
        this.mask = new LiquidMask(source);
        liquid.segments().forEach(segment -> segments.put(segment.start(), segment));
    }

    /**
     * Reads a whole document.
     *
     * @throws BadInput naming line and column
     */
    static Reading read(String source) {
        return new MjmlReader(source).document();
    }

    private Reading document() {
        while (position < source.length()) piece();
        if (!open.isEmpty()) {
            Open last = open.element();
            throw error(last.offset, "<%s> is not closed".formatted(last.component.name()));
        }
        if (!hasRoot) throw error(0, "there is no <mjml>");
        if (!hasBody) throw error(0, "<mjml> has no <mj-body>");
        return new Reading(out.toString(), mask, language, direction);
    }

    private void piece() {
        Segment segment = segments.get(position);
        if (segment != null) {
            liquid(segment);
        } else if (source.startsWith("<!--", position)) {
            comment();
        } else if (source.startsWith("</", position)) {
            end();
        } else if (source.charAt(position) == '<') {
            start();
        } else {
            text();
        }
    }

    // Between components Liquid becomes raw, which the compiler hands through where it stands.
    private void liquid(Segment segment) {
        Open parent = open.peek();
        if (parent == null) {
            throw error(segment.start(), "Liquid must stand within <mj-body>");
        }
        String name = parent.component.name();
        boolean mayStand =
                Objects.requireNonNull(MjmlComponents.find("mj-raw")).parents().contains(name);
        if (!mayStand || name.equals("mj-head")) {
            throw error(segment.start(), "Liquid may not stand right in <%s>".formatted(name));
        }
        if (segment.kind() == Kind.OUTPUT && !name.equals("mj-body")) {
            throw error(
                    segment.start(),
                    "an output may not stand right in <%s>; put it into <mj-text> or <mj-raw>"
                            .formatted(name));
        }
        if (segment.opens()) parent.blocks.push(segment);
        if (segment.closes() && parent.blocks.poll() == null) {
            throw error(
                    segment.start(),
                    "{%% %s %%} ends what did not begin in the same <%s>"
                            .formatted(segment.name(), name));
        }
        out.append("<mj-raw>")
                .append(mask.hide(liquid.text(segment), segment.start()))
                .append("</mj-raw>");
        position = segment.end();
    }

    private void comment() {
        int end = source.indexOf("-->", position);
        if (end < 0) throw error(position, "<!-- is not closed by -->");
        position = end + 3;
    }

    private void end() {
        int at = position;
        String name = name(position + 2, "</");
        position += 2 + name.length();
        skipBlanks();
        if (peek() != '>') throw error(position, "expected >");
        position++;
        close(name.toLowerCase(Locale.ROOT), at);
    }

    private void close(String name, int at) {
        Open last = open.poll();
        if (last == null) throw error(at, "</%s> closes what is not open".formatted(name));
        if (!last.component.name().equals(name)) {
            throw error(at, "expected </%s>, not </%s>".formatted(last.component.name(), name));
        }
        Segment unclosed = last.blocks.peek();
        if (unclosed != null) {
            throw error(
                    unclosed.start(),
                    "{%% %s %%} must end in the same <%s>".formatted(unclosed.name(), name));
        }
        out.append("</").append(name).append('>');
    }

    private void start() {
        int at = position;
        if (source.startsWith("<!", at) || source.startsWith("<?", at)) {
            throw error(
                    at, "MJML takes no document types, entities, CDATA or processing instructions");
        }
        String name = name(at + 1, "<").toLowerCase(Locale.ROOT);
        Component component = component(name, at);
        position += 1 + name.length();
        out.append('<').append(name);
        boolean inline = attributes(component);
        boolean empty = peek() == '/';
        if (empty) position++;
        if (peek() != '>') throw error(position, "expected >");
        position++;
        out.append('>');
        open.push(new Open(component, at));
        if (empty) close(name, at);
        else if (component.holdsHtml() && !isDefault()) html(name, inline, at);
    }

    private Component component(String name, int at) {
        Component component = MjmlComponents.find(name);
        if (name.equals("mj-include")) {
            throw error(at, "<mj-include> is not taken; use a block: {% render 'name' %}");
        }
        if (component == null) {
            throw error(
                    at,
                    "<%s> is no component that can be compiled%s"
                            .formatted(
                                    name,
                                    name.startsWith("mj")
                                            ? ""
                                            : "; HTML goes into <mj-text>, <mj-table> or <mj-raw>"));
        }
        if (++components > MOST_COMPONENTS) {
            throw error(at, "there are over %,d components".formatted(MOST_COMPONENTS));
        }
        Open parent = open.peek();
        boolean root = name.equals("mjml");
        if (root != (parent == null) || (root && hasRoot)) {
            throw error(at, "a document is one <mjml>, and nothing beside it");
        }
        if (parent != null && !mayStand(component, parent.component)) {
            throw error(
                    at,
                    "<%s> may not stand in <%s>".formatted(name, parent.component.name())
                            + (component.parents().isEmpty()
                                    ? ""
                                    : ", only in " + tags(component)));
        }
        hasRoot |= root;
        hasBody |= name.equals("mj-body");
        return component;
    }

    // In mj-attributes a component stands for its defaults.
    private static boolean mayStand(Component component, Component parent) {
        if (parent.name().equals("mj-attributes")) {
            var parents = component.parents();
            boolean only = !parents.contains("mj-head") && !parents.contains("mjml");
            return only || parents.contains("mj-attributes");
        }
        return component.parents().contains(parent.name());
    }

    private static String tags(Component component) {
        return "<" + String.join(">, <", component.parents()) + ">";
    }

    private boolean isDefault() {
        return open.stream().anyMatch(each -> each.component.name().equals("mj-attributes"));
    }

    // Returns whether it is a style that is to be inlined.
    private boolean attributes(Component component) {
        var seen = new HashSet<String>();
        boolean inline = false;
        skipBlanks();
        while (peek() != '>' && peek() != '/') {
            int at = position;
            if (segments.containsKey(at)) {
                throw error(at, "Liquid may stand in the value of an attribute, not beside it");
            }
            String name = name(at, "an attribute or >").toLowerCase(Locale.ROOT);
            position += name.length();
            if (!component.attributes().contains(name)) {
                throw error(at, "<%s> has no attribute %s".formatted(component.name(), name));
            }
            if (!seen.add(name)) throw error(at, "%s is there twice".formatted(name));
            inline |= attribute(component, name);
            skipBlanks();
        }
        return inline;
    }

    private boolean attribute(Component component, String name) {
        skipBlanks();
        if (peek() != '=') throw error(position, "expected = and a value in quotes");
        position++;
        skipBlanks();
        char quote = peek();
        if (quote != '"' && quote != '\'') throw error(position, "expected a value in quotes");
        int start = ++position;
        var value = new StringBuilder();
        boolean dynamic = false;
        while (peek() != quote) {
            Segment segment = segments.get(position);
            dynamic |= segment != null;
            value.append(segment == null ? quoted(source.charAt(position)) : hidden(segment));
            position = segment == null ? position + 1 : segment.end();
        }
        position++;
        check(component, name, value.toString(), dynamic, start);
        if (component.name().equals("mjml")) root(name, value.toString(), start);
        if (component.name().equals("mj-style")) return value.toString().equals("inline");
        out.append(' ').append(name).append("=\"").append(value).append('"');
        return false;
    }

    private static String quoted(char c) {
        return switch (c) {
            case '"' -> "&quot;";
            case '<' -> "&lt;";
            case '>' -> "&gt;";
            default -> String.valueOf(c);
        };
    }

    private String hidden(Segment segment) {
        return mask.hide(liquid.text(segment), segment.start());
    }

    private void check(Component component, String name, String value, boolean dynamic, int start) {
        if (dynamic && (MjmlComponents.isComputed(name) || isDefault() || isInHead(component))) {
            throw error(
                    start,
                    "%s is needed when the MJML is compiled, so there can be no Liquid in it"
                            .formatted(name));
        }
        if (MjmlComponents.isBadSize(name, value)) {
            throw error(start, "%s must be a size such as 20px or 50%%".formatted(name));
        }
    }

    private static boolean isInHead(Component component) {
        return component.parents().contains("mj-head") && !component.name().equals("mj-raw");
    }

    private void root(String name, String value, int start) {
        if (name.equals("lang")) {
            if (!LANGUAGE.matcher(value).matches()) {
                throw error(start, "lang must be a language such as en or de-AT");
            }
            language = value;
        } else if (name.equals("dir")) {
            if (!value.equals("ltr") && !value.equals("rtl") && !value.equals("auto")) {
                throw error(start, "dir must be ltr, rtl or auto");
            }
            direction = value;
        }
    }

    private void html(String name, boolean inline, int at) {
        Matcher end = Pattern.compile("(?i)</" + name + "\\s*>").matcher(source);
        int from = position;
        while (end.find(from) && inLiquid(end.start()) != null) {
            from = Objects.requireNonNull(inLiquid(end.start())).end();
        }
        if (from > source.length() || !end.find(from)) {
            throw error(at, "<%s> is not closed".formatted(name));
        }
        String html = source.substring(position, end.start()).strip();
        if (name.equals("mj-style") && html.toLowerCase(Locale.ROOT).contains("</style")) {
            throw error(at, "<mj-style> holds CSS only");
        }
        if (inline) {
            inlineStyle(html);
        } else if (name.equals("mj-title")) {
            title(html);
        } else if (!html.isEmpty()) {
            out.append(mask.hide(html, position));
        }
        position = end.start();
        end();
    }

    // It becomes an attribute, too.
    private void title(String text) {
        var title = new LiquidSource(text);
        var safe = new StringBuilder();
        int at = 0;
        for (Segment segment : title.segments()) {
            text.substring(at, segment.start()).chars().forEach(c -> safe.append(quoted((char) c)));
            safe.append(title.text(segment));
            at = segment.end();
        }
        text.substring(at).chars().forEach(c -> safe.append(quoted((char) c)));
        if (!text.isEmpty()) out.append(mask.hide(safe.toString(), position));
    }

    // As raw HTML in the head it is told from all other styles, and inlined once all is compiled.
    private void inlineStyle(String css) {
        String raw =
                mask.hide("<style type=\"text/css\" data-inline>" + css + "</style>", position);
        out.append("</mj-style><mj-raw>").append(raw).append("</mj-raw><mj-style>");
    }

    private @Nullable Segment inLiquid(int offset) {
        return liquid.segments().stream()
                .filter(each -> each.start() <= offset && offset < each.end())
                .findFirst()
                .orElse(null);
    }

    private void text() {
        char c = source.charAt(position);
        if (!Character.isWhitespace(c) && c != '\ufeff') {
            Open parent = open.peek();
            throw error(
                    position,
                    parent == null
                            ? "a document is one <mjml>, and nothing beside it"
                            : "text may not stand right in <%s>; it goes into <mj-text>"
                                    .formatted(parent.component.name()));
        }
        out.append(c);
        position++;
    }

    private String name(int at, String before) {
        Matcher name = NAME.matcher(source).region(at, source.length());
        if (!name.lookingAt()) {
            throw error(
                    Math.min(at, source.length()),
                    before.startsWith("<")
                            ? "expected a name after " + before
                            : "expected " + before);
        }
        return name.group();
    }

    private void skipBlanks() {
        while (position < source.length() && Character.isWhitespace(source.charAt(position))) {
            position++;
        }
    }

    private char peek() {
        if (position >= source.length()) {
            Open last = open.peek();
            throw error(last == null ? 0 : last.offset, "it ends within a tag");
        }
        return source.charAt(position);
    }

    private BadInput error(int offset, String problem) {
        return SourceError.at(FIELD, source, offset, problem);
    }
}
