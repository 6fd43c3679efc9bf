package io.dynosend.content;

import org.jsoup.nodes.Attribute;
import org.jsoup.nodes.Comment;
import org.jsoup.nodes.DataNode;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.Range;
import org.jsoup.parser.Parser;
import org.jspecify.annotations.Nullable;

/**
 * The author's HTML, read but never written: the document is parsed from a copy in which the Liquid
 * is masked, and every node knows its place in the source.
 */
final class HtmlSource {

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

    /** Before the last {@code </body>} that is neither comment nor style, or else the very end. */
    int endOfBody() {
        String text = withoutComments();
        int at = text.length() - BODY_END.length();
        while (at >= 0 && !text.regionMatches(true, at, BODY_END, 0, BODY_END.length())) at--;
        return at < 0 ? text.length() : at;
    }

    /** A range of the source without Liquid in it, with entities decoded. */
    String plain(int start, int end, boolean inAttribute) {
        return Parser.unescapeEntities(liquid.source().substring(start, end), inAttribute);
    }

    /** Where an attribute's value stands, without its quotes; null if it has none. */
    static @Nullable Range valueOf(Element element, String name) {
        Attribute attribute = element.attribute(name);
        if (attribute == null) return null;
        Range range = attribute.sourceRange().valueRange();
        return range.isTracked() && range.startPos() < range.endPos() ? range : null;
    }

    private String withoutComments() {
        var text = new StringBuilder(masked);
        document.traverse((node, _) -> {
            if (node instanceof Comment || node instanceof DataNode) blank(text, node);
        });
        return text.toString();
    }

    private static void blank(StringBuilder text, Node node) {
        Range range = node.sourceRange();
        if (!range.isTracked()) return;
        for (int i = range.startPos(); i < range.endPos(); i++) text.setCharAt(i, ' ');
    }
}
