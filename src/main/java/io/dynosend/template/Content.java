package io.dynosend.template;

import io.dynosend.content.Format;
import io.dynosend.content.Source;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The content of a message: how it was written, and what that compiled to.
 *
 * @param source null: it is the HTML itself
 * @param layout the id of the one around Markdown; null: the built-in one
 * @param html null: there is none
 * @param text null: made from the HTML
 * @param textIsMade whether the text was made from the source
 */
public record Content(
        Format format,
        @Nullable String source,
        @Nullable Long layout,
        boolean inlineCss,
        @Nullable String html,
        @Nullable String text,
        boolean textIsMade) {

    /** Not written yet. */
    public static final Content EMPTY =
            new Content(Format.HTML, null, null, false, null, null, false);

    /** What its author wrote; null: nothing. */
    public @Nullable String written() {
        return source == null ? html : source;
    }

    /** All Liquid of the message. */
    public List<String> liquid(String subject) {
        var all = new ArrayList<String>(List.of(subject));
        if (html != null) all.add(html);
        if (text != null) all.add(text);
        return all;
    }

    @Nullable Source writtenSource() {
        String written = written();
        return written == null ? null : new Source(format, written);
    }
}
