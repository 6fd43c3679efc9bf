package io.dynosend.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dynosend.campaign.CampaignControl;
import io.dynosend.campaign.Campaigns;
import io.dynosend.campaign.ClickMaps;
import io.dynosend.campaign.Previews;
import io.dynosend.campaign.ReceivingDomains;
import io.dynosend.campaign.ReceivingDomains.DomainFigures;
import io.dynosend.common.Problem;
import io.dynosend.contact.CsvCells;
import io.dynosend.dashboard.Chart.Point;
import io.dynosend.dashboard.Chart.Series;
import io.dynosend.templates.StaticTemplates;
import io.dynosend.templates.Templates;
import io.dynosend.tracking.EngagementHours;
import io.dynosend.tracking.LinkClicks;
import io.dynosend.tracking.LinkClicks.Clicked;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** A campaign on its way, and what came of it. */
public final class ReportRoom implements Dashboard.Room {

    /** Opens and clicks over time. */
    public record Timeline(Chart chart, List<SubPage> scales) {}

    /** A row of the links. */
    public record LinkRow(int number, Clicked link, boolean isPlaced) {}

    private static final Duration FIRST_DAYS = Duration.ofDays(3);

    private final ReportHead.Heads heads;
    private final Campaigns campaigns;
    private final CampaignControl control;
    private final ReceivingDomains receivingDomains;
    private final LinkClicks linkClicks;
    private final EngagementHours hours;
    private final ClickMaps clickMaps;
    private final Previews previews;
    private final InstantSource clock;
    private final Templates templates = new StaticTemplates();

    public ReportRoom(
            ReportHead.Heads heads,
            Campaigns campaigns,
            CampaignControl control,
            ReceivingDomains receivingDomains,
            LinkClicks linkClicks,
            EngagementHours hours,
            ClickMaps clickMaps,
            Previews previews,
            InstantSource clock) {
        this.heads = heads;
        this.campaigns = campaigns;
        this.control = control;
        this.receivingDomains = receivingDomains;
        this.linkClicks = linkClicks;
        this.hours = hours;
        this.clickMaps = clickMaps;
        this.previews = previews;
        this.clock = clock;
    }

    @Override
    public void open(Dashboard.Doors doors) {
        doors.get("/campaigns/{campaign}", this::overview);
        doors.get("/campaigns/{campaign}/report/links", this::links);
        doors.get("/campaigns/{campaign}/report/links.csv", this::linksFile);
        doors.get("/campaigns/{campaign}/report/map", this::map);
        doors.get("/campaigns/{campaign}/report/domains", this::domains);
        doors.get("/campaigns/{campaign}/report/content", this::content);
        doors.get("/campaigns/{campaign}/report/message", this::message);
        doors.post("/campaigns/{campaign}/pause", this::pause);
        doors.post("/campaigns/{campaign}/resume", this::resume);
        doors.post("/campaigns/{campaign}/cancel", this::cancel);
        doors.post("/campaigns/{campaign}/limit", this::limit);
    }

    private void overview(Visit visit) {
        var head = heads.of(visit, "overview");
        if (visit.wantsPart() && !visit.query("told").isEmpty()) {
            visit.show(templates.dashboardCampaignProgress(visit, head, limitForm(head)));
            return;
        }
        showOverview(visit, head, limitForm(head));
    }

    private void showOverview(Visit visit, ReportHead head, Form limit) {
        visit.show(
                head.card().isStarted()
                        ? templates.dashboardCampaign(visit, head, limit, timeline(visit, head))
                        : templates.dashboardCampaignDraft(visit, head));
    }

    private static Form limitForm(ReportHead head) {
        Integer perHour = head.card().line().perHour();
        return Form.of(Map.of("per_hour", perHour == null ? "" : perHour.toString()));
    }

    private Timeline timeline(Visit visit, ReportHead head) {
        var card = head.card();
        var found = hours.of(visit.account(), Objects.requireNonNull(card.line().mailing()));
        var start = Objects.requireNonNull(card.line().startedAt());
        boolean young = Duration.between(start, clock.instant()).compareTo(FIRST_DAYS) < 0;
        String scale = visit.query("by");
        boolean byHour = scale.isEmpty() ? young : scale.equals("hour");
        return new Timeline(
                byHour ? byHour(found, start) : byDay(found, start),
                List.of(
                        new SubPage(card.href("?by=hour"), "First 3 days", byHour),
                        new SubPage(card.href("?by=day"), "By day", !byHour)));
    }

    private Chart byHour(List<EngagementHours.Hour> found, Instant start) {
        var day = start.plus(Duration.ofHours(23));
        var end = later(day, earlier(start.plus(FIRST_DAYS), clock.instant()));
        var series =
                List.of(
                        new Series(
                                "Opens", perHour(found, start, end, EngagementHours.Hour::opens)),
                        new Series(
                                "Clicks",
                                perHour(found, start, end, EngagementHours.Hour::clicks)));
        return end.equals(day)
                ? Chart.groups("Opens and clicks", series)
                : Chart.lines("Opens and clicks", series);
    }

    private static List<Point> perHour(
            List<EngagementHours.Hour> found,
            Instant start,
            Instant end,
            ToLongFunction<EngagementHours.Hour> what) {
        var values = new HashMap<Instant, Long>();
        found.forEach(hour -> values.put(hour.at(), what.applyAsLong(hour)));
        return Chart.hours(start, end, values);
    }

    private Chart byDay(List<EngagementHours.Hour> found, Instant start) {
        var first = day(start);
        var last = found.isEmpty() ? first : later(first, day(found.getLast().at()));
        // Months later an open now and then: the chart ends with the days that say something.
        var end = earlier(last.plusDays(1), earlier(first.plusDays(89), day(clock.instant())));
        return Chart.lines(
                "Opens and clicks",
                List.of(
                        new Series("Opens", perDay(found, first, end, EngagementHours.Hour::opens)),
                        new Series(
                                "Clicks",
                                perDay(found, first, end, EngagementHours.Hour::clicks))));
    }

    private static List<Point> perDay(
            List<EngagementHours.Hour> found,
            LocalDate first,
            LocalDate last,
            ToLongFunction<EngagementHours.Hour> what) {
        var values = new HashMap<LocalDate, Long>();
        found.forEach(hour -> values.merge(day(hour.at()), what.applyAsLong(hour), Long::sum));
        return Chart.days(first, last, values);
    }

    private void links(Visit visit) {
        var head = heads.of(visit, "links");
        boolean now = visit.wantsPart() || !visit.query("now").isEmpty();
        if (!now) {
            visit.show(templates.dashboardReportLinks(visit, head, Optional.empty()));
            return;
        }
        var rows = linkRows(visit, head.card());
        visit.show(
                visit.wantsPart()
                        ? templates.dashboardReportLinkRows(head, rows)
                        : templates.dashboardReportLinks(visit, head, Optional.of(rows)));
    }

    private List<LinkRow> linkRows(Visit visit, CampaignCard card) {
        Long mailing = card.line().mailing();
        if (mailing == null) return List.of();
        var clicked = linkClicks.of(visit.account(), mailing);
        var campaign = campaigns.get(visit.account(), card.line().uid());
        var unplaced = clickMaps.of(visit.account(), campaign, clicked).unplaced();
        return java.util.stream.IntStream.range(0, clicked.size())
                .mapToObj(i -> new LinkRow(i + 1, clicked.get(i), !unplaced.contains(i + 1)))
                .toList();
    }

    private void linksFile(Visit visit) throws IOException {
        var card = heads.card(visit);
        visit.note("exported the links of the campaign “%s”".formatted(card.line().name()));
        card.download(visit, "links");
        var lines = new StringBuilder(CsvCells.line(List.of("number", "url", "clicks", "readers")));
        for (var row : linkRows(visit, card)) {
            lines.append(
                    CsvCells.line(
                            List.of(
                                    "" + row.number(),
                                    row.link().url(),
                                    "" + row.link().clicks(),
                                    "" + row.link().unique())));
        }
        visit.http().outputStream().write(lines.toString().getBytes(UTF_8));
    }

    private void map(Visit visit) {
        Preview.answer(visit, clickMaps.of(visit.account(), heads.card(visit).line().uid()).html());
    }

    private void domains(Visit visit) throws InterruptedException {
        var head = heads.of(visit, "domains");
        boolean now = visit.wantsPart() || !visit.query("now").isEmpty();
        Long mailing = head.card().line().mailing();
        var counted =
                now && mailing != null
                        ? receivingDomains.of(visit.account(), mailing)
                        : Optional.<List<DomainFigures>>empty();
        visit.show(
                visit.wantsPart()
                        ? templates.dashboardReportDomainRows(head, counted)
                        : templates.dashboardReportDomains(visit, head, counted));
    }

    private void content(Visit visit) {
        var head = heads.of(visit, "content");
        var campaign = campaigns.get(visit.account(), head.card().line().uid());
        String text;
        try {
            text = previews.of(visit.account(), campaign.uid(), null).text();
        } catch (Problem.NotFound e) {
            throw e;
        } catch (Problem e) {
            text = "";
        }
        visit.show(templates.dashboardReportContent(visit, head, campaign, text));
    }

    private void message(Visit visit) {
        String html;
        try {
            html = previews.of(visit.account(), heads.card(visit).line().uid(), null).html();
        } catch (Problem.NotFound e) {
            throw e;
        } catch (Problem e) {
            html = "";
        }
        Preview.answer(visit, html == null ? "" : html);
    }

    private void pause(Visit visit) {
        steer(visit, campaigns::pause, "paused", "Paused. Nothing goes out any more.");
    }

    private void resume(Visit visit) {
        steer(visit, campaigns::resume, "resumed", "Resumed. Nobody gets it twice.");
    }

    private void cancel(Visit visit) {
        var card = heads.card(visit);
        String who = Moments.count(card.insights().counts().waiting(), "recipient", "recipients");
        if (!visit.confirms(
                "Cancel “%s”? %s who have not got it yet will not get it. This cannot be undone."
                        .formatted(card.line().name(), who),
                "Cancel the campaign")) return;
        steer(visit, control::cancel, "cancelled", "Cancelled. The rest is not sent.");
    }

    private interface Step {
        void take(long account, String uid);
    }

    private void steer(Visit visit, Step step, String what, String done) {
        var line = heads.card(visit).line();
        boolean home = Form.of(visit.http()).value("from").equals("home");
        String back = home ? "" : "/campaigns/" + line.uid();
        try {
            step.take(visit.account(), line.uid());
            visit.note("%s the campaign “%s”".formatted(what, line.name()));
            visit.go(back, done);
        } catch (Problem.NotFound e) {
            throw e;
        } catch (Problem e) {
            visit.go(back, e.getMessage());
        }
    }

    private void limit(Visit visit) {
        var head = heads.of(visit, "overview");
        var form = Form.of(visit.http());
        String typed = form.text("per_hour").replaceAll("[\\s,.’']", "");
        if (!typed.isEmpty() && !typed.matches("[1-9][0-9]{0,8}")) {
            form.wrong("per_hour", "A number of messages such as 5000, or nothing for no limit");
            visit.http().status(422);
            showOverview(visit, head, form);
            return;
        }
        Long perHour = typed.isEmpty() ? null : Long.valueOf(typed);
        String name = head.card().line().name();
        control.limit(visit.account(), head.card().line().uid(), perHour);
        String done =
                perHour == null
                        ? "No limit any more."
                        : "At most %s messages an hour.".formatted(Moments.number(perHour));
        visit.note(
                perHour == null
                        ? "took the speed limit from the campaign “%s”".formatted(name)
                        : "limited the campaign “%s” to %d messages an hour"
                                .formatted(name, perHour));
        visit.go("/campaigns/" + head.card().line().uid(), done);
    }

    private static LocalDate day(Instant at) {
        return LocalDate.ofInstant(at, ZoneOffset.UTC);
    }

    private static <T extends Comparable<? super T>> T earlier(T one, T other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    private static <T extends Comparable<? super T>> T later(T one, T other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
