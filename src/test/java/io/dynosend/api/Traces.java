package io.dynosend.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jdbi.v3.core.Jdbi;

/** What the database holds of somebody. */
final class Traces {

    private Traces() {}

    /** Every column of every table that holds this text, in whatever case. */
    static List<String> of(Jdbi jdbi, String trace) {
        return jdbi.withHandle(db -> {
            var columns =
                    db.createQuery(
                                    """
                                    SELECT c.table_name, c.column_name, c.data_type
                                    FROM information_schema.columns c
                                    JOIN information_schema.tables t USING (table_schema, table_name)
                                    WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'
                                    ORDER BY 1, 2
                                    """)
                            .mapToMap(String.class)
                            .list();
            assertThat(columns).hasSizeGreaterThan(100);
            var found = new ArrayList<String>();
            for (var column : columns) {
                String name = "\"%s\"".formatted(column.get("column_name"));
                String text =
                        "bytea".equals(column.get("data_type"))
                                ? "encode(%s, 'escape')".formatted(name)
                                : name + "::text";
                boolean there =
                        db.createQuery(
                                        "SELECT EXISTS (SELECT FROM \"%s\" WHERE strpos(lower(%s), :trace) > 0)"
                                                .formatted(column.get("table_name"), text))
                                .bind("trace", trace.toLowerCase(Locale.ROOT))
                                .mapTo(Boolean.class)
                                .one();
                if (there) found.add(column.get("table_name") + "." + column.get("column_name"));
            }
            return found;
        });
    }
}
