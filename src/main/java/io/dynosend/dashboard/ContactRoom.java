package io.dynosend.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dynosend.audience.Audience;
import io.dynosend.audience.Audience.Statistics;
import io.dynosend.audience.Audiences;
import io.dynosend.audience.Field;
import io.dynosend.common.Problem;
import io.dynosend.contact.BulkChange;
import io.dynosend.contact.BulkChange.Action;
import io.dynosend.contact.BulkChanges;
import io.dynosend.contact.Contact;
import io.dynosend.contact.ContactFigures;
import io.dynosend.contact.ContactFilter;
import io.dynosend.contact.ContactRef;
import io.dynosend.contact.ContactRef.ByUid;
import io.dynosend.contact.ContactSearch;
import io.dynosend.contact.ContactSearch.Matches;
import io.dynosend.contact.ContactSearch.Order;
import io.dynosend.contact.Contacts;
import io.dynosend.contact.CsvCells;
import io.dynosend.contact.ImportJob;
import io.dynosend.contact.ImportJobs;
import io.dynosend.templates.StaticTemplates;
import io.dynosend.templates.Templates;
import java.io.IOException;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The contacts of an audience: found, changed many at a time, exported. */
public final class ContactRoom implements Dashboard.Room {

    /**
     * A page of contacts.
     *
     * @param next the address of the next page; empty: this is the last
     */
    public record ContactPage(
            Audience audience,
            Statistics statistics,
            ContactFilter filter,
            Order order,
            List<Contact> contacts,
            Matches matches,
            String next,
            List<Field> fields,
            List<String> tags,
            List<BulkChange> changes,
            List<ImportJob> imports) {

        public String address(String below) {
            return AudiencePages.root(audience) + below;
        }

        /** How many match, as it is written. */
        public String matching() {
            return (matches.more() ? "More than " : "")
                    + Moments.count(matches.count(), "contact", "contacts");
        }

        /** Whether more match than stand on the page. */
        public boolean isMore() {
            return matches.more() || matches.count() > contacts.size();
        }

        /** The address of the page with this filter below another path. */
        public String filtered(String below) {
            var address = Address.of("/audiences/" + audience.uid() + below);
            for (var each : filter.parameters().entrySet()) {
                address = address.with(each.getKey(), each.getValue());
            }
            return address.toString();
        }
    }

    private static final int PAGE = 50;
    private static final int EXPORTED_AT_ONCE = 1_000;
    private static final int TAGS_TO_CHOOSE = 500;

    private final Contacts contacts;
    private final Audiences audiences;
    private final ContactSearch search;
    private final BulkChanges bulkChanges;
    private final ContactFigures figures;
    private final ImportJobs imports;
    private final Templates templates = new StaticTemplates();

    public ContactRoom(
            Contacts contacts,
            Audiences audiences,
            ContactSearch search,
            BulkChanges bulkChanges,
            ContactFigures figures,
            ImportJobs imports) {
        this.contacts = contacts;
        this.audiences = audiences;
        this.search = search;
        this.bulkChanges = bulkChanges;
        this.figures = figures;
        this.imports = imports;
    }

    @Override
    public void open(Dashboard.Doors doors) {
        doors.get("/audiences/{audience}", this::list);
        doors.post("/audiences/{audience}/contacts/bulk", this::bulk);
        doors.get("/audiences/{audience}/changes/{change}", this::change);
        doors.post("/audiences/{audience}/changes/{change}/stop", this::stop);
        doors.post("/audiences/{audience}/export", this::export);
    }

    private void list(Visit visit) {
        var audience = audience(visit);
        var filter = ContactFilter.of(visit::query);
        var order = order(visit);
        var found =
                search.page(
                        visit.account(),
                        audience.id(),
                        filter,
                        order,
                        visit.query("after"),
                        PAGE + 1);
        var page = found.subList(0, Math.min(PAGE, found.size()));
        boolean part = visit.wantsPart();
        var statistics = audiences.statistics(visit.account(), audience.id());
        var listing =
                new ContactPage(
                        audience,
                        statistics,
                        filter,
                        order,
                        page,
                        filter.isEmpty()
                                ? new Matches((int) statistics.contacts(), false)
                                : matches(visit, audience, filter, found.size()),
                        found.size() > PAGE ? next(visit, order, page.getLast()) : "",
                        part ? List.of() : audiences.fields(visit.account(), audience.id()),
                        figures.tags(visit.account(), audience.id(), TAGS_TO_CHOOSE),
                        part ? List.of() : bulkChanges.underWay(visit.account(), audience.id()),
                        part ? List.of() : imports.underWay(visit.account(), audience.id()));
        visit.show(
                part
                        ? templates.dashboardContactRows(visit, listing)
                        : templates.dashboardContacts(visit, listing));
    }

    private Matches matches(Visit visit, Audience audience, ContactFilter filter, int found) {
        if (visit.query("after").isEmpty() && found <= PAGE) return new Matches(found, false);
        return search.count(visit.account(), audience.id(), filter, Math.min(PAGE, found));
    }

    private static Order order(Visit visit) {
        return switch (visit.query("order")) {
            case "oldest" -> Order.OLDEST;
            case "address" -> Order.ADDRESS;
            default -> Order.NEWEST;
        };
    }

    private static String next(Visit visit, Order order, Contact last) {
        return Address.of(visit).with("after", order.cursor(last)).toString();
    }

    /** What a contact may have done, to choose from. */
    public static List<Choice> activities() {
        return List.of(
                new Choice("", "Any activity"),
                new Choice("opened-30", "Opened in the last 30 days"),
                new Choice("opened-90", "Opened in the last 90 days"),
                new Choice("clicked-30", "Clicked in the last 30 days"),
                new Choice("clicked-90", "Clicked in the last 90 days"),
                new Choice("never-opened", "Never opened"),
                new Choice("joined-7", "Joined in the last 7 days"),
                new Choice("joined-30", "Joined in the last 30 days"),
                new Choice("joined-90", "Joined in the last 90 days"),
                new Choice("bounced", "Bounced"));
    }

    /** The orders of the list, to choose from. */
    public static List<Choice> orders() {
        return List.of(
                new Choice("newest", "Newest first"),
                new Choice("oldest", "Oldest first"),
                new Choice("address", "By address"));
    }

    private void bulk(Visit visit) {
        var audience = audience(visit);
        var form = Form.of(visit.http());
        String back = "/audiences/" + audience.uid();
        try {
            var action = Action.of(form.value("do"));
            if (form.value("scope").equals("all")) all(visit, audience, action, form);
            else picked(visit, audience, action, form);
        } catch (Problem.BadInput e) {
            visit.go(back, e.getMessage());
        }
    }

    private void all(Visit visit, Audience audience, Action action, Form form) {
        var filter = ContactFilter.of(form::value);
        String tag = form.text("with_tag");
        if (action == Action.CLEAR) throw new Problem.BadInput("Choose what to do with them");
        requireTag(action, tag);
        int total = search.countAll(visit.account(), audience.id(), filter);
        if (total == 0) {
            visit.go("/audiences/" + audience.uid(), "Nobody matches any more.");
            return;
        }
        String question =
                question(
                        action,
                        tag,
                        (total == 1 ? "the contact" : "all " + Moments.number(total) + " contacts")
                                + (filter.isEmpty() ? "" : " that match"));
        if (!(takesAway(action)
                ? visit.confirms(question, verb(action))
                : visit.agrees(question, verb(action)))) {
            return;
        }
        String uid =
                bulkChanges.start(
                        visit.account(), audience.id(), filter, action, tag, total, visit.actor());
        visit.note(
                "began to %s %s of the audience “%s”"
                        .formatted(
                                verb(action).toLowerCase(Locale.ROOT),
                                Moments.count(total, "contact", "contacts"),
                                audience.name()));
        visit.go("/audiences/%s/changes/%s".formatted(audience.uid(), uid), null);
    }

    private void picked(Visit visit, Audience audience, Action action, Form form) {
        var picked = visit.http().formParams("pick");
        String back = "/audiences/" + audience.uid();
        if (picked.isEmpty()) {
            visit.go(back, "Tick the contacts first.");
            return;
        }
        String tag = form.text("with_tag");
        requireTag(action, tag);
        boolean asks = takesAway(action);
        if (asks
                && !visit.confirms(
                        question(
                                action,
                                tag,
                                picked.size() == 1
                                        ? "the selected contact"
                                        : "the %d selected contacts".formatted(picked.size())),
                        verb(action))) {
            return;
        }
        int done = 0;
        for (var uid : picked) if (change(visit, audience, new ByUid(uid), action, tag)) done++;
        String who = Moments.count(done, "contact", "contacts");
        if (asks) {
            visit.note(
                    "%s %s of the audience “%s”"
                            .formatted(
                                    action == Action.DELETE ? "deleted" : "unsubscribed",
                                    who,
                                    audience.name()));
        }
        visit.go(back, said(action, who, tag));
    }

    /** Whether the contact was there still. */
    private boolean change(
            Visit visit, Audience audience, ContactRef who, Action action, String tag) {
        long account = visit.account();
        try {
            switch (action) {
                case TAG ->
                        contacts.addTags(account, audience.uid(), who, List.of(tag), visit.actor());
                case UNTAG ->
                        contacts.removeTags(
                                account, audience.uid(), who, List.of(tag), visit.actor());
                case UNSUBSCRIBE ->
                        contacts.unsubscribe(account, audience.uid(), who, visit.actor());
                case DELETE -> contacts.delete(account, audience.uid(), who);
                case CLEAR -> throw new Problem.BadInput("Choose what to do with them");
            }
            return true;
        } catch (Problem.NotFound e) {
            return false;
        }
    }

    private static boolean takesAway(Action action) {
        return action == Action.DELETE || action == Action.UNSUBSCRIBE;
    }

    private static void requireTag(Action action, String tag) {
        if ((action == Action.TAG || action == Action.UNTAG) && tag.isEmpty()) {
            throw new Problem.BadInput("Write the tag first.");
        }
    }

    private static String question(Action action, String tag, String who) {
        return switch (action) {
            case TAG -> "Add the tag “%s” to %s?".formatted(tag, who);
            case UNTAG -> "Remove the tag “%s” from %s?".formatted(tag, who);
            case UNSUBSCRIBE ->
                    "Unsubscribe %s? They get nothing more from this audience.".formatted(who);
            case DELETE ->
                    "Delete %s with consent record and history? It cannot be undone."
                            .formatted(who);
            case CLEAR -> "";
        };
    }

    private static String verb(Action action) {
        return switch (action) {
            case TAG -> "Tag";
            case UNTAG -> "Remove the tag";
            case UNSUBSCRIBE -> "Unsubscribe";
            case DELETE -> "Delete";
            case CLEAR -> "Clear";
        };
    }

    private static String said(Action action, String who, String tag) {
        return switch (action) {
            case TAG -> "Tagged %s “%s”.".formatted(who, tag);
            case UNTAG -> "Removed the tag “%s” from %s.".formatted(tag, who);
            case UNSUBSCRIBE -> "Unsubscribed %s.".formatted(who);
            case DELETE -> "Deleted %s.".formatted(who);
            case CLEAR -> "";
        };
    }

    private void change(Visit visit) {
        var audience = audience(visit);
        var change = bulkChanges.get(visit.account(), audience.id(), visit.part("change"));
        visit.show(
                visit.wantsPart()
                        ? templates.dashboardBulkProgress(visit, audience, change)
                        : templates.dashboardBulk(visit, audience, change));
    }

    /** What a change does, as the heading of its page. */
    public static String heading(BulkChange change) {
        return switch (change.action()) {
            case TAG -> "Add the tag “%s”".formatted(change.value());
            case UNTAG -> "Remove the tag “%s”".formatted(change.value());
            case UNSUBSCRIBE -> "Unsubscribe";
            case DELETE -> "Delete";
            case CLEAR -> "Clear the field " + change.value();
        };
    }

    private void stop(Visit visit) {
        var audience = audience(visit);
        var change = bulkChanges.get(visit.account(), audience.id(), visit.part("change"));
        bulkChanges.stop(visit.account(), audience.id(), change.uid());
        visit.go(
                "/audiences/%s/changes/%s".formatted(audience.uid(), change.uid()),
                "Stopped. What was changed stays changed.");
    }

    // Some at a time, so that a million take no more room; a slow reader holds nothing meanwhile.
    private void export(Visit visit) throws IOException {
        var audience = audience(visit);
        var filter = ContactFilter.of(Form.of(visit.http())::value);
        var tags = audiences.schema(visit.account(), audience.uid()).tags();
        visit.note(
                "exported contacts of the audience “%s”%s"
                        .formatted(audience.name(), filter.isEmpty() ? "" : ", filtered"));
        visit.download("text/csv; charset=utf-8", "contacts-%s.csv".formatted(audience.uid()));
        var out = visit.http().res().getOutputStream();
        out.write(new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF});
        var head = new ArrayList<>(List.of("EMAIL", "status", "source", "created_at", "tags"));
        head.addAll(tags);
        out.write(CsvCells.line(head).getBytes(UTF_8));
        String after = "";
        List<Contact> page;
        do {
            page =
                    search.some(
                            visit.account(),
                            audience.id(),
                            filter,
                            Order.OLDEST,
                            after,
                            EXPORTED_AT_ONCE);
            for (var contact : page) {
                out.write(CsvCells.line(cells(contact, tags)).getBytes(UTF_8));
                after = Order.OLDEST.cursor(contact);
            }
        } while (!page.isEmpty());
        out.flush();
    }

    private static List<String> cells(Contact contact, List<String> tags) {
        Map<String, String> fields = contact.fields();
        var cells = new ArrayList<String>();
        cells.add(contact.email().value());
        cells.add(contact.status().wire());
        cells.add(contact.source());
        cells.add(DateTimeFormatter.ISO_INSTANT.format(contact.createdAt()));
        cells.add(String.join(", ", contact.tags()));
        for (String tag : tags) cells.add(fields.getOrDefault(tag, ""));
        return cells;
    }

    private Audience audience(Visit visit) {
        return audiences.get(visit.account(), visit.part("audience"));
    }
}
