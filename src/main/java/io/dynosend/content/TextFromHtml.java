package io.dynosend.content;

import io.dynosend.common.Problem.BadInput;
import io.dynosend.content.HtmlSource.Span;
import io.dynosend.content.LiquidSource.Kind;
import io.dynosend.content.LiquidSource.Segment;
import io.dynosend.liquid.Template;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jsoup.nodes.Comment;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.Range;
import org.jsoup.nodes.TextNode;
import org.jspecify.annotations.Nullable;

/**
 * The text part of a message whose author wrote HTML only: a template whose rendering {@link
 * TextLayout} sets in lines.
 *
 * <p>Every {@code {% tag %}} is kept in the order of the source, also those within what is dropped,
 * so that what was balanced stays balanced.
 */
final class TextFromHtml {

    private static final Set<String> PRINTING =
            Set.of("cycle", "increment", "decrement", "echo", "render", "include", "liquid");
    private static final Pattern UNSEEN = Pattern.compile("[\\u200b\\u00ad\\u034f\\ufeff]");
    private static final Pattern BLANKS = Pattern.compile("[\\s\\u00a0\\u2000-\\u200a]+");
    private static final Pattern FOR_HTML_ONLY =
            Pattern.compile("\\|\\s*(?:escape|escape_once|newline_to_br|raw)\\s*(?=-?}}$)");

    private final HtmlSource html;
    private final @Nullable LinkRewriter links;
    private final boolean keepTags;
    private final StringBuilder out = new StringBuilder();
    private int nextSegment;

    private TextFromHtml(HtmlSource html, @Nullable LinkRewriter links, boolean keepTags) {
        this.html = html;
        this.links = links;
        this.keepTags = keepTags;
    }

    /**
     * The template of the text part.
     *
     * @param compiler of Liquid with the blocks of {@link Templates}
     */
    static Template compiled(
            HtmlSource html, LinkRewriter links, Function<String, Template> compiler) {
        try {
            return compiler.apply(new TextFromHtml(html, links, true).template());
        } catch (BadInput _) {
            // HTML so broken that keeping its tags makes no template.
            return compiler.apply(new TextFromHtml(html, links, false).template());
        }
    }

    /**
     * The text of HTML that becomes part of another message: as its author would have written it.
     */
    static String written(String html) {
        return TextLayout.unset(new TextFromHtml(new HtmlSource(html), null, true).template());
    }

    private String template() {
        visit(html.document(), false);
        tagsBefore(Integer.MAX_VALUE, false);
        return out.toString();
    }

    private void visit(Node node, boolean hidden) {
        switch (node) {
            case TextNode text -> text(text, hidden);
            case Element element -> element(element, hidden);
            case Comment comment -> tagsWithin(comment.sourceRange());
            default -> node.childNodes().forEach(child -> visit(child, hidden));
        }
    }

    private void text(TextNode text, boolean hidden) {
        Range range = text.sourceRange();
        if (hidden) return;
        if (range.isTracked()) {
            tagsBefore(range.startPos(), true);
            pieces(range.startPos(), range.endPos(), false);
        } else {
            out.append(literal(text.getWholeText()));
        }
    }

    private void element(Element element, boolean withinHidden) {
        Range start = element.sourceRange();
        if (start.isTracked()) tagsBefore(start.startPos(), !withinHidden);
        tagsWithin(start);
        String name = element.normalName();
        if (withinHidden || TextElements.isHidden(element)) {
            children(element, true);
            tagsWithin(element.endSourceRange());
        } else if (name.equals("a") && element.hasAttr("href")) {
            anchor(element);
        } else {
            begin(element, name);
            children(element, false);
            out.append(TextElements.separation(name));
        }
    }

    private void children(Element element, boolean hidden) {
        element.childNodes().forEach(child -> visit(child, hidden));
    }

    private void begin(Element element, String name) {
        out.append(TextElements.separation(name));
        switch (name) {
            case "br" -> out.append('\n');
            case "hr" -> out.append("----------").append(TextLayout.PARAGRAPH);
            case "img" -> alternative(element);
            case "li" -> out.append(bullet(element));
            case "td", "th" -> {
                if (element.previousElementSibling() != null) out.append(TextLayout.CELL);
            }
            case "h1", "h2", "h3", "h4", "h5", "h6" -> {
                out.append(TextLayout.PREFIX).repeat('#', name.charAt(1) - '0').append(' ');
            }
            default -> {}
        }
    }

    // In a loop the same item is shown many times: numbers would all be one.
    private String bullet(Element item) {
        Element list = item.parent();
        boolean numbered = list != null && list.normalName().equals("ol") && !hasTags(list);
        return TextLayout.PREFIX + (numbered ? item.elementSiblingIndex() + 1 + ". " : "* ");
    }

    private boolean hasTags(Element element) {
        int start = element.sourceRange().startPos();
        int end = element.endSourceRange().endPos();
        return html.liquid().within(start, end).stream().anyMatch(s -> s.kind() == Kind.TAG);
    }

    private void alternative(Element image) {
        Span alt = HtmlSource.valueOf(image, "alt");
        if (alt != null) pieces(alt.start(), alt.end(), true);
    }

    private void anchor(Element anchor) {
        String target = target(anchor);
        if (target == null || showsItsTarget(anchor)) {
            children(anchor, target != null);
            tagsWithin(anchor.endSourceRange());
            if (target != null) out.append(target);
        } else {
            int before = out.length();
            children(anchor, false);
            boolean empty = BLANKS.matcher(out.substring(before)).replaceAll("").isEmpty();
            out.append(
                    empty ? target : links == null ? " (" + target + ")" : Templates.aside(target));
        }
    }

    // Null when there is nothing to go to from a text.
    private @Nullable String target(Element anchor) {
        Span href = HtmlSource.valueOf(anchor, "href");
        if (href == null) return null;
        String piece = piece(href);
        String tracked = links == null ? null : links.tracked(html, anchor, href, piece);
        if (tracked != null) return tracked;
        if (!Templates.isWhole(piece) || piece.startsWith("#") || piece.startsWith("javascript:")) {
            return null;
        }
        return piece.startsWith("mailto:") ? piece.substring("mailto:".length()) : piece;
    }

    private String piece(Span span) {
        var piece = new StringBuilder();
        int position = span.start();
        for (Segment segment : html.liquid().within(span.start(), span.end())) {
            piece.append(decoded(position, segment.start(), true));
            if (segment.kind() != Kind.RAW) piece.append(forText(segment));
            position = segment.end();
        }
        return piece.append(decoded(position, span.end(), true)).toString().strip();
    }

    private boolean showsItsTarget(Element anchor) {
        Span href = HtmlSource.valueOf(anchor, "href");
        if (href == null) return false;
        Range start = anchor.sourceRange();
        Range end = anchor.endSourceRange();
        String source = html.liquid().source();
        String shown =
                start.endPos() <= end.startPos()
                        ? source.substring(start.endPos(), end.startPos()).strip()
                        : "";
        String target = source.substring(href.start(), href.end()).strip();
        return !shown.isEmpty() && bare(shown).equals(bare(target));
    }

    /** An address as it is shown: without its scheme, without the slash at its end. */
    static String bare(String url) {
        return url.replaceFirst("^(?i:https?://|mailto:)", "").replaceFirst("/$", "");
    }

    private void pieces(int start, int end, boolean inAttribute) {
        int position = start;
        for (Segment segment : html.liquid().within(start, end)) {
            out.append(decoded(position, segment.start(), inAttribute));
            position = segment.end();
            if (segment.kind() == Kind.OUTPUT) out.append(forText(segment));
            else if (!inAttribute) tagsBefore(position, true);
        }
        out.append(decoded(position, end, inAttribute));
    }

    private String decoded(int start, int end, boolean inAttribute) {
        return literal(html.plain(start, end, inAttribute));
    }

    private static String literal(String text) {
        String seen = UNSEEN.matcher(text).replaceAll("");
        return LiquidSource.literal(BLANKS.matcher(seen).replaceAll(" "));
    }

    private String forText(Segment segment) {
        String output = html.liquid().text(segment);
        String shorter = FOR_HTML_ONLY.matcher(output).replaceFirst("");
        while (!shorter.equals(output)) {
            output = shorter;
            shorter = FOR_HTML_ONLY.matcher(output).replaceFirst("");
        }
        return output;
    }

    // Of what is not shown: up to its end, and unseen.
    private void tagsWithin(Range range) {
        if (range.isTracked()) tagsBefore(range.endPos(), false);
    }

    private void tagsBefore(int position, boolean shown) {
        List<Segment> segments = html.liquid().segments();
        while (nextSegment < segments.size() && segments.get(nextSegment).start() < position) {
            Segment segment = segments.get(nextSegment++);
            if (keepTags && segment.kind() == Kind.TAG) out.append(tag(segment, shown));
        }
    }

    // A {% cycle %} in an attribute must go on counting, but is not to be read.
    private String tag(Segment segment, boolean shown) {
        String tag = html.liquid().text(segment);
        return shown || !PRINTING.contains(segment.name())
                ? tag
                : "{% capture unseen %}" + tag + "{% endcapture %}";
    }
}
