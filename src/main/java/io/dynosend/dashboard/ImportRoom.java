package io.dynosend.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dynosend.audience.Audience;
import io.dynosend.audience.Audiences;
import io.dynosend.audience.Field;
import io.dynosend.audience.FieldType;
import io.dynosend.common.Problem;
import io.dynosend.contact.ContactStatus;
import io.dynosend.contact.CsvCells;
import io.dynosend.contact.CsvFormat;
import io.dynosend.contact.CsvFormat.Encoding;
import io.dynosend.contact.CsvFormat.Separator;
import io.dynosend.contact.ImportJob;
import io.dynosend.contact.ImportJob.State;
import io.dynosend.contact.ImportJobs;
import io.dynosend.contact.ImportJobs.Rejected;
import io.dynosend.contact.ImportJobs.RejectionCount;
import io.dynosend.contact.ImportPlan;
import io.dynosend.contact.ImportPlan.Rule;
import io.dynosend.contact.ImportPreviews;
import io.dynosend.contact.ImportPreviews.Fate;
import io.dynosend.contact.ImportPreviews.Forecast;
import io.dynosend.contact.ImportPreviews.PreviewedRow;
import io.dynosend.contact.ImportPreviews.Sample;
import io.dynosend.contact.Tags;
import io.dynosend.templates.StaticTemplates;
import io.dynosend.templates.Templates;
import java.io.IOException;
import java.nio.file.Files;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Imports of CSV files: brought, mapped, looked at, run; and what became of each. */
public final class ImportRoom implements Dashboard.Room {

    /** What the mapping page shows. */
    public record Mapping(
            Audience audience, ImportJob job, Sample sample, List<Field> fields, Form form) {}

    /** A column that becomes a new field is called so in the form. */
    public static final String NEW_FIELD = "new field";

    private static final long LARGEST_UPLOAD = ImportJobs.LARGEST_FILE + (1 << 20);
    private static final String STARTED = "This import has been started already.";
    private static final int PAGE = 50;
    private static final int EXPORTED_AT_ONCE = 25;

    private final Audiences audiences;
    private final ImportJobs imports;
    private final ImportPreviews previews;
    private final Templates templates = new StaticTemplates();

    public ImportRoom(Audiences audiences, ImportJobs imports, ImportPreviews previews) {
        this.audiences = audiences;
        this.imports = imports;
        this.previews = previews;
    }

    @Override
    public void open(Dashboard.Doors doors) {
        doors.get("/audiences/{audience}/imports", this::list);
        doors.get(
                "/audiences/{audience}/imports/new",
                visit -> showUpload(visit, audience(visit), Form.empty()));
        doors.upload("/audiences/{audience}/imports/new", LARGEST_UPLOAD, this::upload);
        doors.get("/audiences/{audience}/imports/{import}", this::show);
        doors.post("/audiences/{audience}/imports/{import}", this::plan);
        doors.post("/audiences/{audience}/imports/{import}/cancel", this::cancel);
        doors.getToKeep("/audiences/{audience}/imports/{import}/rejected.csv", this::rejected);
    }

    private void list(Visit visit) {
        var audience = audience(visit);
        String after = visit.query("after");
        long before = after.matches("[0-9]{1,18}") ? Long.parseLong(after) : Long.MAX_VALUE;
        var found = imports.list(visit.account(), audience.id(), before, PAGE + 1);
        var page = found.subList(0, Math.min(PAGE, found.size()));
        String next =
                found.size() > PAGE
                        ? Address.of(visit)
                                .with("after", Long.toString(page.getLast().id()))
                                .toString()
                        : "";
        visit.show(templates.dashboardImports(visit, audience, page, next));
    }

    private void showUpload(Visit visit, Audience audience, Form form) {
        visit.show(
                templates.dashboardImportNew(
                        visit, audience, audiences.fields(visit.account(), audience.id()), form));
    }

    private void upload(Visit visit) throws IOException {
        var audience = audience(visit);
        var form = Form.of(visit.http());
        var upload = Uploads.file(visit.http(), "file");
        if (upload.isEmpty()) {
            visit.http().status(422);
            showUpload(visit, audience, form.wrong("file", "Choose a CSV file"));
            return;
        }
        var file = Files.createTempFile("dynosend-upload-", ".csv");
        try {
            Uploads.copy(upload.get(), file);
            String uid =
                    imports.draft(
                            visit.account(),
                            audience.uid(),
                            file,
                            Uploads.name(upload.get()),
                            visit.actor());
            visit.go("/audiences/%s/imports/%s".formatted(audience.uid(), uid), null);
        } catch (Problem.BadInput e) {
            visit.http().status(422);
            showUpload(visit, audience, form.wrong("file", String.valueOf(e.getMessage())));
        } finally {
            Files.delete(file);
        }
    }

    private void show(Visit visit) {
        var audience = audience(visit);
        var job = job(visit, audience);
        if (job.state() == State.DRAFT) {
            showMapping(visit, audience, job);
            return;
        }
        List<RejectionCount> reasons =
                job.rejected() > 0 ? imports.reasons(visit.account(), job) : List.of();
        visit.show(
                visit.wantsPart()
                        ? templates.dashboardImportProgress(visit, audience, job, reasons)
                        : templates.dashboardImport(visit, audience, job, reasons));
    }

    private void showMapping(Visit visit, Audience audience, ImportJob job) {
        var form = Form.empty();
        Sample sample;
        try {
            sample = previews.sample(visit.account(), job, format(visit::query));
        } catch (Problem.BadInput e) {
            form.refused(e);
            sample = previews.sample(visit.account(), job, null);
        }
        var fields = audiences.fields(visit.account(), audience.id());
        var values = guessed(sample, fields);
        var guess = Form.of(values);
        if (!form.isFine()) guess.refused(new Problem.BadInput(form.problem()));
        visit.show(
                templates.dashboardImportMap(
                        visit, new Mapping(audience, job, sample, fields, guess)));
    }

    private static Map<String, String> guessed(Sample sample, List<Field> fields) {
        var values = new LinkedHashMap<String, String>();
        put(values, sample.format());
        values.put("rule", "update");
        values.put("status", "subscribed");
        var taken = new ArrayList<String>();
        for (int i = 0; i < sample.columns().size(); i++) {
            String target = guess(sample, i, fields);
            if (taken.contains(target)) target = ImportPlan.LEFT_OUT;
            taken.add(target);
            values.put("column_" + i, target);
        }
        if (!taken.contains(ImportPlan.EMAIL)) {
            for (int i = 0; i < sample.columns().size(); i++) {
                if (sample.example(i).contains("@")) {
                    values.put("column_" + i, ImportPlan.EMAIL);
                    break;
                }
            }
        }
        return values;
    }

    private static void put(Map<String, String> values, CsvFormat format) {
        values.put("charset", format.charset().wire());
        values.put("separator", format.separator().wire());
        values.put("header", format.header() ? "yes" : "no");
    }

    private static String guess(Sample sample, int column, List<Field> fields) {
        String name = plain(sample.columns().get(column));
        if (List.of("email", "emailaddress", "mail", "address", "subscriberemail").contains(name)
                && (sample.example(column).isEmpty() || sample.example(column).contains("@"))) {
            return ImportPlan.EMAIL;
        }
        if (name.equals("tags") || name.equals("tag")) return ImportPlan.TAGS;
        for (var field : fields) {
            if (plain(field.tag()).equals(name) || plain(field.label()).equals(name)) {
                return field.tag();
            }
        }
        return ImportPlan.LEFT_OUT;
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]", "");
    }

    /** Null: as it looks. */
    private static @Nullable CsvFormat format(UnaryOperator<String> value) {
        if (value.apply("separator").isEmpty()) return null;
        return new CsvFormat(
                Encoding.of(value.apply("charset")),
                Separator.of(value.apply("separator")),
                value.apply("header").equals("yes"));
    }

    private void plan(Visit visit) {
        var audience = audience(visit);
        var job = job(visit, audience);
        if (job.state() != State.DRAFT) {
            visit.go(path(audience, job), STARTED);
            return;
        }
        var form = Form.of(visit.http());
        if (form.value("do").equals("discard")) {
            imports.discard(visit.account(), job);
            visit.go("/audiences/" + audience.uid() + "/imports", "The file is dropped.");
            return;
        }
        var sample = previews.sample(visit.account(), job, format(form::value));
        var fields = audiences.fields(visit.account(), audience.id());
        try {
            var wanted = withNewFields(sample, fields, form);
            var plan = plan(sample, wanted, fields.size(), form);
            switch (form.value("do")) {
                case "start" -> start(visit, audience, job, plan, wanted);
                case "edit" -> showMapping(visit, audience, job, sample, fields, form);
                default ->
                        visit.show(
                                templates.dashboardImportPreview(
                                        visit,
                                        new Mapping(audience, job, sample, wanted, form),
                                        plan,
                                        previews.preview(visit.account(), job, plan, wanted),
                                        wanted.stream()
                                                .skip(fields.size())
                                                .map(Field::label)
                                                .toList(),
                                        carried(form)));
            }
        } catch (Problem e) {
            if (e.code().equals(ImportJobs.STARTED)) {
                visit.go(path(audience, job), STARTED);
                return;
            }
            visit.http().status(422);
            showMapping(visit, audience, job, sample, fields, form.refused(e));
        }
    }

    private void showMapping(
            Visit visit,
            Audience audience,
            ImportJob job,
            Sample sample,
            List<Field> fields,
            Form form) {
        visit.show(
                templates.dashboardImportMap(
                        visit, new Mapping(audience, job, sample, fields, form)));
    }

    private void start(
            Visit visit, Audience audience, ImportJob job, ImportPlan plan, List<Field> wanted) {
        var there = audiences.schema(visit.account(), audience.uid()).tags();
        var made = wanted.stream().filter(field -> !there.contains(field.tag())).toList();
        imports.start(visit.account(), audience.uid(), job, plan, made, visit.actor());
        visit.note(
                "started the import of “%s” into the audience “%s”"
                        .formatted(job.fileName(), audience.name()));
        visit.go(path(audience, job), null);
    }

    /**
     * The fields of the audience, and behind them those that the form asks for; readers see those
     * only when somebody shows them.
     */
    private static List<Field> withNewFields(Sample sample, List<Field> fields, Form form) {
        var all = new ArrayList<>(fields);
        for (int i = 0; i < sample.columns().size(); i++) {
            if (!form.value("column_" + i).equals(NEW_FIELD)) continue;
            String label = sample.columns().get(i);
            label = label.replaceAll("\\p{Cntrl}|\u2028|\u2029", " ");
            String tag = tag(label, i, all.stream().map(Field::tag).toList());
            all.add(new Field(label, FieldType.TEXT, tag, false, false));
        }
        return all;
    }

    private static String tag(String label, int column, List<String> taken) {
        String tag =
                Normalizer.normalize(label, Normalizer.Form.NFD)
                        .toUpperCase(Locale.ROOT)
                        .replaceAll("\\p{M}", "")
                        .replaceAll("[^A-Z0-9]+", "_")
                        .replaceAll("^[_0-9]+|_+$", "");
        if (tag.length() > 50) tag = tag.substring(0, 50);
        if (tag.isEmpty() || tag.equals("EMAIL")) tag = "COLUMN_" + (column + 1);
        String free = tag;
        for (int i = 2; taken.contains(free) || Audiences.isReserved(free); i++) {
            free = tag + "_" + i;
        }
        return free;
    }

    private static ImportPlan plan(Sample sample, List<Field> fields, int known, Form form) {
        var columns = new ArrayList<String>();
        int next = known;
        for (int i = 0; i < sample.columns().size(); i++) {
            String target = form.value("column_" + i);
            if (target.equals(NEW_FIELD)) target = fields.get(next++).tag();
            boolean there =
                    Stream.concat(
                                    Stream.of(
                                            ImportPlan.EMAIL, ImportPlan.TAGS, ImportPlan.LEFT_OUT),
                                    fields.stream().map(Field::tag))
                            .anyMatch(target::equals);
            if (!there) throw new Problem.BadInput("Choose a field for each column");
            columns.add(target);
        }
        boolean subscribed = form.value("status").equals("subscribed");
        String statement = form.text("statement").replace("\0", "");
        if (statement.length() > 1_000) {
            throw new Problem.BadInput("The statement has at most 1,000 characters");
        }
        if (subscribed && statement.isEmpty()) {
            form.wrong("statement", "Say how these people agreed to get your mail");
        }
        if (subscribed && !form.checked("agreed")) {
            form.wrong("agreed", "Tick that these people agreed to get your mail");
        }
        if (!form.isFine()) {
            throw new Problem.BadInput(
                    form.wrongFields().stream().map(form::error).collect(Collectors.joining(". ")));
        }
        return new ImportPlan(
                sample.format(),
                columns,
                sample.columns(),
                Rule.of(form.value("rule")),
                Tags.parse(form.text("tags")),
                subscribed ? ContactStatus.SUBSCRIBED : ContactStatus.UNSUBSCRIBED,
                subscribed ? statement : "");
    }

    private static List<Visit.Carried> carried(Form form) {
        return form.names().stream()
                .filter(name -> !name.equals("form_token") && !name.equals("do"))
                .map(name -> new Visit.Carried(name, form.value(name)))
                .toList();
    }

    /** What a column may become. */
    public static List<Choice> targets(Mapping mapping) {
        var choices = new ArrayList<Choice>();
        choices.add(new Choice(ImportPlan.LEFT_OUT, "Do not import"));
        choices.add(new Choice(ImportPlan.EMAIL, "E-mail address"));
        choices.add(new Choice(ImportPlan.TAGS, "Tags"));
        for (var field : mapping.fields()) choices.add(new Choice(field.tag(), field.label()));
        choices.add(new Choice(NEW_FIELD, "New field"));
        return choices;
    }

    public static List<Choice> encodings() {
        return Stream.of(Encoding.values())
                .map(each -> new Choice(each.wire(), each.label()))
                .toList();
    }

    public static List<Choice> separators() {
        return Stream.of(Separator.values())
                .map(each -> new Choice(each.wire(), each.label()))
                .toList();
    }

    /** What a row of the preview will be, for its badge. */
    public static String fate(PreviewedRow preview) {
        return switch (preview.fate()) {
            case ADDED -> "new";
            case UPDATED -> "update";
            case SKIPPED -> "skipped";
            case REJECTED -> "rejected";
        };
    }

    /** What becomes of the rows that were looked at, such as "980 new, 12 updated". */
    public static String summary(Forecast forecast) {
        var counts = new ArrayList<String>();
        count(counts, forecast.count(Fate.ADDED), "new");
        count(counts, forecast.count(Fate.UPDATED), "updated");
        count(counts, forecast.count(Fate.SKIPPED), "skipped");
        count(counts, forecast.count(Fate.REJECTED), "rejected");
        return String.join(", ", counts);
    }

    private static void count(List<String> counts, int n, String what) {
        if (n > 0) counts.add(Moments.number(n) + " " + what);
    }

    /** How far an import is, from 0 to 100. */
    public static int percent(ImportJob job) {
        if (job.state() == State.DONE) return 100;
        var total = job.total();
        return total == null || total == 0 ? 0 : (int) (job.done() * 100 / total);
    }

    private void cancel(Visit visit) {
        var audience = audience(visit);
        var job = job(visit, audience);
        if (!visit.confirms(
                "Cancel the import of “%s”? The %s imported so far stay."
                        .formatted(
                                job.fileName(),
                                Moments.count(
                                        job.created() + job.updated(), "contact", "contacts")),
                "Cancel the import")) {
            return;
        }
        imports.cancel(visit.account(), job);
        visit.go(path(audience, job), "The import is cancelled.");
    }

    private void rejected(Visit visit) throws IOException {
        var audience = audience(visit);
        var job = job(visit, audience);
        visit.note("exported rows that were not imported, of “%s”".formatted(job.fileName()));
        visit.download("text/csv; charset=utf-8", "rejected-" + job.uid() + ".csv");
        var out = visit.http().res().getOutputStream();
        out.write(new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF});
        var head = new ArrayList<>(List.of("Line", "Reason"));
        var plan = job.plan();
        if (plan != null) {
            for (int i = 0; i < plan.columns().size(); i++) head.add(plan.heading(i));
        }
        out.write(CsvCells.line(head).getBytes(UTF_8));
        long after = 0;
        List<Rejected> page;
        do {
            page = imports.rejected(visit.account(), job, after, EXPORTED_AT_ONCE);
            for (var row : page) {
                var cells = new ArrayList<>(List.of(Long.toString(row.line()), row.reason()));
                cells.addAll(row.cells());
                out.write(CsvCells.line(cells).getBytes(UTF_8));
                after = row.line();
            }
        } while (page.size() == EXPORTED_AT_ONCE);
        out.flush();
    }

    private Audience audience(Visit visit) {
        return audiences.get(visit.account(), visit.part("audience"));
    }

    private ImportJob job(Visit visit, Audience audience) {
        return imports.get(visit.account(), audience.id(), visit.part("import"));
    }

    private static String path(Audience audience, ImportJob job) {
        return "/audiences/%s/imports/%s".formatted(audience.uid(), job.uid());
    }
}
