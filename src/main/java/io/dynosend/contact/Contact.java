package io.dynosend.contact;

import io.dynosend.common.EmailAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
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
        Instant updatedAt) {

    private static final List<String> NAMES =
            List.of("NAME", "FIRST_NAME", "FNAME", "LAST_NAME", "LNAME");

    /** What the usual fields say somebody is called, which a search finds; empty: nothing. */
    public String name() {
        return NAMES.stream()
                .map(tag -> fields.getOrDefault(tag, ""))
                .filter(part -> !part.isBlank())
                .collect(Collectors.joining(" "));
    }
}
