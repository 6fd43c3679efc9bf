package io.dynosend.dashboard;

import io.dynosend.audience.Audience;
import io.dynosend.audience.Audiences;
import io.dynosend.blacklist.Blacklist;
import io.dynosend.common.Json;
import io.dynosend.common.Problem;
import io.dynosend.contact.Contact;
import io.dynosend.contact.ContactRef.ByUid;
import io.dynosend.contact.ContactStatus;
import io.dynosend.contact.Contacts;
import io.dynosend.contact.Contacts.Changes;
import io.dynosend.contact.Contacts.NewContact;
import io.dynosend.contact.CustomFields;
import io.dynosend.contact.Tags;
import io.dynosend.contact.Timeline;
import io.dynosend.optin.Consents;
import io.dynosend.optin.OptIns;
import io.dynosend.templates.StaticTemplates;
import io.dynosend.templates.Templates;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One contact: created, changed, and all that is known of it. */
public final class OneContactRoom implements Dashboard.Room {

    /**
     * What the page shows besides the form.
     *
     * @param elsewhere the same address in other audiences
     * @param listed why it is on the blacklist; empty: it is not
     * @param older the address of the next page of the timeline; empty: there is none
     */
    public record Knowledge(
            List<Elsewhere> elsewhere,
            String listed,
            List<Moment> consent,
            List<Moment> moments,
            String older) {}

    /** The same address in another audience. */
    public record Elsewhere(String name, String href, String status) {}

    private static final int MOMENTS = 30;
    private static final int MOST_PAGES = 1_000;

    private final Contacts contacts;
    private final Audiences audiences;
    private final Blacklist blacklist;
    private final Timeline timeline;
    private final Consents consents;
    private final OptIns optIns;
    private final Templates templates = new StaticTemplates();

    public OneContactRoom(
            Contacts contacts,
            Audiences audiences,
            Blacklist blacklist,
            Timeline timeline,
            Consents consents,
            OptIns optIns) {
        this.contacts = contacts;
        this.audiences = audiences;
        this.blacklist = blacklist;
        this.timeline = timeline;
        this.consents = consents;
        this.optIns = optIns;
    }

    @Override
    public void open(Dashboard.Doors doors) {
        String one = "/audiences/{audience}/contacts/{contact}";
        doors.get("/audiences/{audience}/contacts/new", visit -> showNew(visit, Form.empty()));
        doors.post("/audiences/{audience}/contacts/new", this::create);
        doors.get(one, this::show);
        doors.post(one, this::update);
        doors.post(one + "/subscribe", this::subscribe);
        doors.post(one + "/confirmation", this::askAgain);
        doors.post(one + "/unsubscribe", this::unsubscribe);
        doors.post(one + "/delete", this::delete);
        doors.post(one + "/export", this::export);
    }

    private void create(Visit visit) {
        var audience = audience(visit);
        var schema = audiences.schema(visit.account(), audience.uid());
        var form = Form.of(visit.http());
        var email = form.email("email");
        try {
            if (form.isFine()) {
                var given = new LinkedHashMap<String, @Nullable Object>();
                for (String tag : schema.tags()) {
                    if (!form.text(tag).isEmpty()) given.put(tag, form.value(tag));
                }
                boolean mayIgnore = visit.user().role().ignoresDoubleOptIn();
                String uid =
                        contacts.create(
                                visit.account(),
                                schema,
                                new NewContact(
                                        email,
                                        Tags.parse(form.text("tags")),
                                        CustomFields.given(schema.fields(), given),
                                        mayIgnore && form.checked("consented")),
                                visit.actor());
                visit.go(
                        "/audiences/%s/contacts/%s".formatted(audience.uid(), uid),
                        email.value() + " is added.");
                return;
            }
        } catch (Problem.BadInput e) {
            e.fields().forEach((field, why) -> form.wrong(field, why.getFirst()));
            form.refused(e);
        } catch (Problem e) {
            form.refused(e);
        }
        visit.http().status(422);
        showNew(visit, form);
    }

    private void showNew(Visit visit, Form form) {
        var audience = audience(visit);
        visit.show(
                templates.dashboardContactNew(
                        visit, audience, audiences.fields(visit.account(), audience.id()), form));
    }

    private void show(Visit visit) {
        var audience = audience(visit);
        var contact = contact(visit, audience);
        if (visit.wantsPart()) {
            var known = knowledge(visit, audience, contact);
            visit.show(templates.dashboardContactMoments(known.moments(), known.older()));
            return;
        }
        show(visit, audience, contact, values(contact));
    }

    private void update(Visit visit) {
        var audience = audience(visit);
        var contact = contact(visit, audience);
        var schema = audiences.schema(visit.account(), audience.uid());
        var form = Form.of(visit.http());
        var email = form.email("email");
        try {
            if (form.isFine()) {
                var given = new LinkedHashMap<String, @Nullable Object>();
                for (String tag : schema.tags()) given.put(tag, form.value(tag));
                contacts.update(
                        visit.account(),
                        audience.uid(),
                        new ByUid(contact.uid()),
                        new Changes(
                                email.equals(contact.email()) ? null : email,
                                Tags.parse(form.text("tags")),
                                CustomFields.checked(schema.fields(), given)),
                        visit.actor());
                visit.go(path(audience, contact), "Saved.");
                return;
            }
        } catch (Problem.BadInput e) {
            e.fields().forEach((field, why) -> form.wrong(field, why.getFirst()));
            form.refused(e);
        } catch (Problem.Conflict e) {
            form.wrong("email", "Another contact of the audience has this address");
        } catch (Problem e) {
            form.refused(e);
        }
        visit.http().status(422);
        show(visit, audience, contact, form);
    }

    // Who says for somebody else that they agree answers for it by name.
    private void subscribe(Visit visit) {
        var audience = audience(visit);
        var contact = contact(visit, audience);
        if (!visit.user().role().ignoresDoubleOptIn()) {
            visit.go(
                    path(audience, contact),
                    "Only an owner or an admin can subscribe somebody without a confirmation.");
            return;
        }
        if (!visit.agrees(
                "Subscribe %s without a confirmation mail? Your name is kept with the consent."
                        .formatted(contact.email().value()),
                "Subscribe")) {
            return;
        }
        contacts.subscribe(
                visit.account(), audience.uid(), new ByUid(contact.uid()), visit.actor());
        visit.go(path(audience, contact), "Subscribed.");
    }

    private void askAgain(Visit visit) {
        var audience = audience(visit);
        var contact = contact(visit, audience);
        try {
            optIns.ask(visit.account(), audience.uid(), new ByUid(contact.uid()));
            visit.go(path(audience, contact), "The confirmation mail is on its way.");
        } catch (Problem.Conflict | Problem.QuotaExceeded e) {
            visit.go(path(audience, contact), e.getMessage());
        }
    }

    private void unsubscribe(Visit visit) {
        var audience = audience(visit);
        var contact = contact(visit, audience);
        if (!visit.confirms(
                "Unsubscribe %s? They get nothing more from “%s”."
                        .formatted(contact.email().value(), audience.name()),
                "Unsubscribe")) {
            return;
        }
        contacts.unsubscribe(
                visit.account(), audience.uid(), new ByUid(contact.uid()), visit.actor());
        visit.go(path(audience, contact), "Unsubscribed. Nothing more is sent to them.");
    }

    private void delete(Visit visit) {
        var audience = audience(visit);
        var contact = contact(visit, audience);
        if (!visit.confirms(
                "Delete %s with consent record and history? It cannot be undone."
                        .formatted(contact.email().value()),
                "Delete")) {
            return;
        }
        contacts.delete(visit.account(), audience.uid(), new ByUid(contact.uid()));
        visit.note("deleted a contact of the audience “%s”".formatted(audience.name()));
        visit.go("/audiences/" + audience.uid(), contact.email().value() + " is deleted.");
    }

    private void export(Visit visit) {
        var audience = audience(visit);
        var contact = contact(visit, audience);
        visit.note("exported all about a contact of the audience “%s”".formatted(audience.name()));
        var all = new ArrayList<Map<String, @Nullable Object>>();
        for (var profile : contacts.duplicates(visit.account(), contact.email())) {
            all.add(everything(visit, profile.audienceUid(), profile.contact()));
        }
        var answer = new LinkedHashMap<String, @Nullable Object>();
        answer.put("email", contact.email().value());
        answer.put("blacklisted", listed(visit, contact));
        answer.put("contacts", all);
        visit.download("application/json; charset=utf-8", "contact-" + contact.uid() + ".json");
        visit.http().result(Json.pretty(answer));
    }

    private Map<String, @Nullable Object> everything(Visit visit, String audience, Contact of) {
        var all = new LinkedHashMap<String, @Nullable Object>();
        var ref = new ByUid(of.uid());
        all.put("audience", audiences.get(visit.account(), audience).name());
        all.put("contact_uid", of.uid());
        all.put("status", of.status().wire());
        all.put("source", of.source());
        all.put("ip_address", of.ipAddress());
        all.put("created_at", of.createdAt().toString());
        all.put("updated_at", of.updatedAt().toString());
        all.put("tags", of.tags());
        all.put("fields", of.fields());
        var evidence = new ArrayList<Map<String, @Nullable Object>>();
        for (var each : consents.of(visit.account(), audience, ref)) {
            evidence.add(entry(each.at().toString(), each.type(), each.details()));
        }
        all.put("consent", evidence);
        var moments = new ArrayList<Map<String, @Nullable Object>>();
        for (int page = 1; page <= MOST_PAGES; page++) {
            var entries = timeline.page(visit.account(), audience, ref, page, MOST_PAGES);
            for (var each : entries) {
                moments.add(entry(each.at().toString(), each.type(), each.details()));
            }
            if (entries.size() < MOST_PAGES) break;
        }
        all.put("timeline", moments);
        return all;
    }

    private static Map<String, @Nullable Object> entry(
            String at, String type, Map<String, @Nullable Object> details) {
        var entry = new LinkedHashMap<String, @Nullable Object>();
        entry.put("at", at);
        entry.put("type", type);
        entry.putAll(details);
        return entry;
    }

    private void show(Visit visit, Audience audience, Contact contact, Form form) {
        visit.show(
                templates.dashboardContact(
                        visit,
                        audience,
                        contact,
                        audiences.fields(visit.account(), audience.id()),
                        knowledge(visit, audience, contact),
                        form));
    }

    private Knowledge knowledge(Visit visit, Audience audience, Contact contact) {
        var ref = new ByUid(contact.uid());
        int page = page(visit.query("page"));
        var entries = timeline.page(visit.account(), audience.uid(), ref, page, MOMENTS + 1L);
        return new Knowledge(
                elsewhere(visit, contact),
                listed(visit, contact),
                consents.of(visit.account(), audience.uid(), ref).stream().map(Moment::of).toList(),
                entries.stream().limit(MOMENTS).map(Moment::of).toList(),
                entries.size() > MOMENTS
                        ? Dashboard.ROOT + path(audience, contact) + "?page=" + (page + 1)
                        : "");
    }

    private List<Elsewhere> elsewhere(Visit visit, Contact contact) {
        return contacts.duplicates(visit.account(), contact.email()).stream()
                .filter(profile -> profile.contact().id() != contact.id())
                .map(profile ->
                        new Elsewhere(
                                audiences.get(visit.account(), profile.audienceUid()).name(),
                                "%s/audiences/%s/contacts/%s"
                                        .formatted(
                                                Dashboard.ROOT,
                                                profile.audienceUid(),
                                                profile.contact().uid()),
                                profile.contact().status().wire()))
                .toList();
    }

    private String listed(Visit visit, Contact contact) {
        return blacklist
                .find(visit.account(), contact.email())
                .map(listed -> listed.reason().wire() + " on " + Moments.day(listed.at()))
                .orElse("");
    }

    private static int page(String given) {
        return given.matches("[1-9][0-9]{0,4}") ? Integer.parseInt(given) : 1;
    }

    private Audience audience(Visit visit) {
        return audiences.get(visit.account(), visit.part("audience"));
    }

    private Contact contact(Visit visit, Audience audience) {
        return contacts.get(visit.account(), audience.uid(), new ByUid(visit.part("contact")))
                .contact();
    }

    private static String path(Audience audience, Contact contact) {
        return "/audiences/%s/contacts/%s".formatted(audience.uid(), contact.uid());
    }

    /** Whether somebody can be asked to confirm. */
    public static boolean isUnconfirmed(Contact contact) {
        return contact.status() == ContactStatus.UNCONFIRMED;
    }

    private static Form values(Contact contact) {
        var values = new LinkedHashMap<>(contact.fields());
        values.put("email", contact.email().value());
        values.put("tags", String.join(", ", contact.tags()));
        return Form.of(values);
    }
}
