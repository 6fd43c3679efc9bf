package io.dynosend.contact;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import io.dynosend.audience.Field;
import io.dynosend.common.EmailAddress;
import io.dynosend.common.Problem.BadInput;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A CSV file of contacts, read one row at a time against the fields of an audience. */
final class CsvRows {

    sealed interface Row {}

    record Good(long line, EmailAddress email, Map<String, String> fields, List<String> tags)
            implements Row {}

    record Broken(long line, String reason) implements Row {}

    static final String UNREADABLE =
            "a quotation mark opens here or below and is never closed, or the row is over 1 MB;"
                    + " nothing from here on was imported";

    private static final int LONGEST_ROW = 1024 * 1024;

    private final Path file;
    private final List<Field> fields;

    CsvRows(Path file, List<Field> fields) {
        this.file = file;
        this.fields = fields;
    }

    /**
     * Hands on every row after the header, the broken ones too.
     *
     * @throws BadInput if the header line cannot be used
     */
    void forEach(Consumer<Row> action) {
        var encoding = CsvEncoding.of(file);
        try (var reader = encoding.open(file);
                var csv = csv(reader, encoding.separator())) {
            var rows = csv.iterator();
            var last = first(rows);
            var header = CsvHeader.of(last.getFields(), fields);
            try {
                while (rows.hasNext()) {
                    last = rows.next();
                    action.accept(row(header, last));
                }
            } catch (CsvParseException e) {
                action.accept(new Broken(lineAfter(last), UNREADABLE));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // Text behind a closing quote breaks one row for us; the strict parser would drop all the rest.
    @SuppressWarnings("removal")
    static CsvReader<CsvRecord> csv(Reader reader, char separator) {
        return CsvReader.builder()
                .fieldSeparator(separator)
                .skipEmptyLines(true)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .allowExtraCharsAfterClosingQuote(true)
                .allowUnclosedQuote(false)
                .maxBufferSize(LONGEST_ROW)
                .ofCsvRecord(reader);
    }

    private static CsvRecord first(Iterator<CsvRecord> rows) {
        try {
            if (rows.hasNext()) return rows.next();
        } catch (CsvParseException e) {
            throw new BadInput(
                    "file: a quotation mark in the first line is never closed, or it is too long");
        }
        throw new BadInput("file is empty: the first line must name fields");
    }

    static long lineAfter(CsvRecord record) {
        long breaks =
                record.getFields().stream()
                        .flatMapToInt(String::chars)
                        .filter(c -> c == '\n')
                        .count();
        return record.getStartingLineNumber() + breaks + 1;
    }

    private Row row(CsvHeader header, CsvRecord record) {
        long line = record.getStartingLineNumber();
        String reason = complaint(header, record);
        return reason == null
                ? new Good(
                        line,
                        new EmailAddress(record.getField(header.emailColumn())),
                        values(header, record),
                        header.tagColumn() < 0
                                ? List.of()
                                : Tags.parse(record.getField(header.tagColumn())))
                : new Broken(line, reason);
    }

    private static @Nullable String complaint(CsvHeader header, CsvRecord record) {
        if (record.getFieldCount() != header.columns()) {
            return "%d columns where the header has %d"
                    .formatted(record.getFieldCount(), header.columns());
        }
        String email = record.getField(header.emailColumn());
        if (email.isBlank()) return "EMAIL is empty";
        if (!EmailAddress.isValid(email)) return "EMAIL is not a valid email address";
        for (var column : header.fieldColumns().entrySet()) {
            String value = record.getField(column.getKey()).strip();
            if (value.isEmpty()) {
                if (column.getValue().required()) return column.getValue().tag() + " is required";
                continue;
            }
            var complaint = CustomFields.complaint(column.getValue(), value);
            if (complaint.isPresent()) return complaint.get();
        }
        if (CustomFields.length(values(header, record)) > CustomFields.MOST_CHARS) {
            return CustomFields.tooMuch().getMessage();
        }
        return tagComplaint(header, record);
    }

    private static @Nullable String tagComplaint(CsvHeader header, CsvRecord record) {
        if (header.tagColumn() < 0) return null;
        try {
            Tags.parse(record.getField(header.tagColumn()));
            return null;
        } catch (BadInput e) {
            return e.getMessage();
        }
    }

    private static Map<String, String> values(CsvHeader header, CsvRecord record) {
        var values = new LinkedHashMap<String, String>();
        header.fieldColumns()
                .forEach((column, field) -> {
                    String value = record.getField(column).strip();
                    if (!value.isEmpty()) values.put(field.tag(), value);
                });
        return values;
    }
}
