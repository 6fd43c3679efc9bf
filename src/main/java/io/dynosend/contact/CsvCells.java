package io.dynosend.contact;

import java.util.List;

/**
 * Cells of a CSV file that no spreadsheet takes for a formula: an apostrophe is put before what
 * would be one, and taken away again when the file comes back.
 */
public final class CsvCells {

    private static final String FORMULAS = "=+-@＝＋－＠";
    private static final String BEGINNINGS = FORMULAS + "\t\r\n";

    // Where a spreadsheet may begin another cell, whatever it takes for the separator.
    private static final String ENDS = ";\t\r\n";

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
        var guarded = new StringBuilder();
        for (int i = 0; i < value.length(); i++) {
            if (isFormula(value, i)) guarded.append('\'');
            guarded.append(value.charAt(i));
        }
        return guarded.toString();
    }

    /** The value of a cell that {@link #write} may have written. */
    static String read(String cell) {
        var value = new StringBuilder();
        for (int i = 0; i < cell.length(); i++) {
            boolean ours = cell.charAt(i) == '\'' && isFormula(cell, i);
            if (!ours) value.append(cell.charAt(i));
        }
        return value.toString();
    }

    // As many apostrophes as one likes, then a formula: of those in a file, one is ours.
    private static boolean isFormula(String text, int start) {
        if (start > 0 && ENDS.indexOf(text.charAt(start - 1)) < 0) return false;
        int i = start;
        while (i < text.length() && text.charAt(i) == '\'') i++;
        String formulas = start == 0 ? BEGINNINGS : FORMULAS;
        return i < text.length() && formulas.indexOf(text.charAt(i)) >= 0;
    }
}
