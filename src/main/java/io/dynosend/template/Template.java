package io.dynosend.template;

import java.time.Instant;

/**
 * Content that is kept.
 *
 * @param version the number of its latest version, from 1
 */
public record Template(
        long id,
        String uid,
        TemplateKind kind,
        String name,
        int version,
        Instant createdAt,
        Instant updatedAt) {}
