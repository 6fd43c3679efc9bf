package io.dynosend.contact;

import de.siegmar.fastcsv.reader.CsvParseException;
import io.dynosend.audience.Field;
import io.dynosend.common.EmailAddress;
import io.dynosend.common.Problem.BadInput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** What a file holds and what would become of it, before anything is imported. Only reads. */
public final class ImportPreviews {

    private static final int MOST_COLUMNS = 500;
    private static final int LONGEST_SHOWN = 255;
    private static final int SAMPLED = 8;
    private static final int PREVIEWED = 1_000;

    /**
     * The beginning of a file.
     *
     * @param format as it is read
     * @param columns what each column is called; by its number where there is no header
     * @param rows cells of the first rows, the long ones cut
     */
    public record Sample(CsvFormat format, List<String> columns, List<List<String>> rows) {

        /** What stands in a column, for an example. */
        public String example(int column) {
            return rows.stream()
                    .filter(row -> column < row.size() && !row.get(column).isBlank())
                    .map(row -> row.get(column))
                    .findFirst()
                    .orElse("");
        }
    }

    /** What becomes of a row. */
    public enum Fate {
        ADDED,
        UPDATED,
        SKIPPED,
        REJECTED
    }

    /**
     * One of the first rows as it will be.
     *
     * @param email of one that is rejected: what the file has in its place
     */
    public record PreviewedRow(
            long line,
            String email,
            Map<String, String> fields,
            List<String> tags,
            Fate fate,
            String reason) {}

    /**
     * The beginning of a file as it will be.
     *
     * @param rows some of them, in the order of the file: the first, and those that are rejected
     * @param fates how many of the rows that were looked at become what
     * @param whole whether that was the whole file
     */
    public record Forecast(List<PreviewedRow> rows, Map<Fate, Integer> fates, boolean whole) {

        /** How many rows become that. */
        public int count(Fate fate) {
            return fates.getOrDefault(fate, 0);
        }

        /** How many rows were looked at. */
        public int lookedAt() {
            return fates.values().stream().mapToInt(Integer::intValue).sum();
        }
    }

    private static final String KNOWN =
            """
            SELECT email
            FROM contact
            WHERE account_id = :account AND audience_id = :audience AND email = ANY (:emails)
            """;

    private static final String LISTED =
            "SELECT email FROM blacklist WHERE account_id = :account AND email = ANY (:emails)";

    private final Jdbi jdbi;
    private final ImportFiles files;

    public ImportPreviews(Jdbi jdbi) {
        this.jdbi = jdbi;
        this.files = new ImportFiles(jdbi);
    }

    /**
     * The first rows of a draft.
     *
     * @param wanted how it is to be read; null: as it looks
     * @throws BadInput if nothing can be read that way
     */
    public Sample sample(long account, ImportJob draft, @Nullable CsvFormat wanted) {
        return files.withBeginning(
                account,
                draft.id(),
                file -> {
                    var format = wanted == null ? guessed(file) : wanted;
                    return sample(file, format);
                });
    }

    /** What will become of the first thousand rows of a draft. */
    public Forecast preview(long account, ImportJob draft, ImportPlan plan, List<Field> fields) {
        var rows = new ArrayList<ImportRows.Row>();
        boolean whole =
                files.withBeginning(
                        account,
                        draft.id(),
                        file -> {
                            try (var read = new ImportRows(file, plan, fields)) {
                                while (rows.size() < PREVIEWED && read.hasNext()) {
                                    rows.add(read.next());
                                }
                                return !read.hasNext();
                            }
                        });
        boolean cut = draft.bytes() > ImportFiles.BEGINNING;
        // Where the beginning ends, its last row is half a row.
        if (cut && whole && rows.size() > 1) rows.removeLast();
        var emails = new ArrayList<String>();
        for (var row : rows) {
            if (row.email() != null) emails.add(row.email().value());
        }
        var known = among(KNOWN, account, draft.audience(), emails);
        var listed = among(LISTED, account, draft.audience(), emails);
        var seen = new SeenAddresses();
        var all = rows.stream().map(row -> preview(row, plan, known, listed, seen)).toList();
        var fates = new EnumMap<Fate, Integer>(Fate.class);
        for (var row : all) fates.merge(row.fate(), 1, Integer::sum);
        var rejected = all.stream().filter(row -> row.fate() == Fate.REJECTED).limit(SAMPLED);
        return new Forecast(
                Stream.concat(all.stream().limit(SAMPLED), rejected)
                        .distinct()
                        .sorted(Comparator.comparingLong(PreviewedRow::line))
                        .toList(),
                fates,
                whole && !cut);
    }

    /**
     * The beginning of a file.
     *
     * @throws BadInput if nothing can be read that way, or there are too many columns
     */
    static Sample sample(Path file, CsvFormat format) {
        var rows = new ArrayList<List<String>>();
        try (var csv = CsvRows.csv(format.open(file), format.separator().character())) {
            for (var row : csv) {
                if (row.getFieldCount() > MOST_COLUMNS) {
                    throw new BadInput("The file has over %d columns".formatted(MOST_COLUMNS));
                }
                rows.add(row.getFields().stream().map(ImportPreviews::shown).toList());
                if (rows.size() > SAMPLED) break;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (CsvParseException e) {
            if (rows.isEmpty()) {
                throw new BadInput(
                        "A quotation mark in the first line is never closed, or the line is over"
                                + " 1 MB. Try another separator");
            }
        }
        if (rows.isEmpty()) throw new BadInput("There is no line in the file");
        var first = rows.getFirst();
        var names = new ArrayList<String>();
        for (int i = 0; i < first.size(); i++) {
            String name = format.header() ? first.get(i).strip() : "";
            names.add(name.isEmpty() ? "Column " + (i + 1) : name);
        }
        return new Sample(format, names, format.header() ? rows.subList(1, rows.size()) : rows);
    }

    private static String shown(String cell) {
        return cell.substring(0, Math.min(cell.length(), LONGEST_SHOWN)).replace("\0", "");
    }

    // A first line with an address in it is no header.
    private static CsvFormat guessed(Path file) {
        var format = CsvFormat.of(file);
        try {
            var first = sample(file, format.withHeader(false)).rows().getFirst();
            return format.withHeader(
                    first.stream()
                            .noneMatch(cell -> EmailAddress.isValid(CsvCells.read(cell).strip())));
        } catch (BadInput e) {
            return format;
        }
    }

    private static PreviewedRow preview(
            ImportRows.Row row,
            ImportPlan plan,
            Set<String> known,
            Set<String> listed,
            SeenAddresses seen) {
        var email = row.email();
        if (email == null) return rejected(row, plan, row.reason());
        long first = seen.first(email, row.line());
        if (first != row.line()) return rejected(row, plan, "the same address as in line " + first);
        if (listed.contains(email.value()))
            return rejected(row, plan, "the address is on the blacklist");
        var fate =
                !known.contains(email.value())
                        ? Fate.ADDED
                        : plan.rule() == ImportPlan.Rule.SKIP ? Fate.SKIPPED : Fate.UPDATED;
        return new PreviewedRow(row.line(), email.value(), row.fields(), row.tags(), fate, "");
    }

    // Whoever mends the file looks for what stands there.
    private static PreviewedRow rejected(ImportRows.Row row, ImportPlan plan, String reason) {
        int place = plan.columns().indexOf(ImportPlan.EMAIL);
        return new PreviewedRow(
                row.line(),
                place < row.cells().size() ? shown(row.cells().get(place)) : "",
                row.fields(),
                row.tags(),
                Fate.REJECTED,
                reason);
    }

    private Set<String> among(String statement, long account, long audience, List<String> emails) {
        return new HashSet<>(
                jdbi.withHandle(db ->
                        db.createQuery(statement)
                                .bind("account", account)
                                .bindMap(Map.of("audience", audience))
                                .bindArray("emails", String.class, emails)
                                .mapTo(String.class)
                                .list()));
    }
}
