package io.dynosend.template;

import static io.dynosend.common.Sql.instant;

import io.dynosend.content.Format;
import io.dynosend.content.Source;
import java.sql.ResultSet;
import java.sql.SQLException;

/** How templates and their versions are read. */
final class TemplateRows {

    static final String SELECT =
            """
            SELECT id, uid, kind, name, version, created_at, updated_at
            FROM template
            """;

    static final String SELECT_VERSION =
            """
            SELECT v.version, v.format, v.subject, v.content, v.text, v.inline_css, v.html,
                   v.created_at
            FROM template_version v
            """;

    private TemplateRows() {}

    static Template template(ResultSet row) throws SQLException {
        return new Template(
                row.getLong("id"),
                row.getString("uid"),
                TemplateKind.of(row.getString("kind")),
                row.getString("name"),
                row.getInt("version"),
                instant(row, "created_at"),
                instant(row, "updated_at"));
    }

    static TemplateVersion version(ResultSet row) throws SQLException {
        return new TemplateVersion(
                row.getInt("version"),
                new Source(Format.of(row.getString("format")), row.getString("content")),
                row.getString("subject"),
                row.getString("text"),
                row.getBoolean("inline_css"),
                row.getString("html"),
                instant(row, "created_at"));
    }
}
