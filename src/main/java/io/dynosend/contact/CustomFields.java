package io.dynosend.contact;

import io.dynosend.audience.Field;
import io.dynosend.common.Problem.BadInput;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** Values for the custom fields of an audience, each of its field's type. */
public final class CustomFields {

    private CustomFields() {}

    /**
     * Keeps what is a field of the audience.
     *
     * @param given values by tag; null or an empty one means: cleared
     * @return the given values of known fields; null where cleared
     * @throws BadInput naming every field whose value is not of its type
     */
    public static SequencedMap<String, @Nullable String> checked(
            List<Field> fields, Map<String, @Nullable String> given) {
        var values = new LinkedHashMap<String, @Nullable String>();
        var wrong = new LinkedHashMap<String, List<String>>();
        for (var field : fields) {
            if (!given.containsKey(field.tag())) continue;
            String value = emptyToNull(given.get(field.tag()));
            values.put(field.tag(), value);
            if (value != null) {
                complaint(field, value).ifPresent(text -> wrong.put(field.tag(), List.of(text)));
            }
        }
        if (!wrong.isEmpty()) throw new BadInput(wrong);
        return values;
    }

    /** What is wrong with a value that is not empty; empty if nothing is. */
    static Optional<String> complaint(Field field, String value) {
        return field.type().isValid(value)
                ? Optional.empty()
                : Optional.of("%s must be %s".formatted(field.tag(), field.type().wanted()));
    }

    private static @Nullable String emptyToNull(@Nullable String value) {
        return value == null || value.isBlank() ? null : value.strip();
    }
}
