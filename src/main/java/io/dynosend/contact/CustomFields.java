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

    /** Characters of all values of a contact together. */
    static final int MOST_CHARS = 128 * 1024;

    /** Characters of a row that are too few to be asked whether they are too much. */
    static final int FEW_CHARS = 600;

    private CustomFields() {}

    /**
     * Keeps what is a field of the audience.
     *
     * @param given texts by tag; null or an empty one means: cleared
     * @return the given values of known fields; null where cleared
     * @throws BadInput naming every field whose value is not of its type, or if they are too long
     *     together
     */
    public static SequencedMap<String, @Nullable String> checked(
            List<Field> fields, Map<String, @Nullable Object> given) {
        var values = new LinkedHashMap<String, @Nullable String>();
        var wrong = new LinkedHashMap<String, List<String>>();
        for (var field : fields) {
            if (!given.containsKey(field.tag())) continue;
            Object value = given.get(field.tag());
            refusal(field, value).ifPresent(text -> wrong.put(field.tag(), List.of(text)));
            values.put(field.tag(), value instanceof String text ? emptyToNull(text) : null);
        }
        if (!wrong.isEmpty()) throw new BadInput(wrong);
        if (length(values) > MOST_CHARS) throw tooMuch();
        return values;
    }

    /**
     * As {@link #checked}, of a contact who has none yet.
     *
     * @return the values that are set
     */
    public static SequencedMap<String, String> given(
            List<Field> fields, Map<String, @Nullable Object> given) {
        var values = new LinkedHashMap<String, String>();
        checked(fields, given)
                .forEach((tag, value) -> {
                    if (value != null) values.put(tag, value);
                });
        return values;
    }

    /** What is wrong with a value that is not empty; empty if nothing is. */
    static Optional<String> complaint(Field field, String value) {
        return field.type().isValid(value)
                ? Optional.empty()
                : Optional.of("%s must be %s".formatted(field.tag(), field.type().wanted()));
    }

    /** Characters of all values. */
    static int length(Map<String, ? extends @Nullable String> values) {
        return values.values().stream().mapToInt(value -> value == null ? 0 : value.length()).sum();
    }

    static BadInput tooMuch() {
        return new BadInput(
                "the custom fields of a contact have at most %,d characters together"
                        .formatted(MOST_CHARS));
    }

    private static Optional<String> refusal(Field field, @Nullable Object value) {
        return switch (value) {
            case null -> Optional.empty();
            case String text when text.isBlank() -> Optional.empty();
            case String text -> complaint(field, text.strip());
            default -> Optional.of(field.tag() + " must be a single value");
        };
    }

    private static @Nullable String emptyToNull(String text) {
        return text.isBlank() ? null : text.strip();
    }
}
