package io.dynosend.api;

import io.dynosend.common.Problem.BadInput;
import java.util.ArrayList;
import java.util.List;

/**
 * A list of names with values, as {@code customTags}: objects with {@code Name} and {@code Value},
 * or {@code name} and {@code value}; or one object, {@code {"NAME": "value"}}.
 */
final class NamedValues {

    /** As they were sent, not even trimmed. */
    record NamedValue(String name, String value) {}

    private NamedValues() {}

    /**
     * The list in the order it came; empty when it is missing.
     *
     * @throws BadInput if one of them has no name, or no single value
     */
    static List<NamedValue> of(Params params, String list) {
        var values = new ArrayList<NamedValue>();
        if (params.isObject(list)) {
            var object = params.object(list);
            for (String name : object.names()) {
                values.add(checked(list, name, object.exact(name).orElse("")));
            }
            return values;
        }
        for (var each : params.objects(list)) {
            String place = "%s[%d]".formatted(list, values.size());
            String name =
                    each.exact("Name")
                            .or(() -> each.exact("name"))
                            .filter(text -> !text.isBlank())
                            .orElseThrow(() -> BadInput.missing(place + "[Name]"));
            if (!each.has("Value") && !each.has("value")) {
                throw BadInput.missing(place + "[Value]");
            }
            String value = each.exact("Value").or(() -> each.exact("value")).orElse("");
            values.add(checked(list, name, value));
        }
        return values;
    }

    // Neither is text that could be read again as it was sent.
    private static NamedValue checked(String list, String name, String value) {
        boolean text =
                (name + value).codePoints().noneMatch(c -> c == 0 || (c >= 0xD800 && c <= 0xDFFF));
        if (text) return new NamedValue(name, value);
        throw new BadInput("%s: “%s” holds a character that is not allowed".formatted(list, name));
    }
}
