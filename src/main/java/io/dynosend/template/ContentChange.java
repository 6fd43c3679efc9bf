package io.dynosend.template;

import io.dynosend.content.Format;
import org.jspecify.annotations.Nullable;

/**
 * What an author changes of the content of a message; null: stays.
 *
 * @param templateUid of the template whose latest version is copied where nothing else is given
 * @param layoutUid empty: the built-in layout
 * @param text empty: made from the source
 */
public record ContentChange(
        @Nullable Given given,
        @Nullable String templateUid,
        @Nullable String layoutUid,
        @Nullable Boolean inlineCss,
        @Nullable String text) {

    /**
     * What is written anew.
     *
     * @param content null: nothing any more
     */
    public record Given(Format format, @Nullable String content) {}
}
