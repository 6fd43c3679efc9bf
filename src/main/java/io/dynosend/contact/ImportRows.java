package io.dynosend.contact;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.dynosend.audience.Field;
import io.dynosend.common.EmailAddress;
import io.dynosend.common.Problem.BadInput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The rows of a file as a plan reads them, one at a time. */
final class ImportRows implements AutoCloseable {

    /**
     * A row.
     *
     * @param line where it begins, from 1
     * @param cells as they stand in the file, the long ones cut
     * @param chars how long it is in the file, about
     * @param email null: the row cannot be imported
     * @param reason why not; empty if it can
     */
    record Row(
            long line,
            List<String> cells,
            @Nullable EmailAddress email,
            Map<String, String> fields,
            List<String> tags,
            String reason,
            int chars) {

        private static Row broken(long line, List<String> cells, String reason) {
            return new Row(line, kept(cells), null, Map.of(), List.of(), reason, length(cells));
        }
    }

    private static final int MOST_CELLS_KEPT = 200;
    private static final int LONGEST_CELL_KEPT = 2_000;
    private static final int LONGEST_ROW_KEPT = 16_000;

    private final CsvReader<CsvRecord> csv;
    private final Iterator<CsvRecord> records;
    private final ImportPlan plan;
    private final Map<String, Field> fields;
    private long nextLine = 1;
    private boolean unreadable;
    private boolean over;

    /** Of a plan whose fields may be gone by now: their columns are left out. */
    ImportRows(Path file, ImportPlan plan, List<Field> fields) {
        this.plan = plan;
        this.fields = fields.stream().collect(Collectors.toMap(Field::tag, Function.identity()));
        csv = CsvRows.csv(plan.format().open(file), plan.format().separator().character());
        records = csv.iterator();
        if (plan.format().header()) skip();
    }

    boolean hasNext() {
        if (over) return false;
        if (unreadable) return true;
        try {
            return records.hasNext();
        } catch (CsvParseException e) {
            unreadable = true; // said once: the parser calls this the end of the file from now on
            return true;
        }
    }

    /** The next row; the last one if the rest of the file cannot be read. */
    Row next() {
        if (!hasNext()) throw new NoSuchElementException();
        if (unreadable) {
            over = true;
            return Row.broken(nextLine, List.of(), CsvRows.UNREADABLE);
        }
        var record = records.next();
        nextLine = CsvRows.lineAfter(record);
        return row(record.getStartingLineNumber(), record.getFields());
    }

    private void skip() {
        if (hasNext()) next();
    }

    private Row row(long line, List<String> cells) {
        if (cells.size() != plan.columns().size()) {
            return Row.broken(
                    line,
                    cells,
                    "%d columns where the first line has %d"
                            .formatted(cells.size(), plan.columns().size()));
        }
        try {
            return good(line, cells);
        } catch (BadInput e) {
            return Row.broken(line, cells, String.valueOf(e.getMessage()));
        }
    }

    private Row good(long line, List<String> cells) {
        EmailAddress email = null;
        var values = new LinkedHashMap<String, String>();
        var tags = plan.tags();
        for (int i = 0; i < cells.size(); i++) {
            String target = plan.columns().get(i);
            String value = CsvCells.read(cells.get(i)).strip();
            var field = fields.get(target);
            if (target.equals(ImportPlan.EMAIL)) email = address(value);
            else if (target.equals(ImportPlan.TAGS)) tags = Tags.union(tags, Tags.parse(value));
            else if (field != null) put(values, field, value);
        }
        if (CustomFields.length(values) > CustomFields.MOST_CHARS) throw CustomFields.tooMuch();
        return new Row(line, kept(cells), email, values, tags, "", length(cells));
    }

    private static EmailAddress address(String value) {
        if (value.isEmpty()) throw new BadInput("The e-mail address is empty");
        if (!EmailAddress.isValid(value)) throw new BadInput("This is no e-mail address");
        return new EmailAddress(value);
    }

    private static void put(Map<String, String> values, Field field, String value) {
        if (value.isEmpty()) {
            if (field.required()) throw new BadInput(field.label() + " is required");
            return;
        }
        CustomFields.complaint(field, value)
                .ifPresent(complaint -> {
                    throw new BadInput(complaint);
                });
        values.put(field.tag(), value);
    }

    // For the list of those that were not imported; PostgreSQL has no character 0.
    private static List<String> kept(List<String> cells) {
        var kept = new ArrayList<String>();
        int left = LONGEST_ROW_KEPT;
        for (String cell : cells.subList(0, Math.min(cells.size(), MOST_CELLS_KEPT))) {
            int length = Math.min(cell.length(), Math.min(left, LONGEST_CELL_KEPT));
            kept.add(cell.substring(0, length).replace("\0", ""));
            left -= length;
        }
        return kept;
    }

    private static int length(List<String> cells) {
        return cells.stream().mapToInt(cell -> cell.length() + 1).sum();
    }

    @Override
    public void close() {
        try {
            csv.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
