package io.dynosend.dashboard;

import io.dynosend.audience.Audiences;
import io.dynosend.campaign.Campaigns;
import io.dynosend.contact.ContactFilter;
import io.dynosend.contact.ContactSearch;
import io.dynosend.contact.ContactSearch.Order;
import io.dynosend.template.Templates;
import io.dynosend.templates.StaticTemplates;
import io.dynosend.transactional.Transactionals;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Finds anything by its name: the page behind the search, and what the palette shows of it. */
public final class SearchRoom implements Dashboard.Room {

    /** Something that was found, or may be gone to. */
    public record Place(String kind, String name, String href) {}

    private static final int MOST_OF_A_KIND = 5;
    private static final int AUDIENCES_SEARCHED = 20;
    private static final int SHORTEST_ADDRESS = 3;

    private static final List<Place> ALWAYS =
            List.of(
                    new Place("Page", "Home", "/app"),
                    new Place("Page", "Campaigns", "/app/campaigns"),
                    new Place("Page", "Transactional messages", "/app/transactional"),
                    new Place("Page", "Templates", "/app/templates"),
                    new Place("Page", "Audiences", "/app/audiences"),
                    new Place("Page", "Blacklist", "/app/blacklist"),
                    new Place("Page", "Domains", "/app/domains"),
                    new Place("Page", "Relays", "/app/relays"),
                    new Place("Page", "API", "/app/api"),
                    new Place("Page", "Settings", "/app/settings"),
                    new Place("Page", "API tokens", "/app/api"),
                    new Place("Page", "Your account", "/app/you"),
                    new Place("Page", "Two-step sign-in", "/app/you/two-step"),
                    new Place("Page", "Passkeys", "/app/you/passkeys"));
    private static final List<Place> TO_WRITE =
            List.of(
                    new Place("Action", "New campaign", "/app/campaigns/new"),
                    new Place("Action", "New audience", "/app/audiences/new"),
                    new Place("Action", "New template", "/app/templates/new"),
                    new Place("Action", "New transactional message", "/app/transactional/new"));
    private static final List<Place> TO_ADMINISTER =
            List.of(
                    new Place("Page", "People", "/app/people"),
                    new Place("Page", "Audit log", "/app/people/log"),
                    new Place("Action", "Invite somebody", "/app/people"),
                    new Place("Action", "Add a relay", "/app/relays/new"));
    private static final String IMPORT = "Import contacts";
    private static final Place MAILBOX = new Place("Page", "Mailbox", "/mailbox");

    private final Campaigns campaigns;
    private final Audiences audiences;
    private final ContactSearch contacts;
    private final Templates contentTemplates;
    private final Transactionals transactionals;
    private final StaticTemplates templates = new StaticTemplates();

    public SearchRoom(
            Campaigns campaigns,
            Audiences audiences,
            ContactSearch contacts,
            Templates contentTemplates,
            Transactionals transactionals) {
        this.campaigns = campaigns;
        this.audiences = audiences;
        this.contacts = contacts;
        this.contentTemplates = contentTemplates;
        this.transactionals = transactionals;
    }

    @Override
    public void open(Dashboard.Doors doors) {
        doors.get("/search", this::search);
    }

    private void search(Visit visit) {
        String wanted = visit.query("q");
        var places = wanted.isEmpty() ? known(visit, "") : found(visit, wanted);
        visit.show(
                visit.wantsPart()
                        ? templates.dashboardPlaces(places)
                        : templates.dashboardSearch(visit, wanted, places));
    }

    private static List<Place> known(Visit visit, String wanted) {
        var all = new ArrayList<Place>();
        if (visit.writes()) all.addAll(TO_WRITE);
        all.addAll(ALWAYS);
        if (visit.builtInMailbox()) all.add(MAILBOX);
        if (visit.administers()) all.addAll(TO_ADMINISTER);
        return all.stream().filter(place -> matches(place.name(), wanted)).toList();
    }

    private List<Place> found(Visit visit, String wanted) {
        long account = visit.account();
        var places = new ArrayList<>(known(visit, wanted));
        if (visit.writes() && matches(IMPORT, wanted)) add(places, imports(account), "");
        add(
                places,
                campaigns.list(account).stream()
                        .map(each ->
                                new Place("Campaign", each.name(), "/app/campaigns/" + each.uid())),
                wanted);
        add(
                places,
                audiences.list(account).stream()
                        .map(each ->
                                new Place("Audience", each.name(), "/app/audiences/" + each.uid())),
                wanted);
        add(
                places,
                transactionals.list(account).stream()
                        .map(each ->
                                new Place(
                                        "Transactional message",
                                        each.name(),
                                        "/app/transactional/" + each.uid())),
                wanted);
        add(
                places,
                contentTemplates.list(account, null).stream()
                        .map(each ->
                                new Place("Template", each.name(), "/app/templates/" + each.uid())),
                wanted);
        if (wanted.length() >= SHORTEST_ADDRESS) places.addAll(contacts(account, wanted));
        return places;
    }

    private Stream<Place> imports(long account) {
        return audiences.list(account).stream()
                .map(each ->
                        new Place(
                                "Action",
                                IMPORT + " into “%s”".formatted(each.name()),
                                "/app/audiences/%s/imports/new".formatted(each.uid())));
    }

    private static void add(List<Place> places, Stream<Place> all, String wanted) {
        all.filter(place -> matches(place.name(), wanted))
                .limit(MOST_OF_A_KIND)
                .forEach(places::add);
    }

    private List<Place> contacts(long account, String wanted) {
        var filter = new ContactFilter(wanted, null, "", null, null);
        return audiences.list(account).stream()
                .limit(AUDIENCES_SEARCHED)
                .flatMap(audience ->
                        contacts
                                .page(
                                        account,
                                        audience.id(),
                                        filter,
                                        Order.NEWEST,
                                        "",
                                        MOST_OF_A_KIND)
                                .stream()
                                .map(contact ->
                                        new Place(
                                                "Contact of " + audience.name(),
                                                contact.email().value(),
                                                "/app/audiences/%s/contacts/%s"
                                                        .formatted(audience.uid(), contact.uid()))))
                .limit(MOST_OF_A_KIND)
                .toList();
    }

    private static boolean matches(String name, String wanted) {
        return name.toLowerCase(Locale.ROOT).contains(wanted.toLowerCase(Locale.ROOT));
    }
}
