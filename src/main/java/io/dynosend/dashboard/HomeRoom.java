package io.dynosend.dashboard;

import io.dynosend.account.Quotas;
import io.dynosend.audience.Audience;
import io.dynosend.audience.Audiences;
import io.dynosend.campaign.CampaignLine;
import io.dynosend.campaign.CampaignList;
import io.dynosend.campaign.CampaignList.Filter;
import io.dynosend.campaign.CampaignStatus;
import io.dynosend.campaign.Insights;
import io.dynosend.contact.ContactFigures;
import io.dynosend.dashboard.Chart.Point;
import io.dynosend.dashboard.Chart.Series;
import io.dynosend.domain.SendingDomains;
import io.dynosend.templates.StaticTemplates;
import io.dynosend.templates.Templates;
import io.dynosend.tracking.EngagementHours;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** What goes on, what needs a decision, and what to do first. */
public final class HomeRoom implements Dashboard.Room {

    /** A campaign under way and how fast it goes. */
    public record Busy(CampaignCard card, Pace pace) {}

    /**
     * What there is to know at a glance.
     *
     * @param busy under way or held
     * @param scheduled the next ones first
     * @param last sent, the newest first
     * @param steps to the first campaign; none once it is out
     */
    public record Overview(
            List<Busy> busy,
            List<CampaignLine> scheduled,
            List<CampaignCard> last,
            Quotas.Usage usage,
            List<Warning> warnings,
            List<Task> steps,
            int days) {

        /** What the page says when it asks again. */
        public String told() {
            return busy.stream().map(each -> each.pace().told()).collect(Collectors.joining("_"));
        }

        public long stepsDone() {
            return steps.stream().filter(Task::done).count();
        }
    }

    /** The charts, which are not needed for the rest to be read. */
    public record Charts(long subscribed, Chart growth, Chart engagement, int days) {}

    /** Something that needs somebody. */
    public record Warning(String text, String href, String action) {}

    /** A step to the first campaign. */
    public record Task(String text, String hint, String href, boolean done) {}

    private static final int LAST = 5;

    // More of them have their say on their own pages.
    private static final int LOOKED_AT = 200;

    // What big receivers begin to mind.
    private static final double MANY_BOUNCES = 0.02;
    private static final double MANY_COMPLAINTS = 0.001;
    private static final int FEW = 20;

    private final CampaignList list;
    private final Audiences audiences;
    private final SendingDomains domains;
    private final RelayTroubles troubles;
    private final Quotas quotas;
    private final EngagementHours hours;
    private final ContactFigures contactFigures;
    private final InstantSource clock;
    private final Templates templates = new StaticTemplates();

    public HomeRoom(
            CampaignList list,
            Audiences audiences,
            SendingDomains domains,
            RelayTroubles troubles,
            Quotas quotas,
            EngagementHours hours,
            ContactFigures contactFigures,
            InstantSource clock) {
        this.list = list;
        this.audiences = audiences;
        this.domains = domains;
        this.troubles = troubles;
        this.quotas = quotas;
        this.hours = hours;
        this.contactFigures = contactFigures;
        this.clock = clock;
    }

    @Override
    public void open(Dashboard.Doors doors) {
        doors.get("", this::show);
        doors.get("/charts", this::charts);
    }

    private void show(Visit visit) {
        var overview = overview(visit);
        visit.show(
                visit.wantsPart()
                        ? templates.dashboardHomeNow(visit, overview)
                        : templates.dashboardHome(visit, overview, Optional.empty()));
    }

    private void charts(Visit visit) {
        var charts = charts(visit.account(), days(visit));
        visit.show(
                visit.wantsPart()
                        ? templates.dashboardHomeCharts(charts)
                        : templates.dashboardHome(visit, overview(visit), Optional.of(charts)));
    }

    private static int days(Visit visit) {
        return visit.query("days").equals("90") ? 90 : 30;
    }

    private Overview overview(Visit visit) {
        long account = visit.account();
        var lines = list.lines(account, Filter.ALL);
        var latest =
                lines.stream()
                        .filter(line -> line.status() == CampaignStatus.DONE)
                        .sorted(Comparator.comparing(CampaignLine::when).reversed())
                        .limit(LAST)
                        .toList();
        var shown = new LinkedHashSet<>(latest);
        lines.stream().filter(HomeRoom::isInQuestion).forEach(shown::add);
        shown.addAll(list.unknown(account, lines));
        var insights = list.insights(account, shown);
        var cards =
                lines.stream()
                        .filter(shown::contains)
                        .map(line -> card(line, insights))
                        .limit(LOOKED_AT)
                        .toList();
        var told = Pace.told(visit.query("told"));
        var busy =
                cards.stream()
                        .filter(CampaignCard::isUnderWay)
                        .map(card ->
                                new Busy(
                                        card,
                                        Pace.of(
                                                card,
                                                told.get(card.line().uid()),
                                                clock.instant())))
                        .toList();
        var last = latest.stream().map(line -> card(line, insights)).toList();
        var scheduled =
                lines.stream()
                        .filter(line -> line.status() == CampaignStatus.SCHEDULED)
                        .sorted(Comparator.comparing(CampaignLine::when))
                        .limit(LAST)
                        .toList();
        var found = audiences.list(account);
        boolean isOut = lines.stream().anyMatch(line -> !line.isDraft());
        return new Overview(
                busy,
                scheduled,
                last,
                quotas.of(account),
                warnings(visit, cards, last, found),
                isOut ? List.of() : steps(account, found, !lines.isEmpty()),
                days(visit));
    }

    private static CampaignCard card(CampaignLine line, Map<String, Insights> insights) {
        return new CampaignCard(line, Objects.requireNonNull(insights.get(line.uid())));
    }

    /** Whether it is under way, or could not be started. */
    private static boolean isInQuestion(CampaignLine line) {
        return line.failure() != null
                || switch (line.status()) {
                    case QUEUED, SENDING, PAUSED -> true;
                    default -> false;
                };
    }

    private List<Warning> warnings(
            Visit visit, List<CampaignCard> cards, List<CampaignCard> last, List<Audience> found) {
        long account = visit.account();
        var warnings = new ArrayList<Warning>();
        for (var card : cards) {
            warnOfState(card, warnings);
        }
        warnings.addAll(troubles.of(visit));
        for (var domain : domains.list(account)) {
            if (domain.verifiedAt() == null) {
                warnings.add(
                        new Warning(
                                "Mail from %s is not signed: its DNS records were not found."
                                        .formatted(domain.domain()),
                                "/app/domains",
                                "See the records"));
            }
        }
        for (var audience : found) {
            if (audience.contactInformation().postalAddress().isEmpty()) {
                warnings.add(
                        new Warning(
                                "“%s” has no postal address, which every campaign must show."
                                        .formatted(audience.name()),
                                "/app/audiences/" + audience.uid() + "/settings",
                                "Add it"));
            }
        }
        for (var card : last) warnOfRates(card, warnings);
        return warnings;
    }

    private static void warnOfState(CampaignCard card, List<Warning> warnings) {
        String name = card.line().name();
        if (!card.heldBecause().isEmpty()) {
            warnings.add(
                    new Warning(
                            "“%s” has paused itself. %s".formatted(name, card.heldBecause()),
                            card.href(),
                            "Open it"));
        }
        String failure = card.line().failure();
        if (failure != null) {
            warnings.add(
                    new Warning(
                            "“%s” was not started: %s".formatted(name, failure),
                            card.href(),
                            "Open it"));
        }
        long unknown = card.insights().counts().unknown();
        if (unknown > 0) {
            warnings.add(
                    new Warning(
                            "For %s of “%s” the relay never said whether it took it."
                                    .formatted(Moments.count(unknown, "message", "messages"), name),
                            card.href("/report/recipients?which=unknown"),
                            "Decide"));
        }
    }

    // Of a handful each one is a large share.
    private static void warnOfRates(CampaignCard card, List<Warning> warnings) {
        var counts = card.insights().counts();
        if (counts.recipients() < FEW) return;
        String name = card.line().name();
        if (card.bounceRate() > MANY_BOUNCES) {
            warnings.add(
                    new Warning(
                            "%s of “%s” bounced. Over 2 %% makes receivers suspicious."
                                    .formatted(
                                            Moments.share(counts.bounced(), counts.recipients()),
                                            name),
                            card.href("/report/recipients?which=bounced"),
                            "See who"));
        }
        if (card.complaintRate() > MANY_COMPLAINTS) {
            warnings.add(
                    new Warning(
                            "%s of the readers of “%s” reported it as spam. Large receivers mind from 0.1 %%, and refuse from 0.3 %%."
                                    .formatted(
                                            Moments.share(
                                                    card.insights().totals().complained(),
                                                    card.insights().delivered()),
                                            name),
                            card.href("/report/recipients?which=complained"),
                            "See who"));
        }
    }

    private List<Task> steps(long account, List<Audience> found, boolean written) {
        boolean hasContacts =
                found.stream()
                        .anyMatch(audience ->
                                audiences.statistics(account, audience.id()).contacts() > 0);
        String contacts =
                found.size() == 1 ? "/app/audiences/" + found.getFirst().uid() : "/app/audiences";
        return List.of(
                new Task(
                        "Verify the domain you send from",
                        "Two DNS records sign your mail, so that it is trusted.",
                        "/app/domains",
                        domains.list(account).stream()
                                .anyMatch(domain -> domain.verifiedAt() != null)),
                new Task(
                        "Create an audience",
                        "Who writes, to whom, and the postal address that the law asks for.",
                        "/app/audiences/new",
                        !found.isEmpty()),
                new Task(
                        "Add contacts",
                        "One by one, from a CSV file, with a form or through the API.",
                        contacts,
                        hasContacts),
                new Task(
                        "Create a campaign",
                        "Build it by drag and drop, or write MJML, HTML or Markdown.",
                        "/app/campaigns/new",
                        written),
                new Task(
                        "Send it",
                        "See it as your readers will, send yourself a test, then send or schedule it.",
                        "/app/campaigns",
                        false));
    }

    private Charts charts(long account, int days) {
        var today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        var from = today.minusDays(days - 1L);
        var found = audiences.list(account);
        long subscribed =
                found.stream()
                        .mapToLong(audience ->
                                audiences.statistics(account, audience.id()).subscribed())
                        .sum();
        return new Charts(
                subscribed,
                growth(account, subscribed, from, today),
                engagement(account, from, today),
                days);
    }

    // From what there is now backwards: so the last day is what the figure beside it says.
    private Chart growth(long account, long subscribed, LocalDate from, LocalDate today) {
        var change = contactFigures.changes(account, from);
        var points = new ArrayList<Point>();
        long there = subscribed;
        for (var day = today; !day.isBefore(from); day = day.minusDays(1)) {
            points.add(Point.day(day, Math.max(0, there)));
            there -= change.getOrDefault(day, 0L);
        }
        return Chart.line("Subscribed contacts", points.reversed()).fromLowest();
    }

    private Chart engagement(long account, LocalDate from, LocalDate today) {
        var opens = new HashMap<LocalDate, Long>();
        var clicks = new HashMap<LocalDate, Long>();
        hours.days(account, from.atStartOfDay().toInstant(ZoneOffset.UTC))
                .forEach(day -> {
                    opens.put(day.day(), day.opens());
                    clicks.put(day.day(), day.clicks());
                });
        return Chart.lines(
                "Opens and clicks",
                List.of(
                        new Series("Opens", Chart.days(from, today, opens)),
                        new Series("Clicks", Chart.days(from, today, clicks))));
    }
}
