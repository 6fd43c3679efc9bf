package io.dynosend.content;

import io.dynosend.common.Problem.BadInput;
import io.dynosend.content.LiquidSource.Kind;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.htmlunit.cssparser.dom.CSSStyleRuleImpl;
import org.htmlunit.cssparser.dom.CSSStyleSheetImpl;
import org.htmlunit.cssparser.dom.Property;
import org.htmlunit.cssparser.parser.CSSErrorHandler;
import org.htmlunit.cssparser.parser.CSSException;
import org.htmlunit.cssparser.parser.CSSOMParser;
import org.htmlunit.cssparser.parser.CSSParseException;
import org.htmlunit.cssparser.parser.InputSource;
import org.htmlunit.cssparser.parser.javacc.CSS3Parser;
import org.htmlunit.cssparser.parser.selector.SelectorSpecificity;
import org.jsoup.nodes.Element;
import org.jsoup.select.Selector.SelectorParseException;

/**
 * What a style sheet says of the elements of one selector, whatever the reader's screen and mouse.
 *
 * @param declarations by property, as {@code style} attributes have them
 */
record StyleRule(
        String selector, SelectorSpecificity specificity, Map<String, String> declarations) {

    private static final int MOST = 2_000;
    private static final Pattern COMMENT = Pattern.compile("/\\*[^*]*\\*+(?:[^/*][^*]*\\*+)*/");

    /** Browsers pass over what they cannot read. */
    private static final class Lenient implements CSSErrorHandler {

        @Override
        public void warning(CSSParseException exception) throws CSSException {}

        @Override
        public void error(CSSParseException exception) throws CSSException {}

        @Override
        public void fatalError(CSSParseException exception) throws CSSException {}
    }

    /**
     * All of a style sheet, in its order; none of what stands in a media query.
     *
     * @param css may show values by Liquid
     * @throws BadInput if there are more than a browser is glad of
     */
    static List<StyleRule> of(String css) {
        var mask = new LiquidMask(css);
        String masked = masked(css, mask);
        var styles =
                sheet(masked).getCssRules().getRules().stream()
                        .filter(CSSStyleRuleImpl.class::isInstance)
                        .map(CSSStyleRuleImpl.class::cast)
                        .toList();
        int selectors = styles.stream().mapToInt(style -> style.getSelectors().size()).sum();
        if (selectors > MOST) {
            throw new BadInput(
                    "inline_css: at most %,d selectors can be inlined, not %,d"
                            .formatted(MOST, selectors));
        }
        var lines = lineStarts(masked);
        var rules = new ArrayList<StyleRule>();
        for (var style : styles) {
            var declarations = declarations(style, masked, lines, mask);
            if (declarations.isEmpty()) continue;
            for (var selector : style.getSelectors()) {
                rules.add(
                        new StyleRule(
                                selector.toString(),
                                selector.getSelectorSpecificity(),
                                declarations));
            }
        }
        return rules;
    }

    /** Those in the body; none of a selector that depends on the reader, such as {@code :hover}. */
    List<Element> elements(Element body) {
        try {
            return body.select(selector);
        } catch (SelectorParseException e) {
            return List.of();
        } catch (StackOverflowError e) {
            throw tooDeep();
        }
    }

    private static CSSStyleSheetImpl sheet(String css) {
        var parser = new CSSOMParser(new CSS3Parser());
        parser.setErrorHandler(new Lenient());
        try {
            return parser.parseStyleSheet(new InputSource(new StringReader(css)), null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (StackOverflowError e) {
            throw tooDeep();
        }
    }

    // The parser descends as deep as the style sheet does.
    private static BadInput tooDeep() {
        return new BadInput("inline_css: the style sheet is nested too deeply");
    }

    private static List<Integer> lineStarts(String css) {
        var starts = new ArrayList<Integer>(List.of(0));
        for (int i = 0; i < css.length(); i++) {
            char c = css.charAt(i);
            boolean pair = c == '\r' && i + 1 < css.length() && css.charAt(i + 1) == '\n';
            if (c == '\n' || (c == '\r' && !pair)) starts.add(i + 1);
        }
        return starts;
    }

    private static String masked(String css, LiquidMask mask) {
        var liquid = new LiquidSource(css);
        var masked = new StringBuilder();
        int from = 0;
        for (var segment : liquid.segments()) {
            if (segment.kind() != Kind.OUTPUT) continue;
            masked.append(css, from, segment.start());
            masked.append(
                    mask.hide(css.substring(segment.start(), segment.end()), segment.start()));
            from = segment.end();
        }
        return masked.append(css, from, css.length()).toString();
    }

    private static Map<String, String> declarations(
            CSSStyleRuleImpl rule, String css, List<Integer> lines, LiquidMask mask) {
        var declarations = new LinkedHashMap<String, String>();
        for (var property : rule.getStyle().getProperties()) {
            if (property.getValue() == null) continue;
            String value = mask.restored(written(property, css, lines));
            declarations.remove(property.getName());
            declarations.put(property.getName(), value);
        }
        return declarations;
    }

    // As its author wrote it: the parser's form of it, such as rgb() of #fff, is not for old mail
    // programs.
    private static String written(Property property, String css, List<Integer> lines) {
        var place = property.getLocator();
        int name = lines.get(place.getLineNumber() - 1) + place.getColumnNumber() - 1;
        int start = css.indexOf(':', name) + 1;
        return COMMENT.matcher(css.substring(start, end(css, start))).replaceAll(" ").strip();
    }

    // Of a value: before the next semicolon or brace that is in no string and no bracket.
    private static int end(String css, int start) {
        char quote = 0;
        int depth = 0;
        for (int i = start; i < css.length(); i++) {
            char c = css.charAt(i);
            if (c == '\\') {
                i++;
            } else if (quote != 0) {
                if (c == quote) quote = 0;
            } else if (c == '"' || c == '\'') {
                quote = c;
            } else if (c == '(') {
                depth++;
            } else if (c == ')') {
                depth--;
            } else if (depth <= 0 && (c == ';' || c == '}')) {
                return i;
            }
        }
        return css.length();
    }
}
