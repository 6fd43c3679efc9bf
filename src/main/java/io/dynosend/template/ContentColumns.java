package io.dynosend.template;

import io.dynosend.content.Blocks;
import io.dynosend.content.Format;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jdbi.v3.core.statement.SqlStatement;

/** The columns of content, the same in every table of messages. */
public final class ContentColumns {

    private ContentColumns() {}

    /** Reads {@code format}, {@code source}, {@code layout_id}, {@code html}, {@code text} … */
    public static Content content(ResultSet row) throws SQLException {
        return new Content(
                Format.of(row.getString("format")),
                row.getString("source"),
                row.getObject("layout_id", Long.class),
                row.getBoolean("inline_css"),
                row.getString("html"),
                row.getString("text"),
                row.getBoolean("text_is_made"));
    }

    /**
     * Binds {@code :format}, {@code :source}, {@code :layout}, {@code :inlineCss}, {@code :html},
     * {@code :text}, {@code :textIsMade} and {@code :blockNames}.
     */
    public static <S extends SqlStatement<S>> S bind(S statement, Content content, String subject) {
        return statement
                .bind("format", content.format().wire())
                .bind("source", content.source())
                .bind("layout", content.layout())
                .bind("inlineCss", content.inlineCss())
                .bind("html", content.html())
                .bind("text", content.text())
                .bind("textIsMade", content.textIsMade())
                .bindArray("blockNames", String.class, Blocks.named(content.liquid(subject)));
    }
}
