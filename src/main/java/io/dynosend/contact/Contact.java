package io.dynosend.contact;

import io.dynosend.common.EmailAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A unique address in one audience.
 *
 * @param audience the id of the one it belongs to
 * @param source how it got in: api, import, form …
 * @param tags in the order they were given
 * @param fields the custom fields that are set, by tag
 */
public record Contact(
        long id,
        long audience,
        String uid,
        EmailAddress email,
        ContactStatus status,
        String source,
        @Nullable String ipAddress,
        List<String> tags,
        Map<String, String> fields,
        Instant createdAt,
        Instant updatedAt) {}
