package io.dynosend.contact;

import io.dynosend.common.Json;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What contacts have in common.
 *
 * @param text a part of the address or the name; empty: any
 * @param status null: any
 * @param tag empty: any
 * @param field null: any
 * @param activity null: any
 */
public record ContactFilter(
        String text,
        @Nullable ContactStatus status,
        String tag,
        @Nullable FieldCondition field,
        @Nullable Activity activity) {

    /** Nothing in particular. */
    public static final ContactFilter ALL = new ContactFilter("", null, "", null, null);

    /** The same, whatever the address and the name. */
    ContactFilter withoutText() {
        return new ContactFilter("", status, tag, field, activity);
    }

    /** What a custom field holds. */
    public sealed interface FieldCondition {
        String tag();

        record Is(String tag, String value) implements FieldCondition {}

        record Filled(String tag) implements FieldCondition {}

        record Empty(String tag) implements FieldCondition {}
    }

    /** What a contact has done, or has had done to it. */
    public sealed interface Activity {
        record Opened(int days) implements Activity {}

        record Clicked(int days) implements Activity {}

        record NeverOpened() implements Activity {}

        record Joined(int days) implements Activity {}

        record Bounced() implements Activity {}
    }

    private static final int LONGEST_TIME = 3650;

    public ContactFilter {
        text = text.strip().toLowerCase(Locale.ROOT).replace("\0", "");
        tag = tag.strip().replace("\0", "");
    }

    public boolean isEmpty() {
        return equals(ALL);
    }

    /** How many conditions there are besides the text and the status. */
    public int more() {
        return (tag.isEmpty() ? 0 : 1) + (field == null ? 0 : 1) + (activity == null ? 0 : 1);
    }

    /** Reads what {@link #parameters} writes; what cannot be read is no condition. */
    public static ContactFilter of(UnaryOperator<String> parameter) {
        return new ContactFilter(
                parameter.apply("search"),
                status(parameter.apply("status")),
                parameter.apply("tag"),
                field(parameter),
                activity(parameter.apply("activity")));
    }

    /** As it stands in the query of a page, without what is empty. */
    public SequencedMap<String, String> parameters() {
        var all = new LinkedHashMap<String, String>();
        all.put("search", text);
        all.put("status", status == null ? "" : status.wire());
        all.put("tag", tag);
        if (field != null) {
            all.put("field", field.tag());
            switch (field) {
                case FieldCondition.Is(_, String value) -> {
                    all.put("is", "value");
                    all.put("value", value);
                }
                case FieldCondition.Filled _ -> all.put("is", "filled");
                case FieldCondition.Empty _ -> all.put("is", "empty");
            }
        }
        all.put("activity", activity == null ? "" : wire(activity));
        all.values().removeIf(String::isEmpty);
        return all;
    }

    String json() {
        return Json.write(parameters());
    }

    static ContactFilter ofJson(String json) {
        Map<String, String> values = Json.strings(json);
        return of(name -> values.getOrDefault(name, ""));
    }

    private static @Nullable ContactStatus status(String given) {
        for (var each : ContactStatus.values()) if (each.wire().equals(given)) return each;
        return null;
    }

    private static @Nullable FieldCondition field(UnaryOperator<String> parameter) {
        String tag = parameter.apply("field").replace("\0", "");
        if (tag.isEmpty()) return null;
        return switch (parameter.apply("is")) {
            case "filled" -> new FieldCondition.Filled(tag);
            case "empty" -> new FieldCondition.Empty(tag);
            default -> {
                String value = parameter.apply("value").strip().replace("\0", "");
                yield value.isEmpty() ? null : new FieldCondition.Is(tag, value);
            }
        };
    }

    private static String wire(Activity activity) {
        return switch (activity) {
            case Activity.Opened(int days) -> "opened-" + days;
            case Activity.Clicked(int days) -> "clicked-" + days;
            case Activity.NeverOpened() -> "never-opened";
            case Activity.Joined(int days) -> "joined-" + days;
            case Activity.Bounced() -> "bounced";
        };
    }

    /** As {@link #parameters} writes it; empty for none. */
    public String activityWire() {
        return activity == null ? "" : wire(activity);
    }

    private static @Nullable Activity activity(String given) {
        if (given.equals("never-opened")) return new Activity.NeverOpened();
        if (given.equals("bounced")) return new Activity.Bounced();
        int dash = given.lastIndexOf('-');
        Optional<Integer> days = dash < 0 ? Optional.empty() : days(given.substring(dash + 1));
        if (days.isEmpty()) return null;
        return switch (given.substring(0, dash)) {
            case "opened" -> new Activity.Opened(days.get());
            case "clicked" -> new Activity.Clicked(days.get());
            case "joined" -> new Activity.Joined(days.get());
            default -> null;
        };
    }

    private static Optional<Integer> days(String given) {
        if (!given.matches("[0-9]{1,4}")) return Optional.empty();
        int days = Integer.parseInt(given);
        return days < 1 || days > LONGEST_TIME ? Optional.empty() : Optional.of(days);
    }

    /** The value that the field is to have; empty where it is another condition. */
    public String fieldValue() {
        return field instanceof FieldCondition.Is is ? is.value() : "";
    }
}
