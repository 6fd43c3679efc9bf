package io.dynosend.liquid.tree;

import io.dynosend.liquid.value.Lookup;
import io.dynosend.liquid.value.Properties;
import org.jspecify.annotations.Nullable;

/** The variable {@code tablerowloop}: where a table is. */
final class TableRowLoop implements Properties {

    private final long length;
    private final long columns;
    private long index;
    private long row = 1;
    private long column = 1;

    TableRowLoop(long length, long columns) {
        this.length = length;
        this.columns = columns;
    }

    long row() {
        return row;
    }

    long column() {
        return column;
    }

    boolean endsRow() {
        return column == columns && index < length - 1;
    }

    void next() {
        index++;
        boolean full = column == columns;
        row += full ? 1 : 0;
        column = full ? 1 : column + 1;
    }

    @Override
    public @Nullable Object get(String property) {
        return switch (property) {
            case "index" -> index + 1;
            case "index0" -> index;
            case "rindex" -> length - index;
            case "rindex0" -> length - index - 1;
            case "first" -> index == 0;
            case "last" -> index == length - 1;
            case "length" -> length;
            case "row" -> row;
            case "col" -> column;
            case "col0" -> column - 1;
            case "col_first" -> column == 1;
            case "col_last" -> column == columns;
            default -> Lookup.MISSING;
        };
    }
}
