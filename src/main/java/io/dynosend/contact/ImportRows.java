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
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The rows of a file as a plan reads them, one at a time. */
final class ImportRows implements AutoCloseable {

    /**
     * A row.
     *
     * @param line where it begins, from 1
     * @param cells as they stand in the file
     * @param email null: the row cannot be imported
     * @param reason why not; empty if it can
     */
    record Row(
            long line,
            List<String> cells,
            @Nullable EmailAddress email,
            Map<String, String> fields,
            List<String> tags,
            String reason) {

        private static Row broken(long line, List<String> cells, String reason) {
            return new Row(line, cells, null, Map.of(), List.of(), reason);
        }
    }

    private static final int MOST_CELLS_KEPT = 200;
    private static final int LONGEST_CELL_KEPT = 2_000;

    private final CsvReader<CsvRecord> csv;
    private final Iterator<CsvRecord> records;
    private final ImportPlan plan;
    private final Map<String, Field> fields;
    private long lastLine;
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
        try {
            return records.hasNext();
        } catch (CsvParseException e) {
            return true; // next() says so
        }
    }

    Row next() {
        try {
            var record = records.next();
            lastLine = record.getStartingLineNumber();
            return row(record);
        } catch (CsvParseException e) {
            over = true;
            return Row.broken(
                    lastLine + 1,
                    List.of(),
                    "a quotation mark opens here or below and is never closed, or the row is over"
                            + " 1 MB; nothing from here on was imported");
        }
    }

    private void skip() {
        if (hasNext()) next();
    }

    private Row row(CsvRecord record) {
        var cells = record.getFields();
        if (cells.size() != plan.columns().size()) {
            return Row.broken(
                    lastLine,
                    kept(cells),
                    "%d columns where the first line has %d"
                            .formatted(cells.size(), plan.columns().size()));
        }
        try {
            return good(cells);
        } catch (BadInput e) {
            return Row.broken(lastLine, kept(cells), String.valueOf(e.getMessage()));
        }
    }

    private Row good(List<String> cells) {
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
        return new Row(lastLine, kept(cells), email, values, tags, "");
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
        return cells.stream()
                .limit(MOST_CELLS_KEPT)
                .map(cell -> cell.replace("\0", ""))
                .map(cell ->
                        cell.length() <= LONGEST_CELL_KEPT
                                ? cell
                                : cell.substring(0, LONGEST_CELL_KEPT))
                .toList();
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
