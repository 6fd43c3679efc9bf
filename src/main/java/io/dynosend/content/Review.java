package io.dynosend.content;

import io.dynosend.content.HtmlSource.Part;
import io.dynosend.content.HtmlSource.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsoup.nodes.Element;
import org.jspecify.annotations.Nullable;

/** What one source has in it that its author is told about, each with its place in it. */
public final class Review {

    /**
     * Something of the source.
     *
     * @param what the address of a link or an image; empty if it has none
     * @param place null: it comes from elsewhere, such as a layout
     */
    public record Found(String what, @Nullable Place place) {}

    private static final Pattern WEB_ADDRESS =
            Pattern.compile("https?://[^\\s<>\"')\\]\\p{Cntrl}]+", Pattern.CASE_INSENSITIVE);

    private final String written;
    private final @Nullable HtmlSource html;
    private final boolean sameText;

    private Review(String written, @Nullable HtmlSource html, boolean sameText) {
        this.written = written;
        this.html = html;
        this.sameText = sameText;
    }

    /** Of a source in any format. */
    public static Review of(Source source) {
        String written = source.content();
        return switch (source.format()) {
            // MJML nests as HTML does, and its components have the attributes of what they become.
            case HTML, MJML -> new Review(written, new HtmlSource(written), true);
            case MARKDOWN ->
                    new Review(written, new HtmlSource(Markdown.of(written).html()), false);
        };
    }

    /** Of a text or a subject. */
    public static Review ofText(String written) {
        return new Review(written, null, true);
    }

    /** Images that say nothing to those who do not see them. */
    public List<Found> imagesWithoutAlt() {
        return images(this::lacksAlt);
    }

    /** Images of which there is nothing to see. */
    public List<Found> imagesWithoutAddress() {
        return images(image -> image.attr("src").isBlank());
    }

    private List<Found> images(Predicate<Element> lacking) {
        if (html == null) return List.of();
        var found = new ArrayList<Found>();
        for (Part part : html.parts()) {
            for (Element image : part.document().select("img, mj-image")) {
                boolean isDefault = image.closest("mj-attributes") != null;
                if (isDefault || !lacking.test(image)) continue;
                found.add(found(image.attr("src"), position(image, part)));
            }
        }
        return found;
    }

    /** Web addresses that readers are led to; those with Liquid in them are left out. */
    public List<Found> links() {
        return html == null ? addresses() : anchors(html);
    }

    /** Where Liquid reads a variable, such as {@code contact.city}; empty if not here. */
    public Optional<Place> reads(String path) {
        var source = new LiquidSource(written);
        var name = Pattern.compile("(?<![\\w.'\"-])" + Pattern.quote(path) + "(?![\\w-])");
        for (var segment : source.segments()) {
            Matcher named = name.matcher(source.text(segment));
            if (named.find()) {
                return Optional.of(Place.of(written, segment.start() + named.start()));
            }
        }
        return Optional.empty();
    }

    private List<Found> anchors(HtmlSource html) {
        var found = new ArrayList<Found>();
        for (Part part : html.parts()) {
            for (Element anchor : part.document().select("[href]")) {
                if (isResource(anchor.normalName())) continue;
                for (Span href : html.valuesOf(anchor, "href", part.offset())) {
                    boolean varies = !html.liquid().within(href.start(), href.end()).isEmpty();
                    String url = LinkTargets.webAddress(html.plain(href.start(), href.end(), true));
                    if (!varies && url != null) found.add(found(url, href.start()));
                }
            }
        }
        return found;
    }

    private List<Found> addresses() {
        var source = new LiquidSource(written);
        var found = new ArrayList<Found>();
        Matcher address = WEB_ADDRESS.matcher(written);
        while (address.find()) {
            if (!source.within(address.start(), address.end()).isEmpty()) continue;
            String url = address.group().replaceFirst("[.,;:!?*_]+$", "");
            found.add(new Found(url, Place.of(written, address.start())));
        }
        return found;
    }

    // Markdown always writes one; in HTML an empty one says that the image is decoration.
    private boolean lacksAlt(Element image) {
        return sameText ? !image.hasAttr("alt") : image.attr("alt").isBlank();
    }

    // Style sheets and fonts.
    private static boolean isResource(String element) {
        return element.equals("link") || element.equals("base") || element.equals("mj-font");
    }

    private static int position(Element element, Part part) {
        return element.sourceRange().startPos() + part.offset();
    }

    private Found found(String what, int position) {
        if (sameText) return new Found(what, Place.of(written, position));
        int at = what.isEmpty() ? -1 : written.indexOf(what);
        return new Found(what, at < 0 ? null : Place.of(written, at));
    }
}
