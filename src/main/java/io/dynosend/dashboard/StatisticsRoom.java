package io.dynosend.dashboard;

import io.dynosend.audience.Audience;
import io.dynosend.audience.Audience.Statistics;
import io.dynosend.audience.Audiences;
import io.dynosend.contact.ContactFigures;
import io.dynosend.contact.ContactFigures.Day;
import io.dynosend.dashboard.Chart.Point;
import io.dynosend.dashboard.Chart.Series;
import io.dynosend.templates.StaticTemplates;
import io.dynosend.templates.Templates;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/** How an audience grows. */
public final class StatisticsRoom implements Dashboard.Room {

    /**
     * What the page shows.
     *
     * @param days over how many
     * @param bounced addresses that bounced or complained in that time
     */
    public record Growth(
            int days,
            Statistics now,
            long joined,
            long unsubscribed,
            long bounced,
            Chart size,
            Chart changes) {}

    private static final List<Integer> SPANS = List.of(30, 90, 365);
    private static final int MOST_DAYS_BY_DAY = 31;

    private final Audiences audiences;
    private final ContactFigures figures;
    private final InstantSource clock;
    private final Templates templates = new StaticTemplates();

    public StatisticsRoom(Audiences audiences, ContactFigures figures, InstantSource clock) {
        this.audiences = audiences;
        this.figures = figures;
        this.clock = clock;
    }

    @Override
    public void open(Dashboard.Doors doors) {
        doors.get("/audiences/{audience}/statistics", this::show);
    }

    private void show(Visit visit) {
        var audience = audiences.get(visit.account(), visit.part("audience"));
        int days = days(visit.query("days"));
        visit.show(
                templates.dashboardAudienceStatistics(
                        visit, audience, growth(visit, audience, days)));
    }

    /** The spans to choose from. */
    public static List<SubPage> spans(Audience audience, int here) {
        return SPANS.stream()
                .map(days ->
                        new SubPage(
                                AudiencePages.root(audience) + "/statistics?days=" + days,
                                days == 365 ? "12 months" : days + " days",
                                days == here))
                .toList();
    }

    private static int days(String given) {
        for (int span : SPANS) if (given.equals(Integer.toString(span))) return span;
        return SPANS.getFirst();
    }

    private Growth growth(Visit visit, Audience audience, int days) {
        var today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        var from = today.minusDays(days - 1L);
        var now = audiences.statistics(visit.account(), audience.id());
        var known = figures.days(visit.account(), audience.id(), from);
        var all = spread(known, from, today);
        return new Growth(
                days,
                now,
                sum(known, Day::joined),
                sum(known, Day::unsubscribed),
                sum(known, Day::bounced),
                Chart.line("Subscribed contacts", size(all, now.subscribed())).fromLowest(),
                Chart.groups(
                        days > MOST_DAYS_BY_DAY ? "By week" : "By day",
                        List.of(
                                series("New", all, days, Day::joined),
                                series("Unsubscribed", all, days, Day::unsubscribed),
                                series("Bounced", all, days, Day::bounced))));
    }

    private static List<Day> spread(List<Day> known, LocalDate from, LocalDate to) {
        var days = new ArrayList<Day>();
        int next = 0;
        for (var day = from; !day.isAfter(to); day = day.plusDays(1)) {
            boolean is = next < known.size() && known.get(next).day().equals(day);
            days.add(is ? known.get(next++) : new Day(day, 0, 0, 0));
        }
        return days;
    }

    // Backwards from what is now: the figures of a day say what changed, not how many there were.
    private static List<Point> size(List<Day> days, long now) {
        var points = new ArrayList<Point>();
        long size = now;
        for (var day : days.reversed()) {
            points.add(Point.day(day.day(), Math.max(0, size)));
            size += day.unsubscribed() - day.joined();
        }
        return points.reversed();
    }

    private static Series series(String name, List<Day> days, int span, ToLongFunction<Day> value) {
        if (span <= MOST_DAYS_BY_DAY) {
            return new Series(
                    name,
                    days.stream()
                            .map(day -> Point.day(day.day(), value.applyAsLong(day)))
                            .toList());
        }
        var weeks = new ArrayList<Point>();
        for (int i = 0; i < days.size(); i += 7) {
            var week = days.subList(i, Math.min(i + 7, days.size()));
            weeks.add(
                    new Point(
                            "Week from " + Point.day(week.getFirst().day(), 0).label(),
                            Point.day(week.getFirst().day(), 0).tick(),
                            week.stream().mapToLong(value).sum()));
        }
        return new Series(name, weeks);
    }

    private static long sum(List<Day> days, ToLongFunction<Day> value) {
        return days.stream().mapToLong(value).sum();
    }
}
