package io.dynosend.dashboard;

import io.dynosend.audience.Audience;
import io.dynosend.audience.Audiences;
import io.dynosend.common.Problem;
import io.dynosend.optin.SignUpForm;
import io.dynosend.optin.SignUpForm.Wording;
import io.dynosend.optin.SignUpForms;
import io.dynosend.pages.FormPages;
import io.dynosend.templates.StaticTemplates;
import io.dynosend.templates.Templates;
import java.util.LinkedHashMap;
import java.util.Map;

/** The sign-up form of an audience: what it says, how it looks, and the HTML to copy. */
public final class FormRoom implements Dashboard.Room {

    // It may be framed by our own page, and runs and sends nothing.
    private static final String PREVIEW_POLICY =
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none';"
                    + " base-uri 'none'; frame-ancestors 'self'; sandbox";

    private final Audiences audiences;
    private final SignUpForms forms;
    private final String baseUrl;
    private final Templates templates = new StaticTemplates();

    /**
     * @param baseUrl of this server as readers reach it, without a slash at its end
     */
    public FormRoom(Audiences audiences, SignUpForms forms, String baseUrl) {
        this.audiences = audiences;
        this.forms = forms;
        this.baseUrl = baseUrl;
    }

    @Override
    public void open(Dashboard.Doors doors) {
        doors.get("/audiences/{audience}/settings/form", this::show);
        doors.post("/audiences/{audience}/settings/form", this::save);
        doors.get("/audiences/{audience}/settings/form/preview", this::preview);
    }

    private void show(Visit visit) {
        var audience = audience(visit);
        var form = forms.of(visit.account(), audience.id());
        var values = new LinkedHashMap<String, String>();
        values.put("open", form.open() ? "on" : "");
        values.put("title", form.wording().title());
        values.put("intro", form.wording().intro());
        values.put("consent", form.wording().consent());
        values.put("button", form.wording().button());
        show(visit, audience, form, Form.of(values));
    }

    private void save(Visit visit) {
        var audience = audience(visit);
        var form = Form.of(visit.http());
        try {
            forms.save(
                    visit.account(),
                    audience.id(),
                    form.checked("open"),
                    new Wording(
                            form.text("title"),
                            form.text("intro"),
                            form.text("consent"),
                            form.text("button")));
            visit.note(
                    "%s the sign-up form of the audience “%s”"
                            .formatted(
                                    form.checked("open") ? "opened" : "closed", audience.name()));
            visit.go("/audiences/" + audience.uid() + "/settings/form", "Saved.");
        } catch (Problem.BadInput e) {
            visit.http().status(422);
            show(visit, audience, forms.of(visit.account(), audience.id()), form.refused(e));
        }
    }

    private void show(Visit visit, Audience audience, SignUpForm form, Form typed) {
        visit.show(
                templates.dashboardAudienceForm(
                        visit, audience, form, typed, url(form), html(form)));
    }

    private void preview(Visit visit) {
        var form = forms.of(visit.account(), audience(visit).id());
        Preview.framed(visit, PREVIEW_POLICY, templates.pagesForm(form, Map.of(), "", "").render());
    }

    private String url(SignUpForm form) {
        return baseUrl + "/f/" + form.uid();
    }

    // Plain HTML, so that any site takes it and gives it its own look.
    private String html(SignUpForm form) {
        var html = new StringBuilder();
        html.append("<form action=\"%s\" method=\"post\">\n".formatted(escaped(url(form))));
        html.append(
                """
                  <p><label>E-mail address<br><input type="email" name="EMAIL" required autocomplete="email"></label></p>
                """);
        for (var field : form.fields()) {
            String type = FormPages.input(field);
            String required = field.required() ? " required" : "";
            html.append(
                    type.equals("textarea")
                            ? "  <p><label>%s<br><textarea name=\"%s\" rows=\"4\"%s></textarea></label></p>\n"
                                    .formatted(escaped(field.label()), field.tag(), required)
                            : "  <p><label>%s<br><input type=\"%s\" name=\"%s\"%s%s></label></p>\n"
                                    .formatted(
                                            escaped(field.label()),
                                            type,
                                            field.tag(),
                                            type.equals("number") ? " step=\"any\"" : "",
                                            required));
        }
        html.append(
                "  <div hidden><input name=\"%s\" tabindex=\"-1\" autocomplete=\"off\"></div>\n"
                        .formatted(FormPages.TRAP));
        html.append(
                "  <p><label><input type=\"checkbox\" name=\"%s\" value=\"yes\" required> %s</label></p>\n"
                        .formatted(FormPages.AGREED, escaped(form.wording().consent())));
        html.append(
                "  <p><button type=\"submit\">%s</button></p>\n</form>\n"
                        .formatted(escaped(form.wording().button())));
        return html.toString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private Audience audience(Visit visit) {
        return audiences.get(visit.account(), visit.part("audience"));
    }
}
