package io.dynosend.content;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsoup.nodes.Attribute;
import org.jsoup.nodes.Comment;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.Range;
import org.jsoup.nodes.TextNode;
import org.jsoup.parser.Parser;
import org.jspecify.annotations.Nullable;

/**
 * The author's HTML, read but never written: the document is parsed from a copy in which the Liquid
 * is masked, and every node knows its place in the source.
 */
final class HtmlSource {

    /** From {@code start} to before {@code end}. */
    record Span(int start, int end) {}

    /**
     * What is a document of its own.
     *
     * @param offset of its first character in the source
     */
    record Part(Document document, int offset) {}

    private static final Pattern ATTRIBUTE =
            Pattern.compile(
                    "([^\\s\"'>/=]+)\\s*(?:=\\s*(?:\"([^\"]*)\"|'([^']*)'|([^\\s\"'>]+)))?");
    // Read by Outlook alone, which knows the HTML and the VML in it.
    private static final Pattern CONDITIONAL_COMMENT =
            Pattern.compile("<!--\\s*\\[if\\b[^\\]>]*\\]>");
    // Inside them a tag is text.
    private static final Set<String> VERBATIM = Set.of("title", "textarea");
    private static final String BODY_END = "</body";

    private final LiquidSource liquid;
    private final String masked;
    private final Document document;

    HtmlSource(String html) {
        liquid = new LiquidSource(html);
        masked = liquid.masked(' ');
        document = Parser.htmlParser().setTrackPosition(true).parseInput(masked, "");
    }

    LiquidSource liquid() {
        return liquid;
    }

    /** The tree, with letters where outputs are and blanks where tags are. */
    Document document() {
        return document;
    }

    /** The document, and what stands in each of its conditional comments. */
    List<Part> parts() {
        var parts = new ArrayList<Part>();
        parts.add(new Part(document, 0));
        document.nodeStream(Comment.class).map(this::conditional).forEach(parts::addAll);
        return parts;
    }

    /**
     * Before the last {@code </body>} that is an end tag; the very end if there is none, or if only
     * some copies have it.
     */
    int endOfBody() {
        String text = endTagsAndText();
        int at = text.length() - BODY_END.length();
        while (at >= 0 && !text.regionMatches(true, at, BODY_END, 0, BODY_END.length())) at--;
        return at < 0 || liquid.isInBlock(at) ? text.length() : at;
    }

    /** A range of the source without Liquid in it, with entities decoded. */
    String plain(int start, int end, boolean inAttribute) {
        return Parser.unescapeEntities(liquid.source().substring(start, end), inAttribute);
    }

    /** Where an attribute's value stands, without its quotes; null if it has none. */
    static @Nullable Span valueOf(Element element, String name) {
        Attribute attribute = element.attribute(name);
        if (attribute == null) return null;
        Range range = attribute.sourceRange().valueRange();
        return range.isTracked() && range.startPos() < range.endPos()
                ? new Span(range.startPos(), range.endPos())
                : null;
    }

    /**
     * All values of an attribute that Liquid may choose from, as in {@code <a {% if x %}href=… {%
     * else %}href=… {% endif %}>}; a parser sees the first only.
     *
     * @param offset of the element's part
     */
    List<Span> valuesOf(Element element, String name, int offset) {
        Span value = valueOf(element, name);
        if (value == null) return List.of();
        var seen = new Span(value.start() + offset, value.end() + offset);
        int start = element.sourceRange().startPos() + offset;
        int end = element.sourceRange().endPos() + offset;
        if (liquid.within(start, end).isEmpty()) return List.of(seen);
        var values = new ArrayList<Span>();
        Matcher attribute = ATTRIBUTE.matcher(masked).region(start + 1, end);
        while (attribute.find()) {
            int group = attribute.start(2) >= 0 ? 2 : attribute.start(3) >= 0 ? 3 : 4;
            if (name.equalsIgnoreCase(attribute.group(1)) && attribute.start(group) >= 0) {
                values.add(new Span(attribute.start(group), attribute.end(group)));
            }
        }
        return values.contains(seen) ? values : List.of(seen);
    }

    private List<Part> conditional(Comment comment) {
        Range range = comment.sourceRange();
        if (!range.isTracked()) return List.of();
        Matcher opening =
                CONDITIONAL_COMMENT.matcher(masked).region(range.startPos(), range.endPos());
        if (!opening.lookingAt()) return List.of();
        String inside = masked.substring(opening.end(), range.endPos());
        return List.of(
                new Part(
                        Parser.htmlParser().setTrackPosition(true).parseInput(inside, ""),
                        opening.end()));
    }

    private String endTagsAndText() {
        var tags = new StringBuilder(masked);
        document.traverse((node, _) -> {
            boolean text = node instanceof TextNode && !isVerbatim(node.parent());
            if (!text) blank(tags, node);
        });
        return tags.toString();
    }

    private static boolean isVerbatim(@Nullable Node node) {
        return node != null && VERBATIM.contains(node.normalName());
    }

    private static void blank(StringBuilder text, Node node) {
        Range range = node.sourceRange();
        if (!range.isTracked()) return;
        for (int i = range.startPos(); i < range.endPos(); i++) text.setCharAt(i, ' ');
    }
}
