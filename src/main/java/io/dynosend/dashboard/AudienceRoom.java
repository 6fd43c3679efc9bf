package io.dynosend.dashboard;

import io.dynosend.audience.Audience;
import io.dynosend.audience.Audience.ContactInformation;
import io.dynosend.audience.Audience.Statistics;
import io.dynosend.audience.AudienceChanges;
import io.dynosend.audience.AudienceChanges.Lines;
import io.dynosend.audience.Audiences;
import io.dynosend.audience.Audiences.NewAudience;
import io.dynosend.audience.FieldType;
import io.dynosend.audience.TrackingMode;
import io.dynosend.campaign.AudienceDeletion;
import io.dynosend.common.Problem;
import io.dynosend.templates.StaticTemplates;
import io.dynosend.templates.Templates;
import java.util.LinkedHashMap;
import java.util.Map;

/** Audiences: made, changed, and what each contact of them has. */
public final class AudienceRoom implements Dashboard.Room {

    /** A row of the list. */
    public record AudienceRow(Audience audience, Statistics statistics) {}

    private final Audiences audiences;
    private final AudienceDeletion deletion;
    private final Templates templates = new StaticTemplates();

    public AudienceRoom(Audiences audiences, AudienceDeletion deletion) {
        this.audiences = audiences;
        this.deletion = deletion;
    }

    @Override
    public void open(Dashboard.Doors doors) {
        doors.get("/audiences", this::list);
        doors.get(
                "/audiences/new",
                visit ->
                        visit.show(
                                templates.dashboardAudienceNew(
                                        visit, Form.of(Map.of("tracking", "individual")))));
        doors.post("/audiences/new", this::create);
        doors.get("/audiences/{audience}/settings", this::settings);
        doors.post("/audiences/{audience}/settings", this::update);
        doors.post("/audiences/{audience}/fields", this::addField);
        doors.post("/audiences/{audience}/delete", this::delete);
    }

    private void list(Visit visit) {
        var rows =
                audiences.list(visit.account()).stream()
                        .map(audience ->
                                new AudienceRow(
                                        audience,
                                        audiences.statistics(visit.account(), audience.id())))
                        .toList();
        visit.show(templates.dashboardAudiences(visit, rows));
    }

    private void create(Visit visit) {
        var form = Form.of(visit.http());
        String name = form.required("name", "Give it a name that you will recognise");
        String fromName = form.required("from_name", "Readers see this name in their inbox");
        var fromEmail = form.email("from_email");
        try {
            if (form.isFine()) {
                String uid =
                        audiences.create(
                                visit.account(),
                                new NewAudience(
                                        name,
                                        form.text("default_subject"),
                                        fromEmail,
                                        fromName,
                                        form.checked("double_opt_in"),
                                        tracking(form),
                                        contactInformation(form),
                                        null,
                                        null));
                visit.go(
                        "/audiences/" + uid,
                        "“%s” is made. Add the first contacts.".formatted(name));
                return;
            }
        } catch (Problem e) {
            form.refused(e);
        }
        visit.http().status(422);
        visit.show(templates.dashboardAudienceNew(visit, form));
    }

    private void settings(Visit visit) {
        var audience = audiences.get(visit.account(), visit.part("audience"));
        show(visit, audience, values(audience), Form.empty());
    }

    private void update(Visit visit) {
        var audience = audiences.get(visit.account(), visit.part("audience"));
        var form = Form.of(visit.http());
        String name = form.required("name", "An audience has a name");
        String fromName = form.required("from_name", "Readers see this name in their inbox");
        var fromEmail = form.email("from_email");
        try {
            if (form.isFine()) {
                audiences.update(
                        visit.account(),
                        audience.uid(),
                        new AudienceChanges(
                                name,
                                form.text("default_subject"),
                                fromEmail,
                                fromName,
                                form.checked("double_opt_in"),
                                tracking(form),
                                lines(form),
                                null,
                                null));
                visit.go("/audiences/" + audience.uid() + "/settings", "Saved.");
                return;
            }
        } catch (Problem e) {
            form.refused(e);
        }
        visit.http().status(422);
        show(visit, audience, form, Form.empty());
    }

    private void addField(Visit visit) {
        var audience = audiences.get(visit.account(), visit.part("audience"));
        var form = Form.of(visit.http());
        String label = form.required("label", "Say what it is");
        String tag = form.required("tag", "Such as CITY: capital letters, digits and _");
        try {
            if (form.isFine()) {
                audiences.addField(
                        visit.account(),
                        audience.uid(),
                        FieldType.of(form.text("type")),
                        label,
                        tag);
                visit.go(
                        "/audiences/" + audience.uid() + "/settings",
                        "“%s” is there; messages write it {{ %s }}.".formatted(label, tag));
                return;
            }
        } catch (Problem e) {
            form.refused(e);
        }
        visit.http().status(422);
        show(visit, audience, values(audience), form);
    }

    private void delete(Visit visit) {
        var audience = audiences.get(visit.account(), visit.part("audience"));
        try {
            deletion.delete(visit.account(), audience.uid());
            visit.go("/audiences", "“%s” is deleted.".formatted(audience.name()));
        } catch (Problem.Conflict e) {
            visit.go("/audiences/" + audience.uid() + "/settings", e.getMessage());
        }
    }

    private void show(Visit visit, Audience audience, Form form, Form field) {
        visit.show(
                templates.dashboardAudienceSettings(
                        visit,
                        audience,
                        audiences.fields(visit.account(), audience.id()),
                        audiences.statistics(visit.account(), audience.id()),
                        form,
                        field));
    }

    private static Form values(Audience audience) {
        var values = new LinkedHashMap<String, String>();
        values.put("name", audience.name());
        values.put("default_subject", audience.defaultSubject());
        values.put("from_email", audience.fromEmail().value());
        values.put("from_name", audience.fromName());
        values.put("double_opt_in", audience.doubleOptIn() ? "on" : "");
        values.put("tracking", audience.tracking().wire());
        var address = audience.contactInformation();
        values.put("company", address.company());
        values.put("address_1", address.address1());
        values.put("address_2", address.address2());
        values.put("zip", address.zip());
        values.put("city", address.city());
        values.put("state", address.state());
        values.put("country", address.country());
        return Form.of(values);
    }

    private static TrackingMode tracking(Form form) {
        String wanted = form.text("tracking");
        return wanted.isEmpty() ? TrackingMode.INDIVIDUAL : TrackingMode.of(wanted);
    }

    private static ContactInformation contactInformation(Form form) {
        return new ContactInformation(
                form.text("company"),
                form.text("address_1"),
                form.text("address_2"),
                form.text("country"),
                form.text("state"),
                form.text("zip"),
                form.text("city"),
                "",
                "",
                "");
    }

    private static Lines lines(Form form) {
        return new Lines(
                form.text("company"),
                form.text("address_1"),
                form.text("address_2"),
                form.text("country"),
                form.text("state"),
                form.text("zip"),
                form.text("city"),
                null,
                null,
                null);
    }
}
