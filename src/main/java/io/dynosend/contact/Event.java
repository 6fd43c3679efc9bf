package io.dynosend.contact;

import io.dynosend.common.Json;
import io.dynosend.common.Problem.BadInput;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Something a contact did, as the customer's own program tells it.
 *
 * @param name letters, digits and underscores, at most 100
 * @param properties a JSON object of at most 64 KB; null if there is none
 */
public record Event(String name, @Nullable String properties) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_]{1,100}");
    private static final int LARGEST = 64 * 1024;
    private static final int MOST_DIGITS = 100;

    /**
     * @throws BadInput if the name is none
     */
    public Event {
        if (!NAME.matcher(name).matches()) {
            throw new BadInput(
                    "event_name must be 1 to 100 letters, digits and underscores, without spaces");
        }
    }

    /**
     * An event as a caller sends it.
     *
     * @throws BadInput if the name is none, or the properties are too large or not text
     */
    public static Event of(String name, @Nullable Map<String, @Nullable Object> properties) {
        return new Event(name, properties == null ? null : json(properties));
    }

    private static String json(Map<String, @Nullable Object> properties) {
        check(properties);
        String json = Json.write(properties);
        if (json.getBytes(StandardCharsets.UTF_8).length > LARGEST) {
            throw new BadInput("properties must be at most 64 KB");
        }
        return json;
    }

    // What PostgreSQL cannot keep: U+0000, lone surrogates, numbers with a million zeros.
    private static void check(@Nullable Object value) {
        switch (value) {
            case String text -> {
                if (text.codePoints().anyMatch(c -> c == 0 || (c >= 0xD800 && c <= 0xDFFF))) {
                    throw new BadInput("properties holds a character that is not allowed");
                }
            }
            case BigDecimal number -> {
                if (Math.abs((long) number.scale()) > MOST_DIGITS) {
                    throw new BadInput("properties holds a number of over 100 digits");
                }
            }
            case Map<?, ?> map ->
                    map.forEach((key, each) -> {
                        check(key);
                        check(each);
                    });
            case List<?> list -> list.forEach(Event::check);
            case null, default -> {}
        }
    }
}
