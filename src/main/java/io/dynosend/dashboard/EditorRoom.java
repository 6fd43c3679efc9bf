package io.dynosend.dashboard;

import io.dynosend.audience.Audience;
import io.dynosend.audience.Audiences;
import io.dynosend.audience.Field;
import io.dynosend.campaign.Campaign;
import io.dynosend.campaign.CampaignChanges;
import io.dynosend.campaign.CampaignChanges.UtmChange;
import io.dynosend.campaign.Campaigns;
import io.dynosend.campaign.Campaigns.NewCampaign;
import io.dynosend.campaign.Drafts;
import io.dynosend.common.EmailAddress;
import io.dynosend.common.Json;
import io.dynosend.common.Problem;
import io.dynosend.content.Format;
import io.dynosend.content.Utm;
import io.dynosend.template.ContentChange;
import io.dynosend.template.ContentChange.Given;
import io.dynosend.template.Starter;
import io.dynosend.template.Template;
import io.dynosend.template.TemplateKind;
import io.dynosend.templates.StaticTemplates;
import io.dynosend.templates.Templates;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The first two steps of a campaign: to whom it goes, and what it says. */
public final class EditorRoom implements Dashboard.Room {

    /**
     * What the page of the content offers.
     *
     * @param layouts around Markdown
     * @param blocks by name, to be put in
     */
    public record Material(List<Field> fields, List<Choice> layouts, List<String> blocks) {}

    private static final NewContent NOTHING = new NewContent(null, "");
    private static final ContentChange AS_IT_IS = new ContentChange(null, null, null, null, null);
    private static final Pattern FIRST_NAME =
            Pattern.compile("\\{\\{ FIRST_NAME \\| default: \"(\\w+)\" }}");
    private static final Pattern PLACE = Pattern.compile("line (\\d+), column (\\d+)");
    private static final List<String> UTM =
            List.of("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content");

    /** How the content begins. */
    private record NewContent(@Nullable ContentChange change, String what) {}

    private final Campaigns campaigns;
    private final Audiences audiences;
    private final Drafts drafts;
    private final io.dynosend.template.Templates kept;
    private final Templates templates = new StaticTemplates();

    public EditorRoom(
            Campaigns campaigns,
            Audiences audiences,
            Drafts drafts,
            io.dynosend.template.Templates kept) {
        this.campaigns = campaigns;
        this.audiences = audiences;
        this.drafts = drafts;
        this.kept = kept;
    }

    @Override
    public void open(Dashboard.Doors doors) {
        doors.get("/campaigns/new", this::showNew);
        doors.post("/campaigns/new", this::create);
        doors.get("/campaigns/{campaign}/edit", this::edit);
        doors.get("/campaigns/{campaign}/audience", this::showAudience);
        doors.post("/campaigns/{campaign}/audience", this::saveAudience);
        doors.get("/campaigns/{campaign}/content", this::showContent);
        doors.post("/campaigns/{campaign}/content", this::saveContent);
        doors.get("/campaigns/{campaign}/design", this::showDesigns);
        doors.post("/campaigns/{campaign}/design", this::begin);
    }

    private void edit(Visit visit) {
        campaigns.get(visit.account(), visit.part("campaign"));
        redirect(visit, "/content");
    }

    private static void redirect(Visit visit, String to) {
        visit.go("/campaigns/" + visit.part("campaign") + to, null);
    }

    private void showNew(Visit visit) {
        showAudience(visit, null, Form.of(Map.of("audience", visit.query("audience"))));
    }

    private void create(Visit visit) {
        var form = Form.of(visit.http());
        String name = form.required("name", "Give it a name that you will recognise");
        String audience = form.required("audience", "Choose who gets it");
        var utm = utm(form);
        try {
            if (form.isFine()) {
                String uid =
                        campaigns.create(
                                visit.account(),
                                new NewCampaign(
                                        name,
                                        audience,
                                        emptyToNull(form.text("subject")),
                                        optionalEmail(form, "from_email"),
                                        emptyToNull(form.text("from_name")),
                                        optionalEmail(form, "reply_to"),
                                        AS_IT_IS,
                                        utm));
                visit.note("created the campaign “%s”".formatted(name));
                visit.go("/campaigns/" + uid + "/content", null);
                return;
            }
        } catch (Problem.NotFound e) {
            form.wrong("audience", "Choose an audience of the list");
        } catch (Problem e) {
            form.refused(e);
        }
        visit.http().status(422);
        showAudience(visit, null, form);
    }

    private void showAudience(Visit visit) {
        var desk = desk(visit);
        showAudience(visit, desk, values(desk));
    }

    private void showAudience(Visit visit, @Nullable Desk desk, Form form) {
        if (leadsAway(visit, desk)) return;
        var all = audiences.list(visit.account());
        visit.show(
                desk == null
                        ? templates.dashboardEditorNew(visit, all, form)
                        : templates.dashboardEditorAudience(
                                visit, desk, all, form, version(desk, form)));
    }

    private void saveAudience(Visit visit) {
        var desk = desk(visit);
        var form = Form.of(visit.http());
        String name = form.required("name", "A campaign has a name");
        String fromName = form.required("from_name", "Readers see who writes");
        var from = form.email("from_email");
        EmailAddress replyTo = form.text("reply_to").isEmpty() ? from : form.email("reply_to");
        var utm = utm(form);
        save(
                visit,
                desk,
                form,
                () ->
                        new CampaignChanges(
                                name,
                                emptyToNull(form.text("audience")),
                                form.text("subject"),
                                from,
                                fromName,
                                replyTo,
                                AS_IT_IS,
                                new UtmChange(utm)),
                "/content",
                () -> showAudience(visit, desk(visit), form));
    }

    private void showContent(Visit visit) {
        var desk = desk(visit);
        if (leadsAway(visit, desk)) return;
        if (desk.written().isEmpty() && visit.query("way").isEmpty()) {
            redirect(visit, "/design");
            return;
        }
        showContent(visit, desk, values(visit, desk));
    }

    private void showContent(Visit visit, Desk desk, Form form) {
        if (leadsAway(visit, desk)) return;
        boolean builder =
                Starter.isBuilt(form.value("content")) && !visit.query("way").equals("code");
        visit.show(
                templates.dashboardEditorContent(
                        visit,
                        desk,
                        material(visit.account(), desk.audience()),
                        form,
                        version(desk, form),
                        builder));
    }

    private Material material(long account, Audience audience) {
        var layouts = new ArrayList<>(List.of(new Choice("", "Built-in layout")));
        kept.list(account, TemplateKind.LAYOUT)
                .forEach(layout -> layouts.add(new Choice(layout.uid(), layout.name())));
        return new Material(
                audiences.fields(account, audience.id()),
                layouts,
                kept.list(account, TemplateKind.BLOCK).stream().map(Template::name).toList());
    }

    private void saveContent(Visit visit) {
        var desk = desk(visit);
        var form = Form.of(visit.http());
        var format = format(form.text("format")).orElse(desk.campaign().content().format());
        String layout = format == Format.MARKDOWN ? form.text("layout") : null;
        save(
                visit,
                desk,
                form,
                () ->
                        new CampaignChanges(
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                new ContentChange(
                                        new Given(format, written(form)),
                                        null,
                                        layout,
                                        form.checked("inline_css"),
                                        form.value("text")),
                                null),
                "/review",
                () -> showContent(visit, desk(visit), form));
    }

    // Browsers send line breaks of their own, and places are counted in what was written.
    private static String written(Form form) {
        return form.value("content").replace("\r\n", "\n");
    }

    private interface Change {
        CampaignChanges made();
    }

    /** Answers a script with where it stands, everybody else with a page. */
    private void save(
            Visit visit, Desk desk, Form form, Change change, String next, Runnable again) {
        boolean script = visit.http().header("X-Autosave") != null;
        try {
            if (form.isFine()) {
                int version =
                        drafts.save(
                                visit.account(),
                                desk.campaign().uid(),
                                version(form),
                                change.made());
                if (script) visit.http().json(Json.write(Map.of("version", version)));
                else if (form.value("then").equals("stay")) {
                    visit.go(visit.http().path().substring(Dashboard.ROOT.length()), "Saved.");
                } else visit.go("/campaigns/" + desk.campaign().uid() + next, null);
                return;
            }
        } catch (Problem.Conflict e) {
            visit.http().status(409);
            form.refused(e);
        } catch (Problem.NotFound e) {
            form.wrong("audience", "Choose an audience of the list");
        } catch (Problem e) {
            form.refused(e);
        }
        if (visit.http().statusCode() != 409) visit.http().status(422);
        if (script) visit.http().json(Json.write(told(visit, desk, form)));
        else again.run();
    }

    private Map<String, Object> told(Visit visit, Desk desk, Form form) {
        var answer = new LinkedHashMap<String, Object>();
        String problem = form.problem().isEmpty() ? form.error(form.firstError()) : form.problem();
        answer.put("error", problem);
        answer.put("field", form.firstError());
        answer.put("version", drafts.version(visit.account(), desk.campaign().uid()));
        Matcher place = PLACE.matcher(problem);
        if (place.find()) {
            answer.put("line", Integer.valueOf(place.group(1)));
            answer.put("column", Integer.valueOf(place.group(2)));
            answer.put("part", problem.substring(0, Math.max(0, problem.indexOf(':'))));
        }
        return answer;
    }

    private void showDesigns(Visit visit) {
        var desk = desk(visit);
        if (leadsAway(visit, desk)) return;
        visit.show(
                templates.dashboardEditorDesigns(
                        visit, desk, kept.list(visit.account(), TemplateKind.TEMPLATE)));
    }

    private void begin(Visit visit) {
        var desk = desk(visit);
        var form = Form.of(visit.http());
        var begun = begun(visit.account(), desk, form);
        var change = begun.change();
        if (change == null) {
            visit.go("/campaigns/" + desk.campaign().uid() + "/design", "Choose how to begin.");
            return;
        }
        if (!desk.written().isEmpty() && !visit.confirms(loss(desk), "Replace the content")) {
            return;
        }
        try {
            drafts.save(
                    visit.account(),
                    desk.campaign().uid(),
                    null,
                    new CampaignChanges(null, null, null, null, null, null, change, null));
            redirect(visit, "/content?way=" + (begun.what().equals("builder") ? "" : "code"));
        } catch (Problem.NotFound e) {
            throw e;
        } catch (Problem e) {
            visit.go("/campaigns/" + desk.campaign().uid() + "/design", e.getMessage());
        }
    }

    private NewContent begun(long account, Desk desk, Form form) {
        String template = form.text("template");
        if (!template.isEmpty()) {
            return new NewContent(new ContentChange(null, template, null, null, null), "template");
        }
        var starter = Starter.of(form.text("starter"));
        if (starter.isPresent()) {
            String html = greeting(account, desk, starter.get().html());
            return new NewContent(given(Format.HTML, html), "builder");
        }
        return format(form.text("format"))
                .map(format -> new NewContent(given(format, example(format)), format.wire()))
                .orElse(NOTHING);
    }

    private static ContentChange given(Format format, String content) {
        return new ContentChange(new Given(format, content), null, null, false, "");
    }

    // A design greets by name where the audience has names.
    private String greeting(long account, Desk desk, String html) {
        boolean named =
                audiences.fields(account, desk.audience().id()).stream()
                        .anyMatch(field -> field.tag().equals("FIRST_NAME"));
        return named ? html : FIRST_NAME.matcher(html).replaceAll("$1");
    }

    private static String example(Format format) {
        return switch (format) {
            case HTML ->
                    """
                    <!doctype html>
                    <html lang="en">
                    <body>
                      <h1>Hello</h1>
                      <p>Write here.</p>
                    </body>
                    </html>
                    """;
            case MJML ->
                    """
                    <mjml>
                      <mj-body>
                        <mj-section>
                          <mj-column>
                            <mj-text font-size="24px">Hello</mj-text>
                            <mj-text>Write here.</mj-text>
                          </mj-column>
                        </mj-section>
                      </mj-body>
                    </mjml>
                    """;
            case MARKDOWN -> "# Hello\n\nWrite here.\n";
        };
    }

    private static String loss(Desk desk) {
        return "Replace the content of “%s”? What is written now (%s) is lost, its text part too."
                .formatted(desk.campaign().name(), desk.way());
    }

    private Desk desk(Visit visit) {
        var campaign = campaigns.get(visit.account(), visit.part("campaign"));
        var audience = audiences.get(visit.account(), campaign.audience());
        return new Desk(campaign, audience, drafts.of(visit.account(), campaign, audience));
    }

    /** What is started, or failed to, is no matter of these pages any more. */
    static boolean leadsAway(Visit visit, @Nullable Desk desk) {
        if (desk == null || desk.campaign().status().isOpen()) return false;
        if (desk.campaign().mailing() == null) {
            visit.go("/campaigns/" + desk.campaign().uid() + "/send", null);
        } else {
            visit.go(
                    "/campaigns/" + desk.campaign().uid(),
                    "This campaign is started, so it cannot be edited any more.");
        }
        return true;
    }

    /** Of what is typed; who was told that it is old, and saves again, means it. */
    private static int version(Desk desk, Form form) {
        Integer typed =
                form.problem().isEmpty() || form.problem().contains("line ") ? version(form) : null;
        return typed == null ? desk.draft().version() : typed;
    }

    private static @Nullable Integer version(Form form) {
        String text = form.text("version");
        return text.matches("[0-9]{1,9}") ? Integer.valueOf(text) : null;
    }

    private static Optional<Format> format(String wire) {
        return Arrays.stream(Format.values()).filter(each -> each.wire().equals(wire)).findFirst();
    }

    private static @Nullable String emptyToNull(String text) {
        return text.isEmpty() ? null : text;
    }

    private static @Nullable EmailAddress optionalEmail(Form form, String field) {
        return form.text(field).isEmpty() ? null : form.email(field);
    }

    private static @Nullable Utm utm(Form form) {
        if (UTM.stream().allMatch(name -> form.text(name).isEmpty())) return null;
        String source =
                form.required("utm_source", "Say where readers come from, such as dynosend");
        String medium = form.required("utm_medium", "Say by what they come, such as email");
        String campaign = form.required("utm_campaign", "Name the campaign, such as november");
        try {
            return new Utm(
                    source,
                    medium,
                    campaign,
                    emptyToNull(form.text("utm_term")),
                    emptyToNull(form.text("utm_content")));
        } catch (Problem e) {
            form.refused(e);
            return null;
        }
    }

    private static Form values(Desk desk) {
        var campaign = desk.campaign();
        var values = new LinkedHashMap<String, String>();
        values.put("name", campaign.name());
        values.put("audience", desk.audience().uid());
        values.put("subject", campaign.subject());
        values.put("from_name", campaign.fromName());
        values.put("from_email", campaign.fromEmail().value());
        values.put(
                "reply_to",
                campaign.replyTo().equals(campaign.fromEmail()) ? "" : campaign.replyTo().value());
        var utm = campaign.utm();
        if (utm != null) {
            var parts =
                    Stream.of(
                                    utm.source(),
                                    utm.medium(),
                                    utm.campaign(),
                                    Objects.requireNonNullElse(utm.term(), ""),
                                    Objects.requireNonNullElse(utm.content(), ""))
                            .toList();
            for (int i = 0; i < parts.size(); i++) values.put(UTM.get(i), parts.get(i));
        }
        return Form.of(values);
    }

    private Form values(Visit visit, Desk desk) {
        Campaign campaign = desk.campaign();
        var content = campaign.content();
        var values = new LinkedHashMap<String, String>();
        values.put("format", content.format().wire());
        values.put("content", desk.written());
        values.put(
                "text",
                content.textIsMade() ? "" : Objects.requireNonNullElse(campaign.text(), ""));
        values.put("inline_css", content.inlineCss() ? "on" : "");
        values.put("layout", campaigns.layoutUid(visit.account(), campaign).orElse(""));
        return Form.of(values);
    }
}
