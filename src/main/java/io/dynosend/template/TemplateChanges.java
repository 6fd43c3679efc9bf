package io.dynosend.template;

import io.dynosend.content.Format;
import org.jspecify.annotations.Nullable;

/**
 * What is to change of a template; null: stays.
 *
 * @param subject empty: none any more
 * @param text empty: made from the content
 * @param restored the number of the version that is to be the latest again
 */
public record TemplateChanges(
        @Nullable String name,
        @Nullable Format format,
        @Nullable String subject,
        @Nullable String content,
        @Nullable String text,
        @Nullable Boolean inlineCss,
        @Nullable Integer restored) {

    boolean ofContent() {
        return format != null
                || subject != null
                || content != null
                || text != null
                || inlineCss != null
                || restored != null;
    }
}
