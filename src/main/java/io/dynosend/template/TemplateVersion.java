package io.dynosend.template;

import io.dynosend.content.Source;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a template was from one change to the next.
 *
 * @param version from 1
 * @param subject of the messages made of it; null: none
 * @param text as its author wrote it; null: it is made
 * @param html what the source compiled to
 */
public record TemplateVersion(
        int version,
        Source source,
        @Nullable String subject,
        @Nullable String text,
        boolean inlineCss,
        String html,
        Instant createdAt) {}
