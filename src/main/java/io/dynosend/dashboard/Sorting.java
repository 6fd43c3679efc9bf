package io.dynosend.dashboard;

import java.util.List;

/** How a table is sorted, and the addresses of the same table sorted otherwise. */
public final class Sorting {

    private final String column;
    private final boolean descending;
    private final Address address;

    private Sorting(String column, boolean descending, Address address) {
        this.column = column;
        this.descending = descending;
        this.address = address;
    }

    /**
     * As the query says ({@code sort}, {@code dir}).
     *
     * @param columns that may be asked for; the first, descending, is what nobody asked for
     */
    static Sorting of(Visit visit, List<String> columns) {
        String wanted = visit.query("sort");
        boolean known = columns.contains(wanted);
        return new Sorting(
                known ? wanted : columns.getFirst(),
                !known || !visit.query("dir").equals("asc"),
                Address.of(visit).without("page", "before", "after"));
    }

    public String column() {
        return column;
    }

    public boolean descending() {
        return descending;
    }

    /** For the attribute {@code aria-sort} of a column's heading. */
    public String state(String of) {
        if (!of.equals(column)) return "none";
        return descending ? "descending" : "ascending";
    }

    /** The same table sorted by a column; by the one it is sorted by: the other way round. */
    public String href(String by) {
        boolean turned = by.equals(column) && descending;
        return address.with("sort", by).with("dir", turned ? "asc" : "desc").toString();
    }
}
