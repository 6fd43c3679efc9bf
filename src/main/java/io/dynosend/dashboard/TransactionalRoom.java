package io.dynosend.dashboard;

import io.dynosend.audience.Audience;
import io.dynosend.audience.Audiences;
import io.dynosend.common.EmailAddress;
import io.dynosend.common.Json;
import io.dynosend.common.Problem;
import io.dynosend.content.Format;
import io.dynosend.template.ContentChange;
import io.dynosend.template.ContentChange.Given;
import io.dynosend.template.TemplateKind;
import io.dynosend.templates.StaticTemplates;
import io.dynosend.templates.Templates;
import io.dynosend.transactional.ContentSetting;
import io.dynosend.transactional.Dispatch;
import io.dynosend.transactional.Dispatches;
import io.dynosend.transactional.Dispatches.LogFilter;
import io.dynosend.transactional.Dispatches.Position;
import io.dynosend.transactional.Dispatches.Usage;
import io.dynosend.transactional.Transactional;
import io.dynosend.transactional.TransactionalPreviews;
import io.dynosend.transactional.Transactionals;
import io.dynosend.transactional.Transactionals.Change;
import io.dynosend.transactional.Transactionals.Changes;
import io.dynosend.transactional.Transactionals.NewTransactional;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Messages to one person each, which programs ask for: written, tried, and what came of them. */
public final class TransactionalRoom implements Dashboard.Room {

    /** A row of the list. */
    public record TransactionalRow(Transactional message, Usage usage) {}

    /** A custom tag with what stands for it in the preview. */
    public record Sample(String tag, String value) {}

    /**
     * A message as its page shows it.
     *
     * @param subject with the samples in it
     * @param problem why it cannot be shown; empty: it can
     */
    public record TransactionalPage(
            Transactional message,
            Audience audience,
            Usage usage,
            List<Sample> samples,
            String subject,
            String problem,
            Preview preview,
            String curl) {

        public boolean isInternal() {
            return message.content() == ContentSetting.INTERNAL;
        }

        public String href(String below) {
            return address(message, below);
        }
    }

    /** A page of the log. */
    public record LogPage(
            Transactional message,
            List<Dispatch> dispatches,
            String state,
            String recipient,
            String problem,
            Pages pages) {}

    private static final int LOGGED = 50;
    private static final List<String> STATES = List.of("sent", "failed", "waiting", "skipped");

    private static final String START =
            """
            <p>Hello {{ name }},</p>
            <p>thank you for your order {{ order_id }}.</p>
            """;

    private final Transactionals transactionals;
    private final Dispatches dispatches;
    private final TransactionalPreviews previews;
    private final Audiences audiences;
    private final io.dynosend.template.Templates kept;
    private final String baseUrl;
    private final Templates templates = new StaticTemplates();

    /**
     * @param baseUrl of this installation, without a slash at its end
     */
    public TransactionalRoom(
            Transactionals transactionals,
            Dispatches dispatches,
            TransactionalPreviews previews,
            Audiences audiences,
            io.dynosend.template.Templates kept,
            String baseUrl) {
        this.transactionals = transactionals;
        this.dispatches = dispatches;
        this.previews = previews;
        this.audiences = audiences;
        this.kept = kept;
        this.baseUrl = baseUrl;
    }

    @Override
    public void open(Dashboard.Doors doors) {
        doors.get("/transactional", this::list);
        doors.get("/transactional/new", visit -> showNew(visit, newForm(visit)));
        doors.post("/transactional/new", this::create);
        doors.get("/transactional/{message}", this::show);
        doors.get("/transactional/{message}/edit", this::edit);
        doors.post("/transactional/{message}/edit", this::update);
        doors.get("/transactional/{message}/preview", this::preview);
        doors.get("/transactional/{message}/log", this::log);
        doors.post("/transactional/{message}/test", this::test);
        doors.post("/transactional/{message}/delete", this::delete);
    }

    /** Where a message is. */
    public static String address(Transactional message, String below) {
        return "/app/transactional/" + message.uid() + below;
    }

    /** The pages of a message. */
    public static List<SubPage> tabs(Transactional message, String here) {
        return List.of(
                new SubPage(address(message, ""), "Overview", here.equals("overview")),
                new SubPage(address(message, "/edit"), "Content", here.equals("edit")),
                new SubPage(address(message, "/log"), "Log", here.equals("log")));
    }

    /** What deleting does, before it is done. */
    public static String deletion(Transactional message) {
        return ("Delete “%s”? Programs that send it get an error from now on. What is queued still"
                        + " goes out, and the log of what was sent stays in the API.")
                .formatted(message.name());
    }

    private void list(Visit visit) {
        var usage = dispatches.usage(visit.account(), null);
        var rows =
                transactionals.list(visit.account()).stream()
                        .map(message ->
                                new TransactionalRow(
                                        message, usage.getOrDefault(message.uid(), Usage.NONE)))
                        .toList();
        visit.show(
                templates.dashboardTransactionals(
                        visit, rows, !audiences.list(visit.account()).isEmpty()));
    }

    private Form newForm(Visit visit) {
        var all = audiences.list(visit.account());
        var values = new LinkedHashMap<String, String>();
        values.put("content", "internal");
        values.put("format", "html");
        values.put("written", START);
        if (!all.isEmpty()) {
            var first = all.getFirst();
            values.put("audience", first.uid());
            values.put("from_name", first.fromName());
            values.put("from_email", first.fromEmail().value());
        }
        return Form.of(values);
    }

    private void showNew(Visit visit, Form form) {
        showEditor(visit, null, form);
    }

    private void showEditor(Visit visit, @Nullable Transactional message, Form form) {
        visit.show(
                templates.dashboardTransactionalEdit(
                        visit,
                        message,
                        form,
                        audiences.list(visit.account()).stream()
                                .map(audience -> new Choice(audience.uid(), audience.name()))
                                .toList(),
                        choices(visit, TemplateKind.LAYOUT, "The built-in layout"),
                        choices(visit, TemplateKind.TEMPLATE, "What is written below")));
    }

    private List<Choice> choices(Visit visit, TemplateKind kind, String none) {
        var choices = new ArrayList<>(List.of(new Choice("", none)));
        kept.list(visit.account(), kind)
                .forEach(each -> choices.add(new Choice(each.uid(), each.name())));
        return choices;
    }

    private void create(Visit visit) {
        var form = Form.of(visit.http());
        String name = form.required("name", "Give it a name, such as “Order confirmation”");
        String audience = form.required("audience", "Create an audience first");
        String template = form.text("template");
        try {
            var sender = sender(form);
            if (template.isEmpty()) requireWords(form);
            if (form.isFine()) {
                String uid =
                        transactionals.create(
                                visit.account(),
                                new NewTransactional(
                                        name,
                                        audience,
                                        setting(form),
                                        nothingIfEmpty(form.text("subject")),
                                        sender.email(),
                                        nothingIfEmpty(form.text("from_name")),
                                        sender.replyTo(),
                                        template.isEmpty()
                                                ? change(form)
                                                : new ContentChange(
                                                        null, template, null, null, null)));
                visit.note("created the transactional message “%s”".formatted(name));
                visit.go("/transactional/" + uid, "“%s” is created.".formatted(name));
                return;
            }
        } catch (Problem e) {
            place(form, e);
        }
        visit.http().status(422);
        showNew(visit, form);
    }

    private record SenderOf(@Nullable EmailAddress email, @Nullable EmailAddress replyTo) {}

    private static SenderOf sender(Form form) {
        return new SenderOf(
                form.text("from_email").isEmpty() ? null : form.email("from_email"),
                form.text("reply_to").isEmpty() ? null : form.email("reply_to"));
    }

    private static void requireWords(Form form) {
        if (setting(form) == ContentSetting.EXTERNAL) return;
        form.required("subject", "Readers see it in their inbox");
        if (form.text("text").isEmpty()) form.required("written", "Write what it says");
    }

    private static ContentSetting setting(Form form) {
        return form.value("content").equals("external")
                ? ContentSetting.EXTERNAL
                : ContentSetting.INTERNAL;
    }

    private static ContentChange change(Form form) {
        var format = Format.of(form.value("format").isEmpty() ? "html" : form.value("format"));
        return new ContentChange(
                new Given(format, nothingIfEmpty(form.value("written"))),
                null,
                format == Format.MARKDOWN ? form.text("layout") : null,
                form.checked("inline_css"),
                form.value("text"));
    }

    private static @Nullable String nothingIfEmpty(String text) {
        return text.isBlank() ? null : text;
    }

    private void edit(Visit visit) {
        var message = message(visit);
        showEditor(visit, message, values(visit, message));
    }

    private void update(Visit visit) {
        var message = message(visit);
        var form = Form.of(visit.http());
        String name = form.required("name", "Give it a name, such as “Order confirmation”");
        try {
            var sender = sender(form);
            form.required("from_name", "Readers see this name in their inbox");
            if (sender.email() == null) form.email("from_email");
            requireWords(form);
            if (form.isFine()) {
                transactionals.update(
                        visit.account(),
                        message.uid(),
                        new Changes(
                                name,
                                setting(form),
                                nothingIfEmpty(form.text("subject")),
                                sender.email(),
                                form.text("from_name"),
                                new Change<>(sender.replyTo()),
                                change(form)));
                visit.note("changed the transactional message “%s”".formatted(name));
                visit.go("/transactional/" + message.uid(), "“%s” is saved.".formatted(name));
                return;
            }
        } catch (Problem.NotFound e) {
            throw e;
        } catch (Problem e) {
            place(form, e);
        }
        visit.http().status(422);
        showEditor(visit, message, form);
    }

    // The domain names the field in the first words.
    private static void place(Form form, Problem e) {
        String said = Objects.requireNonNullElse(e.getMessage(), "That did not work");
        if (said.startsWith("subject")) form.wrong("subject", said);
        else if (said.startsWith("text")) form.wrong("text", said);
        else if (e.code().equals("template_error")) form.wrong("written", said);
        else if (said.startsWith("from_name")) form.wrong("from_name", said);
        else form.refused(e);
    }

    private void show(Visit visit) {
        var message = message(visit);
        var samples = samples(visit, message);
        String subject = message.subject();
        String problem = "";
        if (message.content() == ContentSetting.INTERNAL) {
            try {
                subject = previews.of(visit.account(), message, values(samples)).subject();
            } catch (Problem e) {
                problem = Objects.requireNonNullElse(e.getMessage(), "It cannot be shown");
            }
        }
        var src = Address.of("/transactional/" + message.uid() + "/preview");
        for (var sample : samples) src = src.with("tag_" + sample.tag(), sample.value());
        visit.show(
                templates.dashboardTransactional(
                        visit,
                        new TransactionalPage(
                                message,
                                audiences.get(visit.account(), message.audience()),
                                dispatches
                                        .usage(visit.account(), message.uid())
                                        .getOrDefault(message.uid(), Usage.NONE),
                                samples,
                                subject,
                                problem,
                                Preview.of(visit, src.toString()),
                                curl(message, samples))));
    }

    private List<Sample> samples(Visit visit, Transactional message) {
        if (message.content() == ContentSetting.EXTERNAL) return List.of();
        var samples = new ArrayList<Sample>();
        for (String tag : customTags(visit, message)) {
            var given = visit.http().queryParam("tag_" + tag);
            samples.add(new Sample(tag, given == null ? sample(tag) : given));
        }
        return samples;
    }

    private Collection<String> customTags(Visit visit, Transactional message) {
        try {
            return previews.customTags(visit.account(), message);
        } catch (Problem e) {
            return List.of();
        }
    }

    // Something that looks like what the name says.
    private static String sample(String tag) {
        String words = tag.replace('_', ' ').strip();
        if (words.matches("(?i).*(url|link)")) return "https://example.com/";
        if (words.matches("(?i).*(price|total|amount)")) return "42.00";
        if (words.matches("(?i).*(id|number|code)")) return "12345";
        if (words.matches("(?i).*date")) return "31 December 2026";
        if (words.matches("(?i).*name")) return "Jane Doe";
        return words;
    }

    private static Map<String, String> values(List<Sample> samples) {
        var values = new LinkedHashMap<String, String>();
        samples.forEach(sample -> values.put(sample.tag(), sample.value()));
        return values;
    }

    private String curl(Transactional message, List<Sample> samples) {
        var body = new LinkedHashMap<String, Object>();
        body.put("transactional_uid", message.uid());
        body.put("recipient", "jane.doe@example.com");
        if (message.content() == ContentSetting.EXTERNAL) {
            body.put("htmlBody", "<p>Hello</p>");
            body.put("textBody", "Hello");
        } else {
            body.put("customTags", samples.stream().map(TransactionalRoom::customTag).toList());
        }
        return """
        curl %s/api/v2/transactional \\
          -H 'Authorization: Bearer TOKEN' \\
          -H 'Content-Type: application/json' \\
          -d %s\
        """
                .formatted(baseUrl, quoted(Json.write(body)));
    }

    private static Map<String, String> customTag(Sample sample) {
        var tag = new LinkedHashMap<String, String>();
        tag.put("Name", sample.tag());
        tag.put("Value", sample.value());
        return tag;
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    private void preview(Visit visit) {
        var message = message(visit);
        String html = "";
        try {
            var wording = previews.of(visit.account(), message, values(samples(visit, message)));
            html = Objects.requireNonNullElse(wording.html(), asHtml(wording.text()));
        } catch (Problem e) {
            html = "";
        }
        Preview.answer(visit, html);
    }

    private static String asHtml(String text) {
        return "<pre>"
                + text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
                + "</pre>";
    }

    private void test(Visit visit) {
        var message = message(visit);
        var form = Form.of(visit.http());
        var tags = new LinkedHashMap<String, String>();
        for (String tag : customTags(visit, message)) tags.put(tag, form.value("tag_" + tag));
        var to = visit.session().email();
        String page = "/transactional/" + message.uid();
        try {
            previews.send(visit.account(), message, to, tags);
            visit.note("sent a test of the transactional message “%s”".formatted(message.name()));
            visit.go(page, "A test is on its way to %s.".formatted(to.value()));
        } catch (Problem.BadInput | Problem.Conflict | Problem.QuotaExceeded e) {
            visit.go(page, e.getMessage());
        }
    }

    private void log(Visit visit) {
        var message = message(visit);
        String state = STATES.contains(visit.query("state")) ? visit.query("state") : "";
        String typed = visit.query("recipient");
        boolean isAddress = EmailAddress.isValid(typed);
        var filter =
                new LogFilter(
                        message.uid(),
                        state.isEmpty() ? null : state,
                        isAddress ? new EmailAddress(typed) : null);
        var before = position(visit.query("before"));
        var found =
                typed.isEmpty() || isAddress
                        ? dispatches.log(visit.account(), filter, before.orElse(null), LOGGED + 1)
                        : List.<Dispatch>of();
        var shown = found.subList(0, Math.min(LOGGED, found.size()));
        var address = Address.of(visit).without("before");
        var page =
                new LogPage(
                        message,
                        shown,
                        state,
                        typed,
                        typed.isEmpty() || isAddress
                                ? ""
                                : "Enter a whole address, such as ada@example.org",
                        new Pages(
                                Moments.count(shown.size(), "message", "messages"),
                                before.isPresent() ? address.toString() : "",
                                found.size() > LOGGED
                                        ? address.with("before", position(shown.getLast()))
                                                .toString()
                                        : ""));
        visit.show(
                visit.wantsPart()
                        ? templates.dashboardTransactionalLogRows(page)
                        : templates.dashboardTransactionalLog(visit, page));
    }

    private static String position(Dispatch last) {
        var at = last.queuedAt();
        return at.getEpochSecond() + "." + at.getNano() + "." + last.uid();
    }

    private static Optional<Position> position(String text) {
        var parts = text.split("\\.", 3);
        if (parts.length < 3 || !(parts[0] + parts[1]).matches("[0-9]{1,20}")) {
            return Optional.empty();
        }
        try {
            var at = Instant.ofEpochSecond(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
            return Optional.of(new Position(at, parts[2]));
        } catch (ArithmeticException | DateTimeException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    private void delete(Visit visit) {
        var message = message(visit);
        if (!visit.confirms(deletion(message), "Delete")) return;
        transactionals.delete(visit.account(), message.uid());
        visit.note("deleted the transactional message “%s”".formatted(message.name()));
        visit.go("/transactional", "“%s” is deleted.".formatted(message.name()));
    }

    private Transactional message(Visit visit) {
        return transactionals.get(visit.account(), visit.part("message"));
    }

    private Form values(Visit visit, Transactional message) {
        var values = new LinkedHashMap<String, String>();
        var written = message.written();
        var replyTo = message.replyTo();
        values.put("name", message.name());
        values.put("audience", message.audienceUid());
        values.put("content", message.content().wire());
        values.put("subject", message.subject());
        values.put("from_email", message.fromEmail().value());
        values.put("from_name", message.fromName());
        values.put("reply_to", replyTo == null ? "" : replyTo.value());
        values.put("format", written.format().wire());
        values.put("written", Objects.requireNonNullElse(written.written(), ""));
        values.put(
                "text", written.textIsMade() ? "" : Objects.requireNonNullElse(written.text(), ""));
        values.put("inline_css", written.inlineCss() ? "on" : "");
        var layout = written.layout();
        values.put("layout", layout == null ? "" : layoutUid(visit, layout));
        return Form.of(values);
    }

    private String layoutUid(Visit visit, long layout) {
        return kept.list(visit.account(), TemplateKind.LAYOUT).stream()
                .filter(each -> each.id() == layout)
                .map(io.dynosend.template.Template::uid)
                .findFirst()
                .orElse("");
    }
}
