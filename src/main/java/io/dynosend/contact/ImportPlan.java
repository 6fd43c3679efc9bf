package io.dynosend.contact;

import io.dynosend.common.Json;
import io.dynosend.common.Problem.BadInput;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What is to become of a file of contacts.
 *
 * @param columns by place what each column is: {@link #EMAIL}, {@link #TAGS}, the tag of a custom
 *     field, or {@link #LEFT_OUT}
 * @param headings by place what the file calls each column
 * @param tags that every contact of the file gets
 * @param status of those who are new: subscribed or unsubscribed
 * @param statement how they agreed, in the words of who imports them; empty if they did not
 */
public record ImportPlan(
        CsvFormat format,
        List<String> columns,
        List<String> headings,
        Rule rule,
        List<String> tags,
        ContactStatus status,
        String statement) {

    public static final String EMAIL = "EMAIL";
    public static final String TAGS = "tags";
    public static final String LEFT_OUT = "";

    /** What happens to a contact that is there already. */
    public enum Rule {
        /** It stays as it is. */
        SKIP,
        /** What the file says is taken over; an empty cell changes nothing. */
        UPDATE,
        /** As above, and an empty cell clears the field. */
        OVERWRITE;

        public static Rule of(String wire) {
            for (var rule : values()) if (rule.wire().equals(wire)) return rule;
            throw new BadInput("Choose what happens to contacts that are there already");
        }

        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * @throws BadInput if no column is the address, two are the same, or nobody says that they
     *     agreed
     */
    public ImportPlan {
        if (!columns.contains(EMAIL)) {
            throw new BadInput("Choose the column that holds the e-mail address");
        }
        for (String column : columns) {
            if (!column.isEmpty() && columns.indexOf(column) != columns.lastIndexOf(column)) {
                throw new BadInput("Two columns are " + column + "; choose one of them");
            }
        }
        if (status == ContactStatus.UNCONFIRMED) {
            throw new BadInput("Contacts are imported as subscribed or unsubscribed");
        }
        if (status == ContactStatus.SUBSCRIBED && statement.isBlank()) {
            throw new BadInput("Say how these people agreed to get your mail");
        }
        columns = List.copyOf(columns);
        headings = List.copyOf(headings);
        tags = List.copyOf(tags);
    }

    /** What the file calls the columns that are not imported. */
    public List<String> leftOut() {
        return IntStream.range(0, columns.size())
                .filter(place -> columns.get(place).equals(LEFT_OUT))
                .mapToObj(this::heading)
                .toList();
    }

    /** What the file calls a column; by its place where it says nothing. */
    public String heading(int place) {
        return place < headings.size() ? headings.get(place) : "Column " + (place + 1);
    }

    /** The tags of the custom fields that the file has columns for. */
    List<String> fields() {
        return columns.stream()
                .filter(column -> !column.equals(EMAIL) && !column.equals(TAGS))
                .filter(column -> !column.isEmpty())
                .toList();
    }

    String json() {
        var values = new LinkedHashMap<String, Object>();
        values.put("charset", format.charset().wire());
        values.put("separator", format.separator().wire());
        values.put("header", format.header());
        values.put("columns", columns);
        values.put("headings", headings);
        values.put("rule", rule.wire());
        values.put("tags", tags);
        values.put("status", status.wire());
        values.put("statement", statement);
        return Json.write(values);
    }

    static ImportPlan of(String json) {
        var values = Json.object(json);
        return new ImportPlan(
                new CsvFormat(
                        CsvFormat.Encoding.of(text(values, "charset")),
                        CsvFormat.Separator.of(text(values, "separator")),
                        Boolean.TRUE.equals(values.get("header"))),
                texts(values, "columns"),
                texts(values, "headings"),
                Rule.of(text(values, "rule")),
                texts(values, "tags"),
                ContactStatus.of(text(values, "status")),
                text(values, "statement"));
    }

    private static String text(Map<String, @Nullable Object> values, String key) {
        return Objects.requireNonNullElse(values.get(key), "").toString();
    }

    private static List<String> texts(Map<String, @Nullable Object> values, String key) {
        return values.get(key) instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }
}
