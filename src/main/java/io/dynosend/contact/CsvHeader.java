package io.dynosend.contact;

import io.dynosend.audience.Field;
import io.dynosend.common.Problem.BadInput;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Which column of a file is what. Columns that name no field are left out.
 *
 * @param tagColumn -1 when there is none
 */
record CsvHeader(int columns, int emailColumn, int tagColumn, Map<Integer, Field> fieldColumns) {

    /**
     * Reads a header line; names are field tags or labels, in any case.
     *
     * @throws BadInput if no column is EMAIL, or two are the same field
     */
    static CsvHeader of(List<String> names, List<Field> fields) {
        int email = -1;
        int tags = -1;
        var columns = new LinkedHashMap<Integer, Field>();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i).strip().toLowerCase(Locale.ROOT);
            var field = field(name, fields);
            if (isEmail(name)) {
                if (email >= 0) throw twice("EMAIL");
                email = i;
            } else if (field.isPresent()) {
                if (columns.containsValue(field.get())) throw twice(field.get().tag());
                columns.put(i, field.get());
            } else if (name.equals("tags") || name.equals("tag")) {
                if (tags >= 0) throw twice("tags");
                tags = i;
            }
        }
        if (email < 0) {
            throw new BadInput(
                    "file: no column of the first line is EMAIL; it must name fields by tag or label");
        }
        return new CsvHeader(names.size(), email, tags, columns);
    }

    private static boolean isEmail(String name) {
        return switch (name) {
            case "email", "e-mail", "email address", "e-mail address" -> true;
            default -> false;
        };
    }

    private static Optional<Field> field(String name, List<Field> fields) {
        return fields.stream()
                .filter(field -> field.tag().toLowerCase(Locale.ROOT).equals(name))
                .findFirst()
                .or(() ->
                        fields.stream()
                                .filter(field ->
                                        field.label().strip().toLowerCase(Locale.ROOT).equals(name))
                                .findFirst());
    }

    private static BadInput twice(String field) {
        return new BadInput("file: two columns of the first line are " + field);
    }
}
