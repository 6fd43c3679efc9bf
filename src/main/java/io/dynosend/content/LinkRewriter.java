package io.dynosend.content;

import io.dynosend.content.HtmlSource.Part;
import io.dynosend.content.HtmlSource.Span;
import io.dynosend.content.LiquidSource.Segment;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;
import org.jspecify.annotations.Nullable;

/** Sends the links of a message through {@link TrackedLinks}. */
final class LinkRewriter {

    /**
     * A target as it stands in the source.
     *
     * @param decoder of what is no Liquid in it
     * @param query what is appended to it
     */
    private record Written(String source, UnaryOperator<String> decoder, String query) {

        @Nullable String webAddress(String part) {
            return LinkTargets.webAddress(decoder.apply(part));
        }

        /** Of one with Liquid in it, from its first to its last. */
        LinkTarget varying(int liquid, int endOfLiquid) {
            return LinkTarget.varying(
                    LinkTargets.withoutLineBreaks(decoder.apply(source).strip()),
                    LinkTargets.withoutLineBreaks(
                            decoder.apply(source.substring(0, liquid)).stripLeading()),
                    LinkTargets.withoutLineBreaks(
                            decoder.apply(source.substring(endOfLiquid)).stripTrailing()),
                    query);
        }
    }

    private static final Pattern OUR_PAGES =
            Pattern.compile("\\b(?:unsubscribe_url|preferences_url|view_url)\\b");
    private static final Pattern WEB_ADDRESS =
            Pattern.compile("https?://[^\\s<>\"\\p{Cntrl}]+", Pattern.CASE_INSENSITIVE);
    private static final Set<String> BETWEEN_BRANCHES = Set.of("else", "elsif", "when");
    private static final String NOT_AT_THE_END = ".,;:!?'*_";

    private final LinkTargets targets;
    private final LinkPolicy policy;

    LinkRewriter(LinkTargets targets, LinkPolicy policy) {
        this.targets = targets;
        this.policy = policy;
    }

    /**
     * Every {@code href} of an {@code a}, an {@code area} or a shape of VML, those that only
     * Outlook reads included: its readers are to be counted like others.
     */
    void rewrite(HtmlSource html, Edits edits) {
        for (Part part : html.parts()) {
            for (Element anchor : part.document().select("[href]")) {
                if (!isLink(anchor.normalName())) continue;
                for (Span href : html.valuesOf(anchor, "href", part.offset())) {
                    rewrite(html, anchor, href, edits);
                }
            }
        }
    }

    /** Every address in a plain text. */
    void rewrite(LiquidSource text, Edits edits) {
        Matcher address = WEB_ADDRESS.matcher(text.masked('x'));
        int end = 0;
        while (address.find(end)) {
            int start = address.start();
            end = endOfAddress(text, start, address.end());
            String piece = text.source().substring(start, end);
            var written = new Written(piece, UnaryOperator.identity(), policy.query());
            String liquid = tracked(text, start, end, written, piece);
            if (liquid != null) edits.replace(start, end, liquid);
        }
    }

    /**
     * The Liquid that becomes the tracked link of an anchor.
     *
     * @param href its target
     * @param piece the target with Liquid in it, for HTML as in the source, for text decoded
     * @return null if the anchor is left alone
     */
    @Nullable String tracked(HtmlSource html, Element anchor, Span href, String piece) {
        if (anchor.hasAttr("data-no-track")) return null;
        String query = anchor.hasAttr("data-no-utm") ? "" : policy.query();
        var written =
                new Written(
                        html.liquid().source().substring(href.start(), href.end()),
                        text -> Parser.unescapeEntities(text, true),
                        query);
        return tracked(html.liquid(), href.start(), href.end(), written, piece);
    }

    private static boolean isLink(String element) {
        return element.equals("a") || element.equals("area") || element.startsWith("v:");
    }

    private void rewrite(HtmlSource html, Element anchor, Span href, Edits edits) {
        String source = html.liquid().source();
        String value = source.substring(href.start(), href.end());
        String liquid = tracked(html, anchor, href, value);
        if (liquid == null) return;
        char before = source.charAt(href.start() - 1);
        boolean quoted = before == '"' || before == '\'';
        edits.replace(href.start(), href.end(), quoted ? liquid : '"' + liquid + '"');
    }

    private @Nullable String tracked(
            LiquidSource source, int start, int end, Written written, String piece) {
        if (policy.leavesThemAlone()) return null;
        List<Segment> segments = source.within(start, end);
        if (segments.stream().anyMatch(s -> OUR_PAGES.matcher(source.text(s)).find())) return null;
        if (segments.isEmpty()) {
            String url = written.webAddress(written.source());
            return url == null ? null : link(url, written);
        }
        if (!Templates.isWhole(written.source())) return null;
        String alternatives =
                Alternatives.replaced(
                        new LiquidSource(written.source()),
                        each -> written.webAddress(each) != null,
                        each -> link(Objects.requireNonNull(written.webAddress(each)), written));
        if (alternatives != null) return alternatives;
        int before = segments.getFirst().start() - start;
        int after = segments.getLast().end() - start;
        var target = written.varying(before, Math.min(after, written.source().length()));
        return Templates.linkTo(targets.number(target), written.query(), piece);
    }

    private String link(String url, Written written) {
        var target = LinkTarget.fixed(Utm.appended(url, written.query()));
        return Templates.link(targets.number(target));
    }

    // What closes the sentence, the bracket or an {% if %} around the address is not part of it.
    private static int endOfAddress(LiquidSource text, int start, int end) {
        int last = endOfBranch(text, start, end);
        while (!endsWithLiquid(text, start, last) && isPunctuation(text.source(), start, last)) {
            last--;
        }
        return last;
    }

    private static int endOfBranch(LiquidSource text, int start, int end) {
        int depth = 0;
        for (Segment tag : text.within(start, end)) {
            boolean ends = tag.closes() || BETWEEN_BRANCHES.contains(tag.name());
            if (depth == 0 && ends) return tag.start();
            if (tag.closes()) depth--;
            if (tag.opens()) depth++;
        }
        return end;
    }

    private static boolean endsWithLiquid(LiquidSource text, int start, int end) {
        return text.within(start, end).stream().anyMatch(segment -> segment.end() == end);
    }

    private static boolean isPunctuation(String text, int start, int end) {
        char last = text.charAt(end - 1);
        return NOT_AT_THE_END.indexOf(last) >= 0
                || (last == ')' && !opens(text, start, end, '('))
                || (last == ']' && !opens(text, start, end, '['));
    }

    private static boolean opens(String text, int start, int end, char bracket) {
        int at = text.indexOf(bracket, start);
        return at >= 0 && at < end;
    }
}
