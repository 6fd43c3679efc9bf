package io.dynosend.content;

import io.dynosend.common.Problem.BadInput;
import io.dynosend.liquid.Limits;
import io.dynosend.liquid.Liquid;
import io.dynosend.liquid.LiquidRenderException;
import io.dynosend.liquid.LiquidSyntaxException;
import io.dynosend.liquid.Output;
import io.dynosend.liquid.Template;
import io.dynosend.liquid.TextOutput;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jsoup.parser.Parser;
import org.jspecify.annotations.Nullable;

/** The Liquid of a message: what authors may write, and the blocks that only we write. */
final class Templates {

    private static final int INITIAL_SIZE = 8192;
    // A tenth of what mail servers take, and few enough to have twenty in memory at once.
    private static final Limits LIMITS =
            new Limits(1_000_000, 1_000_000, 100, Duration.ofSeconds(2));
    private static final Pattern INCLUDE =
            Pattern.compile("^\\{%-?\\s*(?:liquid\\b[^%]*\\n\\s*)?include\\s+(?!['\"\\s])");
    // Whether its blocks are there is looked at elsewhere.
    private static final Liquid PIECE = Liquid.builder().partials(_ -> "").build();

    private Templates() {}

    /**
     * Parses what the author wrote.
     *
     * @param blocks the source of a block by its name, null if there is none
     * @throws BadInput saying where it is wrong
     */
    static Template author(String field, String source, Function<String, @Nullable String> blocks) {
        var template = parsed(Liquid.builder().partials(blocks).build(), field, source);
        requireKnownNames(field, source);
        return template;
    }

    // A campaign takes along what it names; what comes out while it is sent would be missing.
    private static void requireKnownNames(String field, String source) {
        var liquid = new LiquidSource(source);
        for (var segment : liquid.segments()) {
            if (INCLUDE.matcher(liquid.text(segment)).find()) {
                throw SourceError.at(
                        field,
                        source,
                        segment.start(),
                        "include takes the name of a block in quotes");
            }
        }
    }

    /** The HTML with our blocks in it; fails as {@link #author} if they nest too deep in it. */
    static Template html(String source, Function<String, @Nullable String> blocks) {
        var liquid =
                Liquid.builder()
                        .escapeHtml(true)
                        .limits(LIMITS)
                        .partials(blocks)
                        .block("link", Templates::htmlLink)
                        .block("linkto", Templates::htmlLinkTo)
                        .block("openpixel", Templates::openPixel)
                        .block("unsubscribe", Templates::htmlUnsubscribe)
                        .build();
        return parsed(liquid, "html", source);
    }

    /** The same for the text. */
    static Template text(String source, Function<String, @Nullable String> blocks) {
        var liquid =
                Liquid.builder()
                        .limits(LIMITS)
                        .partials(blocks)
                        .block("link", Templates::textLink)
                        .block("linkto", Templates::textLinkTo)
                        .block("aside", Templates::textAside)
                        .block("unsubscribe", Templates::textUnsubscribe)
                        .build();
        return parsed(liquid, "text", source);
    }

    /** Whether a piece of a template could stand alone. */
    static boolean isWhole(String piece) {
        try {
            PIECE.parse(piece);
            return true;
        } catch (LiquidSyntaxException _) {
            return false;
        }
    }

    /**
     * Renders one part of one copy.
     *
     * @throws BadInput if it passes a limit of the engine
     */
    static StringBuilder rendered(
            String field, Template template, CopyVariables variables, Instant now) {
        var out = new StringBuilder(INITIAL_SIZE);
        render(field, template, variables, now, new TextOutput(out));
        return out;
    }

    /** The same to any output; what was put out before a failure stays there. */
    static void render(
            String field, Template template, CopyVariables variables, Instant now, Output out) {
        try {
            template.render(variables, now, out);
        } catch (LiquidRenderException e) {
            throw new BadInput("%s: %s".formatted(field, e.getMessage()), "template_error");
        }
    }

    /** Becomes the tracked form of a static target. */
    static String link(int number) {
        return "{% link " + number + " %}{% endlink %}";
    }

    /**
     * Becomes the tracked form of whatever the piece renders to.
     *
     * @param query of a {@link Utm}, to be appended first; may be empty
     */
    static String linkTo(int number, String query, String piece) {
        return "{% linkto " + number + " " + query + " %}" + piece + "{% endlinkto %}";
    }

    /**
     * Becomes {@code (piece)} with a blank before it, or nothing if the piece renders to nothing.
     */
    static String aside(String piece) {
        return "{% aside %}" + piece + "{% endaside %}";
    }

    static String openPixel() {
        return "{% openpixel %}{% endopenpixel %}";
    }

    /** Becomes the link that ends the subscription, whatever the author assigned. */
    static String unsubscribe() {
        return "{% unsubscribe %}{% endunsubscribe %}";
    }

    private static Template parsed(Liquid liquid, String field, String source) {
        try {
            return liquid.parse(source);
        } catch (LiquidSyntaxException e) {
            throw SourceError.at(field, e.line(), e.column(), e.problem() + "\n" + e.excerpt());
        }
    }

    private static void htmlLink(String number, String body, Map<String, ?> variables, Output out) {
        out.append(Html.escaped(CopyVariables.links(variables).click(Integer.parseInt(number))));
    }

    private static void htmlLinkTo(
            String argument, String body, Map<String, ?> variables, Output out) {
        String url = clickTo(argument, Parser.unescapeEntities(body, true), variables);
        if (url == null) out.append(body);
        else out.append(Html.escaped(url));
    }

    private static void openPixel(
            String argument, String body, Map<String, ?> variables, Output out) {
        String url = CopyVariables.links(variables).openPixel();
        if (url == null) return;
        out.append("<img src=\"");
        out.append(Html.escaped(url));
        out.append("\" width=\"1\" height=\"1\" alt=\"\" style=\"border:0\">");
    }

    private static void htmlUnsubscribe(
            String argument, String body, Map<String, ?> variables, Output out) {
        out.append(Html.escaped(CopyVariables.links(variables).unsubscribe()));
    }

    private static void textLink(String number, String body, Map<String, ?> variables, Output out) {
        out.append(CopyVariables.links(variables).click(Integer.parseInt(number)));
    }

    private static void textLinkTo(
            String argument, String body, Map<String, ?> variables, Output out) {
        String url = clickTo(argument, body, variables);
        out.append(url == null ? body : url);
    }

    // Null where no web address came out.
    private static @Nullable String clickTo(
            String argument, String rendered, Map<String, ?> variables) {
        String url = LinkTargets.webAddress(rendered);
        if (url == null) return null;
        int blank = argument.indexOf(' ');
        int number = Integer.parseInt(blank < 0 ? argument : argument.substring(0, blank));
        String query = blank < 0 ? "" : argument.substring(blank + 1).strip();
        return CopyVariables.links(variables).clickTo(number, Utm.appended(url, query));
    }

    private static void textAside(
            String argument, String body, Map<String, ?> variables, Output out) {
        if (!body.isBlank()) out.append(" (" + body + ")");
    }

    private static void textUnsubscribe(
            String argument, String body, Map<String, ?> variables, Output out) {
        out.append(CopyVariables.links(variables).unsubscribe());
    }
}
