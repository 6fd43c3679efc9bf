package io.dynosend.dashboard;

import io.dynosend.account.Quotas;
import io.dynosend.audience.Audiences;
import io.dynosend.campaign.CampaignControl;
import io.dynosend.campaign.Campaigns;
import io.dynosend.campaign.Drafts;
import io.dynosend.campaign.Previews;
import io.dynosend.campaign.QualityGates;
import io.dynosend.campaign.Schedules;
import io.dynosend.common.EmailAddress;
import io.dynosend.common.Problem;
import io.dynosend.contact.Contact;
import io.dynosend.contact.ContactFilter;
import io.dynosend.contact.ContactRef;
import io.dynosend.contact.ContactSearch;
import io.dynosend.contact.ContactSearch.Order;
import io.dynosend.contact.Contacts;
import io.dynosend.contact.Reach;
import io.dynosend.contact.Reach.Reached;
import io.dynosend.content.Wording;
import io.dynosend.templates.StaticTemplates;
import io.dynosend.templates.Templates;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The last two steps of a campaign: looked at from all sides, and sent. */
public final class ReviewRoom implements Dashboard.Room {

    // The builder makes functions of its own templates, and writes styles; all of that happens in a
    // document within this one that has no origin, and so no session, and connects to nothing.
    private static final String BUILDER_POLICY =
            "default-src 'none'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline';"
                    + " img-src data: https: http:; frame-src data:; connect-src 'none';"
                    + " form-action 'none'; base-uri 'none'; frame-ancestors 'self'";

    private static final int MOST_FOUND = 8;
    private static final int MOST_TESTS = 10;

    private final Campaigns campaigns;
    private final Audiences audiences;
    private final Contacts contacts;
    private final ContactSearch search;
    private final Drafts drafts;
    private final Previews previews;
    private final QualityGates gates;
    private final Schedules schedules;
    private final CampaignControl control;
    private final Quotas quotas;
    private final Reach reach;
    private final RelayTroubles troubles;
    private final Templates templates = new StaticTemplates();

    public ReviewRoom(
            Campaigns campaigns,
            Audiences audiences,
            Contacts contacts,
            ContactSearch search,
            Drafts drafts,
            Previews previews,
            QualityGates gates,
            Schedules schedules,
            CampaignControl control,
            Quotas quotas,
            Reach reach,
            RelayTroubles troubles) {
        this.campaigns = campaigns;
        this.audiences = audiences;
        this.contacts = contacts;
        this.search = search;
        this.drafts = drafts;
        this.previews = previews;
        this.gates = gates;
        this.schedules = schedules;
        this.control = control;
        this.quotas = quotas;
        this.reach = reach;
        this.troubles = troubles;
    }

    @Override
    public void open(Dashboard.Doors doors) {
        doors.get("/builder", ReviewRoom::builder);
        doors.get("/campaigns/{campaign}/look", this::look);
        doors.get("/campaigns/{campaign}/preview", this::preview);
        doors.get("/campaigns/{campaign}/review", this::review);
        doors.get("/campaigns/{campaign}/checks", this::checks);
        doors.get("/campaigns/{campaign}/reach", this::reach);
        doors.post("/campaigns/{campaign}/test", this::test);
        doors.get("/campaigns/{campaign}/send", this::send);
        doors.post("/campaigns/{campaign}/start", this::start);
        doors.post("/campaigns/{campaign}/schedule", this::schedule);
        doors.post("/campaigns/{campaign}/unschedule", this::unschedule);
        doors.post("/campaigns/{campaign}/send/limit", this::limit);
    }

    private static void builder(Visit visit) {
        Preview.framed(
                visit,
                BUILDER_POLICY,
                new StaticTemplates().dashboardBuilder(visit.theme()).render());
    }

    private void look(Visit visit) {
        var desk = desk(visit);
        var asked = new LinkedHashMap<String, String>();
        for (String name : Look.NAMES) asked.put(name, visit.query(name));
        var look = look(visit, desk, asked);
        visit.show(
                visit.wantsPart()
                        ? templates.dashboardEditorLook(look)
                        : templates.dashboardEditorLookPage(visit, look));
    }

    private Look look(Visit visit, Desk desk, Map<String, String> asked) {
        String uid = asked.getOrDefault("contact", "");
        String who =
                uid.isEmpty()
                        ? ""
                        : contacts.get(
                                        visit.account(),
                                        desk.audience().uid(),
                                        new ContactRef.ByUid(uid))
                                .contact()
                                .email()
                                .value();
        Wording wording = null;
        String problem = "";
        try {
            wording = previews.of(visit.account(), desk.campaign().uid(), uidOrNull(uid));
        } catch (Problem.NotFound e) {
            throw e;
        } catch (Problem e) {
            problem = e.getMessage();
        }
        return new Look(desk, asked, who, found(visit, desk, asked), wording, problem);
    }

    private List<Contact> found(Visit visit, Desk desk, Map<String, String> asked) {
        String text = asked.getOrDefault("q", "");
        if (text.isEmpty()) return List.of();
        return search.page(
                visit.account(),
                desk.audience().id(),
                new ContactFilter(text, null, "", null, null),
                Order.NEWEST,
                "",
                MOST_FOUND);
    }

    /** The message as its reader sees it, for a frame that runs nothing. */
    private void preview(Visit visit) {
        String html;
        try {
            var wording =
                    previews.of(
                            visit.account(),
                            visit.part("campaign"),
                            uidOrNull(visit.query("contact")));
            html = Objects.requireNonNullElse(wording.html(), "");
        } catch (Problem.NotFound e) {
            throw e;
        } catch (Problem e) {
            html = "";
        }
        Preview.answer(visit, html);
    }

    private void review(Visit visit) {
        var to = Form.of(Map.of("to", visit.session().email().value()));
        showReview(visit, desk(visit), to);
    }

    private void showReview(Visit visit, Desk desk, Form form) {
        if (EditorRoom.leadsAway(visit, desk)) return;
        visit.show(templates.dashboardEditorReview(visit, desk, form));
    }

    private void checks(Visit visit) {
        var desk = desk(visit);
        var findings = gates.check(visit.account(), desk.campaign().uid());
        visit.show(
                visit.wantsPart()
                        ? templates.dashboardEditorChecks(desk, findings)
                        : templates.dashboardEditorChecksPage(visit, desk, findings));
    }

    private void reach(Visit visit) {
        var desk = desk(visit);
        var reached = reached(visit, desk);
        var usage = quotas.of(visit.account());
        visit.show(
                visit.wantsPart()
                        ? templates.dashboardEditorReach(desk, reached, usage)
                        : templates.dashboardEditorReachPage(visit, desk, reached, usage));
    }

    private Reached reached(Visit visit, Desk desk) {
        long audience = desk.audience().id();
        return reach.of(visit.account(), audience, audiences.statistics(visit.account(), audience));
    }

    private void test(Visit visit) {
        var desk = desk(visit);
        var form = Form.of(visit.http());
        var to = addresses(form);
        String contact = form.text("as");
        try {
            if (form.isFine()) {
                String uid = contact.isEmpty() ? null : contactUid(visit, desk, contact);
                for (var address : to) {
                    previews.send(visit.account(), desk.campaign().uid(), address, uid);
                }
                visit.note(
                        "sent a test of the campaign “%s” to %s"
                                .formatted(desk.campaign().name(), list(to)));
                visit.go(
                        "/campaigns/" + desk.campaign().uid() + "/review",
                        "A test is on its way to %s.".formatted(list(to)));
                return;
            }
        } catch (Problem.NotFound e) {
            form.wrong("as", "This audience has no contact of this address");
        } catch (Problem e) {
            form.refused(e);
        }
        visit.http().status(422);
        showReview(visit, desk, form);
    }

    private String contactUid(Visit visit, Desk desk, String email) {
        return contacts.get(
                        visit.account(),
                        desk.audience().uid(),
                        new ContactRef.ByEmail(new EmailAddress(email)))
                .contact()
                .uid();
    }

    private static List<EmailAddress> addresses(Form form) {
        var addresses = new ArrayList<EmailAddress>();
        for (String text : form.value("to").split("[,;\\s]+", -1)) {
            if (text.isEmpty()) continue;
            try {
                addresses.add(new EmailAddress(text));
            } catch (Problem e) {
                form.wrong(
                        "to",
                        "“%s” is not an e-mail address, such as ada@example.org".formatted(text));
            }
        }
        if (addresses.isEmpty() && form.isFine()) {
            form.wrong("to", "Give at least one address, such as ada@example.org");
        }
        if (addresses.size() > MOST_TESTS) {
            form.wrong("to", "At most %d addresses at once".formatted(MOST_TESTS));
        }
        return addresses;
    }

    private static String list(List<EmailAddress> addresses) {
        return String.join(", ", addresses.stream().map(EmailAddress::value).toList());
    }

    private void send(Visit visit) {
        var desk = desk(visit);
        var at = desk.draft().scheduledAt();
        var values = new LinkedHashMap<String, String>();
        values.put("zone", "UTC");
        if (at != null) {
            var moment = LocalMoment.of(at, desk.draft().zone());
            values.put("at", moment.field());
            values.put("zone", moment.zoneName());
        }
        var perHour = control.standing(visit.account(), desk.campaign()).perHour();
        if (perHour != null) values.put("per_hour", perHour.toString());
        showSend(visit, desk, Form.of(values));
    }

    private void showSend(Visit visit, Desk desk, Form form) {
        if (desk.campaign().mailing() != null) {
            EditorRoom.leadsAway(visit, desk);
            return;
        }
        var zones = LocalMoment.zones().stream().map(id -> new Choice(id, id)).toList();
        var at = desk.draft().scheduledAt();
        var usage = quotas.of(visit.account());
        visit.show(
                templates.dashboardEditorSend(
                        visit,
                        desk,
                        form,
                        usage,
                        // Where there is no quota nobody need be counted.
                        usage.quota() == null ? 0 : reached(visit, desk).reached(),
                        zones,
                        troubles.of(visit),
                        at == null ? null : LocalMoment.of(at, desk.draft().zone())));
    }

    private void start(Visit visit) {
        var desk = desk(visit);
        String name = desk.campaign().name();
        String to = Moments.count(reached(visit, desk).reached(), "contact", "contacts");
        var question =
                new StringBuilder(
                        "Send “%s” to %s of “%s” now?".formatted(name, to, desk.audience().name()));
        for (var trouble : troubles.of(visit)) question.append(' ').append(trouble.text());
        if (!visit.agrees(question.toString(), "Send now")) return;
        try {
            campaigns.start(visit.account(), desk.campaign().uid());
            visit.note("started the campaign “%s” to %s".formatted(name, to));
            visit.go("/campaigns/" + desk.campaign().uid(), "Sending to %s.".formatted(to));
        } catch (Problem.NotFound e) {
            throw e;
        } catch (Problem e) {
            visit.http().status(422);
            showSend(visit, desk, Form.of(Map.of("zone", "UTC")).refused(e));
        }
    }

    private void schedule(Visit visit) {
        var desk = desk(visit);
        var form = Form.of(visit.http());
        try {
            var moment = LocalMoment.of(form.text("at"), form.text("zone"));
            drafts.schedule(visit.account(), desk.campaign().uid(), moment.at(), moment.zone());
            visit.note(
                    "scheduled the campaign “%s” for %s"
                            .formatted(desk.campaign().name(), moment.text()));
            visit.go(
                    "/campaigns/" + desk.campaign().uid() + "/send",
                    "Scheduled for %s.".formatted(moment.text()));
            return;
        } catch (Problem.NotFound e) {
            throw e;
        } catch (Problem.BadInput e) {
            form.wrong("at", e.getMessage().replace("scheduled_at must be", "The time must be"));
        } catch (Problem e) {
            form.refused(e);
        }
        visit.http().status(422);
        showSend(visit, desk, form);
    }

    private void unschedule(Visit visit) {
        var desk = desk(visit);
        try {
            schedules.schedule(visit.account(), desk.campaign().uid(), null);
            visit.note("unscheduled the campaign “%s”".formatted(desk.campaign().name()));
            visit.go(
                    "/campaigns/" + desk.campaign().uid() + "/send",
                    "It does not start by itself any more.");
        } catch (Problem.Conflict e) {
            visit.go("/campaigns/" + desk.campaign().uid(), e.getMessage());
        }
    }

    private void limit(Visit visit) {
        var desk = desk(visit);
        var form = Form.of(visit.http());
        String text = form.text("per_hour").replace(",", "");
        try {
            if (!text.isEmpty() && !text.matches("[1-9][0-9]{0,9}")) {
                form.wrong("per_hour", "A number of mails, such as 1000; empty: no limit");
            } else {
                control.limit(
                        visit.account(),
                        desk.campaign().uid(),
                        text.isEmpty() ? null : Long.valueOf(text));
                visit.go("/campaigns/" + desk.campaign().uid() + "/send", "Saved.");
                return;
            }
        } catch (Problem.BadInput e) {
            form.wrong("per_hour", "At most 1,000,000,000");
        }
        visit.http().status(422);
        showSend(visit, desk, form);
    }

    private Desk desk(Visit visit) {
        var campaign = campaigns.get(visit.account(), visit.part("campaign"));
        var audience = audiences.get(visit.account(), campaign.audience());
        return new Desk(campaign, audience, drafts.of(visit.account(), campaign, audience));
    }

    private static @Nullable String uidOrNull(String uid) {
        return uid.isEmpty() ? null : uid;
    }
}
