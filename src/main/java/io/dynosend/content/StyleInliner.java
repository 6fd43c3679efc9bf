package io.dynosend.content;

import io.dynosend.common.Problem.BadInput;
import io.dynosend.content.LiquidSource.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;

/**
 * Copies what style sheets say into the style attributes of the elements that it is about, for mail
 * programs that drop style sheets. These stay for those that do not: media queries and {@code
 * :hover} have no other place. Everything else in the source stays as it is, to the letter.
 */
final class StyleInliner {

    private static final String MARK = "data-inline";
    private static final long MOST_COMPARISONS = 20_000_000;

    /** Instead of what stands from start to end. */
    private record Edit(int start, int end, String text) {}

    private final LiquidSource liquid;
    private final Document document;
    private final TreeMap<Integer, Edit> edits = new TreeMap<>();

    private StyleInliner(String html) {
        liquid = new LiquidSource(html);
        document = Parser.htmlParser().setTrackPosition(true).parseInput(liquid.masked(' '), "");
    }

    /** With all its style sheets. */
    static String inlined(String html) {
        var inliner = new StyleInliner(html);
        inliner.inline(_ -> true);
        return inliner.edited();
    }

    /** Only with style sheets that have the attribute {@code data-inline}, and without these. */
    static String inlinedWhereMarked(String html) {
        if (!html.contains(MARK)) return html;
        var inliner = new StyleInliner(html);
        inliner.inline(style -> style.hasAttr(MARK));
        for (var style : inliner.document.select("style[" + MARK + "]")) {
            inliner.edit(style.sourceRange().startPos(), style.endSourceRange().endPos(), "");
        }
        return inliner.edited();
    }

    private void inline(Predicate<Element> wanted) {
        var rules = new ArrayList<StyleRule>();
        for (var style : document.select("style")) {
            if (wanted.test(style) && style.sourceRange().isTracked()) rules.addAll(rules(style));
        }
        requireBounded(rules.size());
        rules.sort(Comparator.comparing(StyleRule::specificity));
        var styles = new LinkedHashMap<Element, Map<String, String>>();
        for (var rule : rules) {
            for (var element : rule.elements(document.body())) {
                var style = styles.computeIfAbsent(element, _ -> new LinkedHashMap<>());
                // Set anew at the end, since font says again what line-height said before it.
                rule.declarations()
                        .forEach((name, value) -> {
                            style.remove(name);
                            style.put(name, value);
                        });
            }
        }
        styles.forEach(this::set);
    }

    private void requireBounded(int rules) {
        int elements = rules == 0 ? 0 : document.body().getAllElements().size();
        if ((long) rules * elements > MOST_COMPARISONS) {
            throw new BadInput(
                    "inline_css: %,d selectors and %,d elements are too much to inline"
                            .formatted(rules, elements));
        }
    }

    // A rule that only some copies have cannot be known here.
    private List<StyleRule> rules(Element style) {
        int start = style.sourceRange().endPos();
        int end = liquid.source().lastIndexOf("</", style.endSourceRange().endPos());
        return end < start || holdsTag(start, end)
                ? List.of()
                : StyleRule.of(liquid.source().substring(start, end));
    }

    // Whose attributes come and go with a tag is not the same in each copy.
    private void set(Element element, Map<String, String> style) {
        var range = element.sourceRange();
        if (!range.isTracked() || range.isImplicit()) return;
        if (holdsTag(range.startPos(), range.endPos())) return;
        var declarations = new ArrayList<String>();
        style.forEach((name, value) -> declarations.add(name + ": " + quoted(value)));
        String inlined = String.join("; ", declarations);
        if (!element.hasAttr("style")) {
            int behindName = range.startPos() + 1 + element.tagName().length();
            edit(behindName, behindName, " style=\"" + inlined + "\"");
            return;
        }
        var value = element.attributes().sourceRange("style").valueRange();
        if (!value.isTracked()) return;
        int start = value.startPos();
        int end = value.endPos();
        char quote = liquid.source().charAt(start - 1);
        if (quote == '"') {
            edit(start, start, inlined + "; ");
        } else if (quote == '\'') {
            edit(start, start, inlined.replace("'", "&#39;") + "; ");
        } else {
            String old = liquid.source().substring(start, end);
            edit(start, end, "\"" + inlined + "; " + old.replace("\"", "&quot;") + "\"");
        }
    }

    // Within double quotes. Where it can be, without a character reference, which old programs do
    // not read in a style.
    private static String quoted(String value) {
        return value.indexOf('\'') < 0 && value.indexOf('\\') < 0
                ? value.replace('"', '\'')
                : value.replace("\"", "&quot;");
    }

    private boolean holdsTag(int start, int end) {
        return liquid.segments().stream()
                .anyMatch(segment ->
                        segment.kind() != Kind.OUTPUT
                                && segment.start() < end
                                && segment.end() > start);
    }

    private void edit(int start, int end, String text) {
        edits.put(start, new Edit(start, end, text));
    }

    private String edited() {
        var edited = new StringBuilder(liquid.source());
        for (var edit : edits.descendingMap().values()) {
            edited.replace(edit.start(), edit.end(), edit.text());
        }
        return edited.toString();
    }
}
