package io.dynosend.content;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jsoup.nodes.Element;

/** What the elements of HTML mean for a text. */
final class TextElements {

    private static final Set<String> PARAGRAPHS =
            Set.of(
                    "p",
                    "h1",
                    "h2",
                    "h3",
                    "h4",
                    "h5",
                    "h6",
                    "ul",
                    "ol",
                    "dl",
                    "table",
                    "pre",
                    "blockquote",
                    "hr");
    private static final Set<String> LINES =
            Set.of(
                    "div",
                    "tr",
                    "li",
                    "dt",
                    "dd",
                    "center",
                    "section",
                    "article",
                    "header",
                    "footer",
                    "main",
                    "nav",
                    "aside",
                    "address",
                    "form",
                    "figure",
                    "figcaption",
                    "caption",
                    "fieldset",
                    "body");
    private static final Set<String> DROPPED =
            Set.of(
                    "head",
                    "title",
                    "style",
                    "script",
                    "template",
                    "select",
                    "textarea",
                    "svg",
                    "object",
                    "iframe",
                    "audio",
                    "video");
    private static final Pattern HIDING =
            Pattern.compile("display:none|visibility:hidden|mso-hide:all|max-height:0(?![.\\d])");

    private TextElements() {}

    /** What {@link TextLayout} is to put before and after an element; may be empty. */
    static String separation(String name) {
        if (PARAGRAPHS.contains(name)) return String.valueOf(TextLayout.PARAGRAPH);
        return LINES.contains(name) ? String.valueOf(TextLayout.LINE) : "";
    }

    /** Whether no reader sees it. */
    static boolean isHidden(Element element) {
        String style = element.attr("style").replaceAll("\\s", "").toLowerCase(Locale.ROOT);
        return DROPPED.contains(element.normalName())
                || element.hasAttr("hidden")
                || element.hasClass("preheader")
                || HIDING.matcher(style).find();
    }
}
