package io.dynosend.dashboard;

import io.dynosend.common.Problem;
import io.dynosend.domain.DnsRecord;
import io.dynosend.domain.DnsRecord.Purpose;
import io.dynosend.domain.DnsRecord.State;
import io.dynosend.domain.SendingDomain;
import io.dynosend.domain.SendingDomains;
import io.dynosend.domain.SendingDomains.WarmUp;
import io.dynosend.templates.StaticTemplates;
import io.dynosend.templates.Templates;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** Domains that mail is sent from, and what belongs into their DNS. */
public final class DomainRoom implements Dashboard.Room {

    /**
     * A domain as its page shows it.
     *
     * @param round how often a script has checked it by itself; -1: it does not
     */
    public record DomainPage(SendingDomain domain, Optional<WarmUp> warmUp, int round) {

        /** Whether all that receivers look for is there. */
        public boolean isComplete() {
            return isAllRight(domain);
        }

        public String href(String below) {
            return "/app/domains/" + domain.uid() + below;
        }
    }

    // A script asks every 20 seconds, for ten minutes.
    private static final int MOST_ROUNDS = 30;

    private final SendingDomains domains;
    private final Templates templates = new StaticTemplates();

    public DomainRoom(SendingDomains domains) {
        this.domains = domains;
    }

    @Override
    public void open(Dashboard.Doors doors) {
        doors.get("/domains", visit -> list(visit, Form.empty()));
        doors.postOfAdmins("/domains", this::create);
        doors.get("/domains/{domain}", this::show);
        doors.postOfAdmins("/domains/{domain}/check", this::check);
        doors.postOfAdmins("/domains/{domain}/warm-up", this::warmUp);
        doors.postOfAdmins("/domains/{domain}/delete", this::delete);
    }

    /** How a record stands, in one word for the badge. */
    public static String state(DnsRecord record) {
        return switch (record.finding().state()) {
            case OK -> "ok";
            case MISSING -> "missing";
            case WRONG -> "wrong";
            case UNREACHABLE -> "no answer";
            case UNCHECKED -> "unchecked";
        };
    }

    /** What a record does for the domain. */
    public static String purpose(Purpose purpose) {
        return switch (purpose) {
            case DKIM_RSA -> "Proves that mail is yours. Mail is signed as soon as it is found.";
            case DKIM_ED25519 -> "The same with a modern, shorter key, for receivers that know it.";
            case SPF -> "Says which servers may send for the domain.";
            case DMARC ->
                    "Says what receivers do with mail that is neither signed nor from your servers.";
        };
    }

    /** Its short name. */
    public static String name(Purpose purpose) {
        return switch (purpose) {
            case DKIM_RSA -> "DKIM, RSA";
            case DKIM_ED25519 -> "DKIM, Ed25519";
            case SPF -> "SPF";
            case DMARC -> "DMARC";
        };
    }

    /** What deleting does, before it is done. */
    public static String deletion(SendingDomain domain) {
        return ("Delete %s and its keys? Its mail goes out unsigned from now on, and often lands in"
                        + " the spam folder. New keys mean new DNS records.")
                .formatted(domain.domain());
    }

    private void list(Visit visit, Form form) {
        visit.show(templates.dashboardDomains(visit, domains.list(visit.account()), form));
    }

    private void create(Visit visit) {
        var form = Form.of(visit.http());
        try {
            String domain = form.required("domain", "Such as example.org");
            if (form.isFine()) {
                var made = domains.create(visit.account(), domain);
                visit.note("added the domain %s".formatted(made.domain()));
                visit.go(
                        "/domains/" + made.uid(),
                        "%s is added. Publish its records next.".formatted(made.domain()));
                return;
            }
        } catch (Problem.BadInput e) {
            form.wrong("domain", "This is not a domain, such as example.org");
        } catch (Problem.Conflict e) {
            form.wrong("domain", Objects.requireNonNullElse(e.getMessage(), "It is here already"));
        }
        visit.http().status(422);
        list(visit, form);
    }

    private void show(Visit visit) {
        int round = visit.query("waiting").isEmpty() ? -1 : 0;
        show(visit, domain(visit), round, Form.empty());
    }

    private void show(Visit visit, SendingDomain domain, int round, Form form) {
        var page =
                new DomainPage(
                        domain,
                        domains.warmUpOf(visit.account(), domain.uid()),
                        isAllRight(domain) ? -1 : round);
        visit.show(
                visit.wantsPart()
                        ? templates.dashboardDomainRecords(visit, page)
                        : templates.dashboardDomain(visit, page, form));
    }

    private void check(Visit visit) {
        var checked = domains.check(visit.account(), domain(visit).uid());
        if (visit.wantsPart()) {
            show(visit, checked, nextRound(Form.of(visit.http())), Form.empty());
            return;
        }
        visit.note("checked the DNS of %s".formatted(checked.domain()));
        String page = "/domains/" + checked.uid();
        if (isAllRight(checked)) {
            visit.go(page, "All records of %s are in place.".formatted(checked.domain()));
        } else {
            visit.go(page + "?waiting=yes", "Checked. Some records are not there yet.");
        }
    }

    private static int nextRound(Form form) {
        String text = form.text("round");
        int round = text.matches("[0-9]{1,3}") ? Integer.parseInt(text) + 1 : MOST_ROUNDS;
        return round >= MOST_ROUNDS ? -1 : round;
    }

    private void warmUp(Visit visit) {
        var domain = domain(visit);
        var form = Form.of(visit.http());
        if (form.value("do").equals("end")) {
            if (!visit.agrees(
                    "End the warm-up of %s? Its campaigns go out at full speed from now on."
                            .formatted(domain.domain()),
                    "End the warm-up")) {
                return;
            }
            domains.warmUp(visit.account(), domain.uid(), List.of());
            visit.note("ended the warm-up of %s".formatted(domain.domain()));
            visit.go("/domains/" + domain.uid(), "The warm-up has ended.");
            return;
        }
        var plan = plan(form);
        try {
            if (form.isFine()) {
                domains.warmUp(visit.account(), domain.uid(), plan);
                visit.note("started a warm-up of %s".formatted(domain.domain()));
                visit.go(
                        "/domains/" + domain.uid(),
                        "The warm-up begins today with %s messages."
                                .formatted(Moments.number(plan.getFirst())));
                return;
            }
        } catch (Problem.BadInput e) {
            form.wrong("plan", Objects.requireNonNullElse(e.getMessage(), "Not a plan"));
        }
        visit.http().status(422);
        show(visit, domain, -1, form);
    }

    private static List<Integer> plan(Form form) {
        var plan = new ArrayList<Integer>();
        for (String day : form.value("plan").strip().split("[,;\\s]+", -1)) {
            if (!day.matches("[0-9]{1,9}")) {
                form.wrong("plan", "Numbers with commas between them, such as 50, 100, 500");
                return List.of();
            }
            plan.add(Integer.valueOf(day));
        }
        return plan;
    }

    private void delete(Visit visit) {
        var domain = domain(visit);
        if (!visit.confirms(deletion(domain), "Delete the domain")) return;
        domains.delete(visit.account(), domain.uid());
        visit.note("deleted the domain %s".formatted(domain.domain()));
        visit.go("/domains", "%s is deleted.".formatted(domain.domain()));
    }

    private SendingDomain domain(Visit visit) {
        return domains.get(visit.account(), visit.part("domain"));
    }

    /** A plan to start with. */
    public static Form usualPlan() {
        return Form.of(
                Map.of(
                        "plan",
                        SendingDomains.USUAL_WARM_UP.stream()
                                .map(String::valueOf)
                                .collect(Collectors.joining(", "))));
    }

    private static boolean isAllRight(SendingDomain domain) {
        return domain.records().stream().allMatch(record -> record.finding().state() == State.OK);
    }
}
