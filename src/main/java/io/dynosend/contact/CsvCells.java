package io.dynosend.contact;

import java.util.List;

/**
 * Cells of a CSV file that no spreadsheet takes for a formula: an apostrophe is put before what
 * would be one, and taken away again when the file comes back.
 */
public final class CsvCells {

    private static final String BEGINNINGS = "=+-@\t\r\n＝＋－＠";

    private CsvCells() {}

    /** A line of a file, with its end. */
    public static String line(List<String> cells) {
        var line = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            if (i > 0) line.append(',');
            line.append(write(cells.get(i)));
        }
        return line.append("\r\n").toString();
    }

    /** A cell as it stands in a file; a comma, a quote or a line break has it quoted. */
    public static String write(String value) {
        String safe = guarded(value);
        boolean quoted = safe.chars().anyMatch(c -> c == ',' || c == ';' || c == '"' || c < ' ');
        return quoted ? '"' + safe.replace("\"", "\"\"") + '"' : safe;
    }

    /** What no spreadsheet takes for a formula; not quoted yet. */
    public static String guarded(String value) {
        return isFormula(value) || isGuarded(value) ? "'" + value : value;
    }

    /** The value of a cell that {@link #write} may have written. */
    static String read(String cell) {
        return isGuarded(cell) ? cell.substring(1) : cell;
    }

    private static boolean isFormula(String value) {
        return !value.isEmpty() && BEGINNINGS.indexOf(value.charAt(0)) >= 0;
    }

    // As many apostrophes as one likes, then a formula: one of them is ours.
    private static boolean isGuarded(String cell) {
        int i = 0;
        while (i < cell.length() && cell.charAt(i) == '\'') i++;
        return i > 0 && i < cell.length() && BEGINNINGS.indexOf(cell.charAt(i)) >= 0;
    }
}
