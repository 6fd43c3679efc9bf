package io.dynosend.dashboard;

import io.dynosend.audience.Audience;
import io.dynosend.audience.Audience.ContactInformation;
import io.dynosend.audience.Audience.Statistics;
import io.dynosend.audience.AudienceChanges;
import io.dynosend.audience.AudienceChanges.Lines;
import io.dynosend.audience.AudienceChanges.MailChange;
import io.dynosend.audience.Audiences;
import io.dynosend.audience.Audiences.NewAudience;
import io.dynosend.audience.FieldType;
import io.dynosend.audience.ResponseMail;
import io.dynosend.audience.ResponseMail.Occasion;
import io.dynosend.audience.TrackingMode;
import io.dynosend.campaign.AudienceDeletion;
import io.dynosend.common.Problem;
import io.dynosend.contact.BulkChange.Action;
import io.dynosend.contact.BulkChanges;
import io.dynosend.contact.ContactFilter;
import io.dynosend.contact.ContactFilter.FieldCondition;
import io.dynosend.contact.ContactSearch;
import io.dynosend.templates.StaticTemplates;
import io.dynosend.templates.Templates;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Audiences: listed, created, and their settings. */
public final class AudienceRoom implements Dashboard.Room {

    /** A row of the list. */
    public record AudienceRow(Audience audience, Statistics statistics) {}

    private static final Lines NO_LINES =
            new Lines(null, null, null, null, null, null, null, null, null, null);

    private final Audiences audiences;
    private final AudienceDeletion deletion;
    private final ContactSearch search;
    private final BulkChanges bulkChanges;
    private final Templates templates = new StaticTemplates();

    public AudienceRoom(
            Audiences audiences,
            AudienceDeletion deletion,
            ContactSearch search,
            BulkChanges bulkChanges) {
        this.audiences = audiences;
        this.deletion = deletion;
        this.search = search;
        this.bulkChanges = bulkChanges;
    }

    @Override
    public void open(Dashboard.Doors doors) {
        doors.get("/audiences", this::list);
        doors.get(
                "/audiences/new",
                visit -> visit.show(templates.dashboardAudienceNew(visit, newAudience())));
        doors.post("/audiences/new", this::create);
        doors.get("/audiences/{audience}/settings", this::general);
        doors.post("/audiences/{audience}/settings", this::changeGeneral);
        doors.get("/audiences/{audience}/settings/contact", this::contact);
        doors.post("/audiences/{audience}/settings/contact", this::changeContact);
        doors.get("/audiences/{audience}/settings/consent", this::consent);
        doors.post("/audiences/{audience}/settings/consent", this::changeConsent);
        doors.get("/audiences/{audience}/settings/fields", this::fields);
        doors.post("/audiences/{audience}/fields", this::addField);
        doors.post("/audiences/{audience}/fields/{tag}", this::changeField);
        doors.post("/audiences/{audience}/fields/{tag}/remove", this::removeField);
        doors.get("/audiences/{audience}/settings/delete", this::danger);
        doors.post("/audiences/{audience}/delete", this::delete);
    }

    private static Form newAudience() {
        return Form.of(Map.of("tracking", "individual", "double_opt_in", "on"));
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
                visit.note("created the audience “%s”".formatted(name));
                visit.go(
                        "/audiences/" + uid,
                        "“%s” is created. Add the first contacts.".formatted(name));
                return;
            }
        } catch (Problem e) {
            form.refused(e);
        }
        visit.http().status(422);
        visit.show(templates.dashboardAudienceNew(visit, form));
    }

    private void general(Visit visit) {
        var audience = audience(visit);
        var values = new LinkedHashMap<String, String>();
        values.put("name", audience.name());
        values.put("default_subject", audience.defaultSubject());
        values.put("from_email", audience.fromEmail().value());
        values.put("from_name", audience.fromName());
        visit.show(templates.dashboardAudienceSettings(visit, audience, Form.of(values)));
    }

    private void changeGeneral(Visit visit) {
        var audience = audience(visit);
        var form = Form.of(visit.http());
        String name = form.required("name", "An audience has a name");
        String fromName = form.required("from_name", "Readers see this name in their inbox");
        var fromEmail = form.email("from_email");
        if (saved(
                visit,
                audience,
                form,
                () ->
                        new AudienceChanges(
                                name,
                                form.text("default_subject"),
                                fromEmail,
                                fromName,
                                null,
                                null,
                                NO_LINES,
                                null,
                                null),
                "/settings")) {
            return;
        }
        visit.show(templates.dashboardAudienceSettings(visit, audience, form));
    }

    private void contact(Visit visit) {
        var audience = audience(visit);
        var values = new LinkedHashMap<String, String>();
        var address = audience.contactInformation();
        values.put("company", address.company());
        values.put("address_1", address.address1());
        values.put("address_2", address.address2());
        values.put("zip", address.zip());
        values.put("city", address.city());
        values.put("state", address.state());
        values.put("country", address.country());
        values.put("phone", address.phone());
        values.put("website", address.website());
        values.put("email", address.email());
        visit.show(templates.dashboardAudienceContact(visit, audience, Form.of(values)));
    }

    private void changeContact(Visit visit) {
        var audience = audience(visit);
        var form = Form.of(visit.http());
        String website = form.text("website");
        if (!website.isEmpty() && !website.matches("(?i)https?://\\S+")) {
            form.wrong("website", "A web address such as https://example.org");
        }
        if (!form.text("email").isEmpty()) form.email("email");
        if (saved(visit, audience, form, () -> contactChanges(form), "/settings/contact")) return;
        visit.show(templates.dashboardAudienceContact(visit, audience, form));
    }

    private static AudienceChanges contactChanges(Form form) {
        var lines =
                new Lines(
                        form.text("company"),
                        form.text("address_1"),
                        form.text("address_2"),
                        form.text("country"),
                        form.text("state"),
                        form.text("zip"),
                        form.text("city"),
                        form.text("phone"),
                        form.text("website"),
                        form.text("email"));
        return new AudienceChanges(null, null, null, null, null, null, lines, null, null);
    }

    private void consent(Visit visit) {
        var audience = audience(visit);
        var values = new LinkedHashMap<String, String>();
        values.put("double_opt_in", audience.doubleOptIn() ? "on" : "");
        values.put("tracking", audience.tracking().wire());
        for (var occasion : Occasion.values()) {
            String name = name(occasion);
            audiences
                    .responseMail(visit.account(), audience.id(), occasion)
                    .ifPresent(mail -> {
                        values.put(name, "on");
                        values.put(name + "_subject", mail.subject());
                        values.put(name + "_html", mail.html() == null ? "" : mail.html());
                        values.put(name + "_text", mail.text() == null ? "" : mail.text());
                    });
        }
        visit.show(templates.dashboardAudienceConsent(visit, audience, Form.of(values)));
    }

    private void changeConsent(Visit visit) {
        var audience = audience(visit);
        var form = Form.of(visit.http());
        for (var occasion : Occasion.values()) check(form, name(occasion));
        if (saved(visit, audience, form, () -> consentChanges(form), "/settings/consent")) return;
        visit.show(templates.dashboardAudienceConsent(visit, audience, form));
    }

    private static void check(Form form, String mail) {
        if (!form.checked(mail)) return;
        form.required(mail + "_subject", "A mail has a subject");
        if (form.text(mail + "_html").isEmpty() && form.text(mail + "_text").isEmpty()) {
            form.wrong(mail + "_text", "Write what the mail says, as HTML or as text");
        }
    }

    private static AudienceChanges consentChanges(Form form) {
        return new AudienceChanges(
                null,
                null,
                null,
                null,
                form.checked("double_opt_in"),
                tracking(form),
                NO_LINES,
                new MailChange(mail(form, "welcome")),
                new MailChange(mail(form, "goodbye")));
    }

    private static @Nullable ResponseMail mail(Form form, String name) {
        if (!form.checked(name)) return null;
        String html = form.value(name + "_html");
        String text = form.value(name + "_text");
        return new ResponseMail(
                form.text(name + "_subject"),
                html.isBlank() ? null : html,
                text.isBlank() ? null : text);
    }

    private static String name(Occasion occasion) {
        return switch (occasion) {
            case WELCOME -> "welcome";
            case GOODBYE -> "goodbye";
        };
    }

    /** Whether there was nothing wrong with the form. */
    private boolean saved(
            Visit visit,
            Audience audience,
            Form form,
            Supplier<AudienceChanges> changes,
            String page) {
        try {
            if (form.isFine()) {
                audiences.update(visit.account(), audience.uid(), changes.get());
                visit.note("changed the settings of the audience “%s”".formatted(audience.name()));
                visit.go("/audiences/" + audience.uid() + page, "Saved.");
                return true;
            }
        } catch (Problem e) {
            form.refused(e);
        }
        visit.http().status(422);
        return false;
    }

    private void fields(Visit visit) {
        showFields(visit, audience(visit), Form.of(Map.of("type", "text")));
    }

    private void showFields(Visit visit, Audience audience, Form form) {
        visit.show(
                templates.dashboardAudienceFields(
                        visit, audience, audiences.fields(visit.account(), audience.id()), form));
    }

    private void addField(Visit visit) {
        var audience = audience(visit);
        var form = Form.of(visit.http());
        String label = form.required("label", "Say what it is, such as City");
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
                        "/audiences/" + audience.uid() + "/settings/fields",
                        "“%s” is added. Messages write it {{ %s }}.".formatted(label, tag));
                return;
            }
        } catch (Problem e) {
            form.refused(e);
        }
        visit.http().status(422);
        showFields(visit, audience, form);
    }

    private void changeField(Visit visit) {
        var audience = audience(visit);
        var form = Form.of(visit.http());
        String label = form.text("label");
        if (label.isEmpty()) {
            visit.go("/audiences/" + audience.uid() + "/settings/fields", "A field has a label.");
            return;
        }
        audiences.changeField(
                visit.account(),
                audience.uid(),
                visit.part("tag"),
                label,
                form.checked("visible"),
                form.checked("required"));
        visit.go("/audiences/" + audience.uid() + "/settings/fields", "Saved.");
    }

    private void removeField(Visit visit) {
        var audience = audience(visit);
        String tag = visit.part("tag");
        var filled = new ContactFilter("", null, "", new FieldCondition.Filled(tag), null);
        int contacts = search.countAll(visit.account(), audience.id(), filled);
        if (!visit.confirms(
                "Remove the field %s, and what %s in it? Messages that use {{ %s }} show nothing there."
                        .formatted(
                                tag,
                                contacts == 1
                                        ? "1 contact has"
                                        : Moments.number(contacts) + " contacts have",
                                tag),
                "Remove the field")) {
            return;
        }
        audiences.removeField(visit.account(), audience.uid(), tag);
        bulkChanges.start(
                visit.account(), audience.id(), filled, Action.CLEAR, tag, contacts, visit.actor());
        visit.note("removed the field %s of the audience “%s”".formatted(tag, audience.name()));
        visit.go("/audiences/" + audience.uid() + "/settings/fields", tag + " is removed.");
    }

    private void danger(Visit visit) {
        var audience = audience(visit);
        visit.show(
                templates.dashboardAudienceDelete(
                        visit,
                        audience,
                        audiences.statistics(visit.account(), audience.id()),
                        question(visit, audience)));
    }

    private String question(Visit visit, Audience audience) {
        var statistics = audiences.statistics(visit.account(), audience.id());
        return "Delete “%s” with %s, its campaigns and reports? It cannot be brought back."
                .formatted(
                        audience.name(),
                        Moments.count(statistics.contacts(), "contact", "contacts"));
    }

    private void delete(Visit visit) {
        var audience = audience(visit);
        if (!visit.confirms(question(visit, audience), "Delete the audience")) return;
        try {
            deletion.delete(visit.account(), audience.uid());
            visit.note("deleted the audience “%s”".formatted(audience.name()));
            visit.go("/audiences", "“%s” is deleted.".formatted(audience.name()));
        } catch (Problem.Conflict e) {
            visit.go("/audiences/" + audience.uid() + "/settings/delete", e.getMessage());
        }
    }

    private Audience audience(Visit visit) {
        return audiences.get(visit.account(), visit.part("audience"));
    }

    /** What is recorded of readers, to choose from. */
    public static List<Choice> trackings() {
        return List.of(
                new Choice("individual", "Opens and clicks of each reader"),
                new Choice("aggregate", "Only how many, without names"),
                new Choice("off", "Nothing"));
    }

    /** The types of fields, to choose from. */
    public static List<Choice> types() {
        return List.of(
                new Choice("text", "Text, one line"),
                new Choice("textarea", "Text, several lines"),
                new Choice("number", "Number"),
                new Choice("date", "Date"),
                new Choice("datetime", "Date and time"),
                new Choice("time", "Time"));
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
                form.text("phone"),
                form.text("website"),
                form.text("email"));
    }
}
