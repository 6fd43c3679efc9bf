package io.dynosend.dashboard;

import io.dynosend.common.Problem;
import io.dynosend.content.Format;
import io.dynosend.content.Source;
import io.dynosend.template.NewTemplate;
import io.dynosend.template.Template;
import io.dynosend.template.TemplateChanges;
import io.dynosend.template.TemplateKind;
import io.dynosend.template.TemplatePreviews;
import io.dynosend.template.TemplateVersion;
import io.dynosend.templates.StaticTemplates;
import io.dynosend.templates.Templates;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Templates, layouts and blocks: written, changed, looked at, and taken back to what they were. */
public final class TemplateRoom implements Dashboard.Room {

    /** One of them as its page shows it. */
    public record TemplatePage(
            Template template,
            TemplateVersion version,
            List<TemplateVersion> versions,
            List<String> users,
            Preview preview) {

        public boolean isLatest() {
            return version.version() == template.version();
        }

        public String href(String below) {
            return "/app/templates/" + template.uid() + below;
        }
    }

    private static final int NEWEST_VERSIONS = 50;

    private static final Map<TemplateKind, String> STARTS =
            Map.of(
                    TemplateKind.TEMPLATE,
                    """
                    <h1>Hello {{ FIRST_NAME | default: "there" }}</h1>
                    <p>What you want to say.</p>
                    """,
                    TemplateKind.LAYOUT,
                    """
                    <!doctype html>
                    <html lang="en">
                    <head><meta charset="utf-8"></head>
                    <body>
                      <main>{{ content }}</main>
                    </body>
                    </html>
                    """,
                    TemplateKind.BLOCK,
                    """
                    <p>With best regards,<br>your team</p>
                    """);

    private final io.dynosend.template.Templates kept;
    private final TemplatePreviews previews;
    private final Templates templates = new StaticTemplates();

    public TemplateRoom(io.dynosend.template.Templates kept, TemplatePreviews previews) {
        this.kept = kept;
        this.previews = previews;
    }

    @Override
    public void open(Dashboard.Doors doors) {
        doors.get("/templates", this::list);
        doors.get("/templates/new", visit -> showNew(visit, kind(visit), newForm(kind(visit))));
        doors.post("/templates/new", this::create);
        doors.get("/templates/{template}", this::show);
        doors.get("/templates/{template}/edit", this::edit);
        doors.post("/templates/{template}/edit", this::update);
        doors.get("/templates/{template}/preview", this::preview);
        doors.post("/templates/{template}/restore", this::restore);
        doors.post("/templates/{template}/delete", this::delete);
    }

    /** What a kind is called, with a capital letter. */
    public static String label(TemplateKind kind) {
        return switch (kind) {
            case TEMPLATE -> "Template";
            case LAYOUT -> "Layout";
            case BLOCK -> "Block";
        };
    }

    /** What a kind is for. */
    public static String purpose(TemplateKind kind) {
        return switch (kind) {
            case TEMPLATE ->
                    "A whole message to begin with. Its content is copied into the campaign, which"
                            + " can then be changed freely.";
            case LAYOUT ->
                    "The frame around messages that are written in Markdown: head, logo, colours,"
                            + " footer. It holds {{ content }} once.";
            case BLOCK ->
                    "A piece that several messages share, such as a signature. Messages show it by"
                            + " {% render 'name' %}; change it once and it changes everywhere.";
        };
    }

    /** What is written in. */
    public static List<Choice> formats(TemplateKind kind) {
        return switch (kind) {
            case TEMPLATE -> choices(Format.HTML, Format.MJML, Format.MARKDOWN);
            case LAYOUT -> choices(Format.HTML, Format.MJML);
            case BLOCK -> choices(Format.HTML, Format.MARKDOWN);
        };
    }

    private static List<Choice> choices(Format... formats) {
        return Arrays.stream(formats)
                .map(format ->
                        new Choice(
                                format.wire(),
                                format == Format.MARKDOWN ? "Markdown" : format.name()))
                .toList();
    }

    private void list(Visit visit) {
        var kind = kind(visit);
        var tabs = new ArrayList<SubPage>();
        for (var each : TemplateKind.values()) {
            tabs.add(
                    new SubPage(
                            "/app/templates?kind=" + each.wire(), label(each) + "s", each == kind));
        }
        visit.show(
                templates.dashboardTemplates(visit, kind, tabs, kept.list(visit.account(), kind)));
    }

    private static TemplateKind kind(Visit visit) {
        String wanted = visit.query("kind").toLowerCase(Locale.ROOT);
        return Arrays.stream(TemplateKind.values())
                .filter(kind -> kind.wire().equals(wanted))
                .findFirst()
                .orElse(TemplateKind.TEMPLATE);
    }

    private static Form newForm(TemplateKind kind) {
        return Form.of(
                Map.of("format", "html", "content", Objects.requireNonNull(STARTS.get(kind))));
    }

    private void showNew(Visit visit, TemplateKind kind, Form form) {
        visit.show(templates.dashboardTemplateEdit(visit, null, kind, form));
    }

    private void create(Visit visit) {
        var form = Form.of(visit.http());
        var kind = kind(visit);
        try {
            String name = name(form, kind);
            String content = form.required("content", "Write something");
            if (form.isFine()) {
                String uid =
                        kept.create(
                                visit.account(),
                                new NewTemplate(
                                        kind,
                                        name,
                                        new Source(Format.of(form.value("format")), content),
                                        nothingIfBlank(form.text("subject")),
                                        nothingIfBlank(form.value("text")),
                                        form.checked("inline_css")));
                visit.note("created the %s “%s”".formatted(kind.wire(), name));
                visit.go("/templates/" + uid, "“%s” is created.".formatted(name));
                return;
            }
        } catch (Problem e) {
            place(form, e);
        }
        visit.http().status(422);
        showNew(visit, kind, form);
    }

    private static String name(Form form, TemplateKind kind) {
        return form.required(
                "name",
                kind == TemplateKind.BLOCK
                        ? "Messages show it by this name: letters, digits, _ and -"
                        : "Give it a name that you will recognise");
    }

    private static @Nullable String nothingIfBlank(String text) {
        return text.isBlank() ? null : text;
    }

    private void show(Visit visit) {
        var template = template(visit);
        var version = version(visit, template);
        String src =
                "/app/templates/%s/preview?version=%d".formatted(template.uid(), version.version());
        var versions = kept.versions(visit.account(), template);
        visit.show(
                templates.dashboardTemplate(
                        visit,
                        new TemplatePage(
                                template,
                                version,
                                versions.subList(0, Math.min(NEWEST_VERSIONS, versions.size())),
                                kept.users(visit.account(), template),
                                Preview.of(visit, src))));
    }

    private TemplateVersion version(Visit visit, Template template) {
        String wanted = visit.query("version");
        int number = wanted.matches("[0-9]{1,9}") ? Integer.parseInt(wanted) : template.version();
        return kept.version(visit.account(), template, number);
    }

    private void edit(Visit visit) {
        var template = template(visit);
        var latest = kept.version(visit.account(), template, template.version());
        visit.show(
                templates.dashboardTemplateEdit(
                        visit, template, template.kind(), values(template, latest)));
    }

    private void update(Visit visit) {
        var template = template(visit);
        var form = Form.of(visit.http());
        try {
            String name = name(form, template.kind());
            String content = form.required("content", "Write something");
            if (form.isFine()) {
                int version =
                        kept.update(
                                visit.account(),
                                template.uid(),
                                changes(visit, template, form, name, content));
                visit.note(
                        "changed the %s “%s” (version %d)"
                                .formatted(template.kind().wire(), name, version));
                visit.go("/templates/" + template.uid(), "“%s” is saved.".formatted(name));
                return;
            }
        } catch (Problem.NotFound e) {
            throw e;
        } catch (Problem e) {
            place(form, e);
        }
        visit.http().status(422);
        visit.show(templates.dashboardTemplateEdit(visit, template, template.kind(), form));
    }

    // What did not change makes no version.
    private TemplateChanges changes(
            Visit visit, Template template, Form form, String name, String content) {
        var now = values(template, kept.version(visit.account(), template, template.version()));
        boolean same =
                List.of("format", "subject", "text", "inline_css").stream()
                                .allMatch(field -> now.text(field).equals(form.text(field)))
                        && lines(now.text("content")).equals(lines(content));
        if (same) return new TemplateChanges(name, null, null, null, null, null, null);
        return new TemplateChanges(
                name,
                Format.of(form.value("format")),
                form.text("subject"),
                content,
                form.value("text"),
                form.checked("inline_css"),
                null);
    }

    // A form sends line ends of its own.
    private static String lines(String text) {
        return text.replace("\r\n", "\n").strip();
    }

    private void preview(Visit visit) {
        var template = template(visit);
        String html;
        try {
            html = previews.html(visit.account(), template, version(visit, template));
        } catch (Problem.NotFound e) {
            throw e;
        } catch (Problem e) {
            html = "";
        }
        Preview.answer(visit, html);
    }

    private void restore(Visit visit) {
        var template = template(visit);
        String wanted = Form.of(visit.http()).text("version");
        int number = wanted.matches("[0-9]{1,9}") ? Integer.parseInt(wanted) : 0;
        if (!visit.agrees(restoring(template, number), "Restore the version")) return;
        try {
            int version =
                    kept.update(
                            visit.account(),
                            template.uid(),
                            new TemplateChanges(null, null, null, null, null, null, number));
            visit.note(
                    "restored version %d of the %s “%s”"
                            .formatted(number, template.kind().wire(), template.name()));
            visit.go(
                    "/templates/" + template.uid(),
                    "Version %d is the latest again, as version %d.".formatted(number, version));
        } catch (Problem.BadInput | Problem.Conflict e) {
            visit.go("/templates/" + template.uid(), e.getMessage());
        }
    }

    /** What restoring does, before it is done. */
    public static String restoring(Template template, int version) {
        return "Make version %d of “%s” the latest again? Nothing is lost: it becomes version %d."
                .formatted(version, template.name(), template.version() + 1);
    }

    private void delete(Visit visit) {
        var template = template(visit);
        if (!visit.confirms(deletion(template), "Delete")) return;
        try {
            kept.delete(visit.account(), template.uid());
            visit.note("deleted the %s “%s”".formatted(template.kind().wire(), template.name()));
            visit.go(
                    "/templates?kind=" + template.kind().wire(),
                    "“%s” is deleted.".formatted(template.name()));
        } catch (Problem.Conflict e) {
            visit.go("/templates/" + template.uid(), e.getMessage());
        }
    }

    /** What deleting does, before it is done. */
    public static String deletion(Template template) {
        return "Delete the %s “%s” with all its versions? It cannot be brought back."
                .formatted(template.kind().wire(), template.name());
    }

    private Template template(Visit visit) {
        return kept.get(visit.account(), visit.part("template"));
    }

    // What does not compile says where, in its first words.
    private static void place(Form form, Problem e) {
        String said = Objects.requireNonNullElse(e.getMessage(), "That did not work");
        if (e.code().equals("template_exists")) form.wrong("name", said);
        else if (said.startsWith("subject")) form.wrong("subject", said);
        else if (said.startsWith("the name") || said.startsWith("name")) form.wrong("name", said);
        else if (e.code().equals("template_error")) form.wrong("content", said);
        else form.refused(e);
    }

    private static Form values(Template template, TemplateVersion version) {
        var values = new LinkedHashMap<String, String>();
        values.put("name", template.name());
        values.put("format", version.source().format().wire());
        values.put("content", version.source().content());
        values.put("subject", Objects.requireNonNullElse(version.subject(), ""));
        values.put("text", Objects.requireNonNullElse(version.text(), ""));
        values.put("inline_css", version.inlineCss() ? "on" : "");
        return Form.of(values);
    }
}
