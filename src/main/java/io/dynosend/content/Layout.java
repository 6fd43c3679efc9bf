package io.dynosend.content;

import io.dynosend.common.Problem.BadInput;
import io.dynosend.content.LiquidSource.Segment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/** What stands around the content of messages written in Markdown. */
final class Layout {

    /** For those who have no layout of their own. */
    static final Source BUILT_IN = new Source(Format.HTML, builtIn());

    private static final Pattern CONTENT = Pattern.compile("\\{\\{-?\\s*content\\s*-?\\}\\}");

    private Layout() {}

    /**
     * The layout as HTML.
     *
     * @throws BadInput unless it is HTML or MJML that shows {@code content} once
     */
    static String html(Source layout) {
        String html =
                switch (layout.format()) {
                    case HTML -> layout.content();
                    case MJML -> Mjml.html(layout.content());
                    case MARKDOWN -> throw new BadInput("a layout is written in html or mjml");
                };
        place(html);
        return html;
    }

    /** A message of this content. */
    static String around(String content, Source layout) {
        String html = html(layout);
        Segment place = place(html);
        return html.substring(0, place.start()) + content.strip() + html.substring(place.end());
    }

    private static Segment place(String html) {
        var liquid = new LiquidSource(html);
        List<Segment> places =
                liquid.segments().stream()
                        .filter(segment -> CONTENT.matcher(liquid.text(segment)).matches())
                        .toList();
        if (places.size() != 1) {
            throw new BadInput(
                    "html: a layout must hold {{ content }} once, not %d times"
                            .formatted(places.size()),
                    "template_error");
        }
        return places.getFirst();
    }

    private static String builtIn() {
        try (var file = Layout.class.getResourceAsStream("/content/layout.html")) {
            return new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
