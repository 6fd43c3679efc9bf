package io.dynosend.campaign;

import io.dynosend.audience.Audience;
import io.dynosend.audience.Field;
import io.dynosend.common.EmailAddress;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the names in the Liquid of a campaign stand for, if anything. */
final class Names {

    private static final EmailAddress NOBODY = new EmailAddress("jane@example.com");

    private final List<Field> fields;
    private final Map<String, Object> variables;

    Names(Campaign campaign, Audience audience, List<Field> fields) {
        this.fields = fields;
        var anybody = MadeUp.contact(NOBODY, audience, fields, Instant.EPOCH);
        this.variables =
                new CampaignVariables(campaign, audience, fields)
                        .of(anybody, new CopyUrls("", "", ""));
    }

    /** The custom fields that these paths read, as {@code CITY} or {@code contact.CITY}. */
    List<Field> fields(Collection<String> paths) {
        return fields.stream()
                .filter(field ->
                        paths.stream()
                                .map(Names::tag)
                                .flatMap(Optional::stream)
                                .anyMatch(field.tag()::equals))
                .toList();
    }

    /** Those that nothing fills, for any contact. */
    List<String> unknown(Collection<String> paths) {
        return paths.stream().filter(path -> !isKnown(path)).toList();
    }

    boolean isKnown(String path) {
        String[] steps = path.split("\\.", 3);
        Object value = variables.get(steps[0]);
        if (value == null) return false;
        return steps.length == 1
                || !(value instanceof Map<?, ?> members)
                || members.containsKey(steps[1])
                || steps[1].equals("size")
                || steps[1].equals("first");
    }

    private static Optional<String> tag(String path) {
        String[] steps = path.split("\\.", 3);
        if (!steps[0].equals("contact")) return Optional.of(steps[0]);
        return steps.length > 1 ? Optional.of(steps[1]) : Optional.empty();
    }
}
