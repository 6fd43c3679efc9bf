package io.dynosend.dashboard;

import io.dynosend.audience.Audience;
import io.dynosend.audience.Audience.Statistics;
import io.dynosend.audience.Audiences;
import io.dynosend.audience.Schema;
import io.dynosend.common.Problem;
import io.dynosend.contact.Contact;
import io.dynosend.contact.ContactRef;
import io.dynosend.contact.ContactRef.ByUid;
import io.dynosend.contact.ContactSearch;
import io.dynosend.contact.ContactSearch.Filter;
import io.dynosend.contact.ContactStatus;
import io.dynosend.contact.Contacts;
import io.dynosend.contact.Contacts.Changes;
import io.dynosend.contact.Contacts.NewContact;
import io.dynosend.contact.CustomFields;
import io.dynosend.contact.Timeline;
import io.dynosend.templates.StaticTemplates;
import io.dynosend.templates.Templates;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The contacts of an audience: found, added, changed, and what happened to each. */
public final class ContactRoom implements Dashboard.Room {

    /**
     * A page of contacts.
     *
     * @param matching how many there are, as it is written
     * @param next the address of the next page; empty: this is the last
     */
    public record ContactPage(
            Audience audience,
            Statistics statistics,
            Filter filter,
            List<Contact> contacts,
            String matching,
            String next) {

        public String address(String below) {
            return Dashboard.ROOT + "/audiences/" + audience.uid() + below;
        }
    }

    private static final Statistics NOT_COUNTED = new Statistics(0, 0, 0);
    private static final int PAGE = 50;
    private static final int MOMENTS = 50;

    private final Contacts contacts;
    private final Audiences audiences;
    private final ContactSearch search;
    private final Timeline timeline;
    private final Templates templates = new StaticTemplates();

    public ContactRoom(
            Contacts contacts, Audiences audiences, ContactSearch search, Timeline timeline) {
        this.contacts = contacts;
        this.audiences = audiences;
        this.search = search;
        this.timeline = timeline;
    }

    @Override
    public void open(Dashboard.Doors doors) {
        doors.get("/audiences/{audience}", this::list);
        doors.post("/audiences/{audience}/contacts/bulk", this::bulk);
        doors.get(
                "/audiences/{audience}/contacts/new",
                visit -> showNew(visit, Form.of(Map.of("confirmed", "on"))));
        doors.post("/audiences/{audience}/contacts/new", this::create);
        doors.get("/audiences/{audience}/contacts/{contact}", this::show);
        doors.post("/audiences/{audience}/contacts/{contact}", this::update);
        doors.post("/audiences/{audience}/contacts/{contact}/unsubscribe", this::unsubscribe);
        doors.post("/audiences/{audience}/contacts/{contact}/delete", this::delete);
    }

    private void list(Visit visit) {
        var audience = audience(visit);
        var filter = filter(visit);
        var schema = audiences.schema(visit.account(), audience.uid());
        var found =
                search.page(
                        visit.account(), schema, filter, before(visit.query("before")), PAGE + 1);
        var page = found.subList(0, Math.min(PAGE, found.size()));
        var listing =
                new ContactPage(
                        audience,
                        // A part does not show them, and is asked for while somebody types.
                        visit.wantsPart()
                                ? NOT_COUNTED
                                : audiences.statistics(visit.account(), audience.id()),
                        filter,
                        page,
                        matching(visit, schema, filter),
                        found.size() > PAGE ? next(audience, filter, page.getLast()) : "");
        visit.show(
                visit.wantsPart()
                        ? templates.dashboardContactRows(visit, listing)
                        : templates.dashboardContacts(visit, listing));
    }

    private String matching(Visit visit, Schema schema, Filter filter) {
        int count = search.count(visit.account(), schema, filter);
        return count > ContactSearch.MOST_COUNTED
                ? "more than " + Moments.number(ContactSearch.MOST_COUNTED) + " contacts"
                : Moments.count(count, "contact", "contacts");
    }

    private void bulk(Visit visit) {
        var audience = audience(visit);
        var form = Form.of(visit.http());
        var picked = visit.http().formParams("pick");
        String back = "/audiences/" + audience.uid();
        if (picked.isEmpty()) {
            visit.go(back, "Tick the contacts first.");
            return;
        }
        int done = 0;
        try {
            for (var uid : picked) if (change(visit, audience, new ByUid(uid), form)) done++;
        } catch (Problem.BadInput e) {
            visit.go(back, e.getMessage());
            return;
        }
        String who = Moments.count(done, "contact", "contacts");
        visit.go(
                back,
                switch (form.value("do")) {
                    case "tag" -> "Tagged %s “%s”.".formatted(who, form.text("tag"));
                    case "unsubscribe" -> "Unsubscribed %s.".formatted(who);
                    case "delete" -> "Deleted %s.".formatted(who);
                    default -> "Nothing was changed.";
                });
    }

    /** Whether the contact was there still. */
    private boolean change(Visit visit, Audience audience, ContactRef who, Form form) {
        try {
            doTo(visit, audience, who, form);
            return true;
        } catch (Problem.NotFound e) {
            return false;
        }
    }

    private void doTo(Visit visit, Audience audience, ContactRef who, Form form) {
        switch (form.value("do")) {
            case "tag" -> {
                if (form.text("tag").isEmpty()) {
                    throw new Problem.BadInput("Write the tag that they are to get.");
                }
                contacts.addTags(
                        visit.account(),
                        audience.uid(),
                        who,
                        List.of(form.text("tag")),
                        visit.actor());
            }
            case "unsubscribe" ->
                    contacts.unsubscribe(visit.account(), audience.uid(), who, visit.actor());
            case "delete" -> contacts.delete(visit.account(), audience.uid(), who);
            default -> throw new Problem.BadInput("Choose what to do with them.");
        }
    }

    private void create(Visit visit) {
        var audience = audience(visit);
        var schema = audiences.schema(visit.account(), audience.uid());
        var form = Form.of(visit.http());
        var email = form.email("email");
        try {
            if (form.isFine()) {
                var given = new LinkedHashMap<String, Object>();
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
                                        tags(form),
                                        CustomFields.given(schema.fields(), given),
                                        mayIgnore && form.checked("confirmed")),
                                visit.actor());
                visit.go(
                        "/audiences/%s/contacts/%s".formatted(audience.uid(), uid),
                        email.value() + " is added.");
                return;
            }
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
                var given = new LinkedHashMap<String, Object>();
                for (String tag : schema.tags()) given.put(tag, form.value(tag));
                contacts.update(
                        visit.account(),
                        audience.uid(),
                        new ByUid(contact.uid()),
                        new Changes(
                                email, tags(form), CustomFields.checked(schema.fields(), given)),
                        visit.actor());
                visit.go(
                        "/audiences/%s/contacts/%s".formatted(audience.uid(), contact.uid()),
                        "Saved.");
                return;
            }
        } catch (Problem e) {
            form.refused(e);
        }
        visit.http().status(422);
        show(visit, audience, contact, form);
    }

    private void unsubscribe(Visit visit) {
        var audience = audience(visit);
        contacts.unsubscribe(
                visit.account(), audience.uid(), new ByUid(visit.part("contact")), visit.actor());
        visit.go(
                "/audiences/%s/contacts/%s".formatted(audience.uid(), visit.part("contact")),
                "Unsubscribed. Nothing more is sent to them.");
    }

    private void delete(Visit visit) {
        var audience = audience(visit);
        var contact = contact(visit, audience);
        contacts.delete(visit.account(), audience.uid(), new ByUid(contact.uid()));
        visit.go("/audiences/" + audience.uid(), contact.email().value() + " is deleted for good.");
    }

    private void show(Visit visit, Audience audience, Contact contact, Form form) {
        visit.show(
                templates.dashboardContact(
                        visit,
                        audience,
                        contact,
                        audiences.fields(visit.account(), audience.id()),
                        timeline
                                .page(
                                        visit.account(),
                                        audience.uid(),
                                        new ByUid(contact.uid()),
                                        1,
                                        MOMENTS)
                                .stream()
                                .map(Moment::of)
                                .toList(),
                        form));
    }

    private Audience audience(Visit visit) {
        return audiences.get(visit.account(), visit.part("audience"));
    }

    private Contact contact(Visit visit, Audience audience) {
        return contacts.get(visit.account(), audience.uid(), new ByUid(visit.part("contact")))
                .contact();
    }

    private static Form values(Contact contact) {
        var values = new LinkedHashMap<>(contact.fields());
        values.put("email", contact.email().value());
        values.put("tags", String.join(", ", contact.tags()));
        return Form.of(values);
    }

    private static List<String> tags(Form form) {
        var tags = new ArrayList<String>();
        for (String tag : form.text("tags").split(",", -1)) {
            if (!tag.isBlank() && !tags.contains(tag.strip())) tags.add(tag.strip());
        }
        return tags;
    }

    private static Filter filter(Visit visit) {
        ContactStatus status = null;
        for (var each : ContactStatus.values()) {
            if (each.wire().equals(visit.query("status"))) status = each;
        }
        return new Filter(visit.query("search"), status, visit.query("tag"));
    }

    private static long before(String given) {
        try {
            return given.isEmpty() ? Long.MAX_VALUE : Long.parseLong(given);
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }

    private static String next(Audience audience, Filter filter, Contact last) {
        return Dashboard.ROOT
                + "/audiences/%s?search=%s&status=%s&tag=%s&before=%d"
                        .formatted(
                                audience.uid(),
                                encoded(filter.text()),
                                filter.status() == null ? "" : filter.status().wire(),
                                encoded(filter.tag()),
                                last.id());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
