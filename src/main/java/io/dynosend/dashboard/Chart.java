package io.dynosend.dashboard;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Figures over time, or side by side, as a drawing that the server makes: {@code
 * dashboard/chart.jte} shows it, {@code chart.css} colours it. Positions are percentages, so the
 * drawing takes whatever room there is and its words keep their size.
 */
public final class Chart {

    /**
     * One value.
     *
     * @param label as it is told
     * @param tick as it stands at the axis
     */
    public record Point(String label, String tick, long value) {

        /** Of a day. */
        public static Point day(LocalDate day, long value) {
            return new Point(DAY.format(day), SHORT_DAY.format(day), value);
        }

        /** Of an hour, in UTC. */
        public static Point hour(Instant hour, long value) {
            var at = hour.atOffset(ZoneOffset.UTC);
            return new Point(
                    HOUR.format(at), (at.getHour() == 0 ? SHORT_DAY : TIME).format(at), value);
        }

        /** Of anything else. */
        public static Point of(String label, long value) {
            return new Point(label, label, value);
        }
    }

    /** Values of one kind; all series of a chart have theirs at the same places. */
    public record Series(String name, List<Point> points) {}

    /**
     * A word at an axis.
     *
     * @param at in percent of the axis
     * @param wide only where there is room for more of them
     */
    public record Tick(String at, String text, boolean wide) {}

    /**
     * What shows one value and tells it to who points there.
     *
     * @param x of its middle
     * @param left of the stripe that can be pointed at
     */
    public record Mark(
            String title,
            int series,
            String x,
            String y,
            String left,
            String width,
            String height) {}

    /** A line and the area below it, within a square of 1,000. */
    public record Curve(int series, String line, String area) {}

    private static final DateTimeFormatter DAY = format("EEE d MMM uuuu");
    private static final DateTimeFormatter SHORT_DAY = format("d MMM");
    private static final DateTimeFormatter HOUR = format("EEE d MMM, HH:mm 'UTC'");
    private static final DateTimeFormatter TIME = format("HH:mm");

    private static final int SIDE = 1000;
    private static final int STEPS = 4;
    private static final int MOST_TICKS = 8;
    private static final double BARS = 0.72; // of the room between two places

    private final String title;
    private final List<Series> series;
    private final boolean bars;
    private final boolean fromLowest;

    private Chart(String title, List<Series> series, boolean bars, boolean fromLowest) {
        this.title = title;
        this.series = List.copyOf(series);
        this.bars = bars;
        this.fromLowest = fromLowest;
    }

    /** A line of one series. */
    public static Chart line(String title, List<Point> points) {
        return lines(title, List.of(new Series(title, points)));
    }

    /** A line for each series, and a legend. */
    public static Chart lines(String title, List<Series> series) {
        return new Chart(title, series, false, false);
    }

    /** Bars of one series. */
    public static Chart bars(String title, List<Point> points) {
        return bars(title, List.of(new Series(title, points)), false);
    }

    /** A bar for each series at each place, side by side, and a legend. */
    public static Chart groups(String title, List<Series> series) {
        return bars(title, series, false);
    }

    private static Chart bars(String title, List<Series> series, boolean fromLowest) {
        return new Chart(title, series, true, fromLowest);
    }

    /** Of values that differ little: its axis need not begin at zero. */
    public Chart fromLowest() {
        return new Chart(title, series, bars, true);
    }

    /** One point for each day, zero where there is none. */
    public static List<Point> days(LocalDate from, LocalDate to, Map<LocalDate, Long> values) {
        return from.datesUntil(to.plusDays(1))
                .map(day -> Point.day(day, values.getOrDefault(day, 0L)))
                .toList();
    }

    /** One point for each hour, zero where there is none. */
    public static List<Point> hours(Instant from, Instant to, Map<Instant, Long> values) {
        var points = new ArrayList<Point>();
        var last = to.truncatedTo(ChronoUnit.HOURS);
        for (var hour = from.truncatedTo(ChronoUnit.HOURS);
                !hour.isAfter(last);
                hour = hour.plus(1, ChronoUnit.HOURS)) {
            points.add(Point.hour(hour, values.getOrDefault(hour, 0L)));
        }
        return points;
    }

    public String title() {
        return title;
    }

    public List<Series> series() {
        return series;
    }

    public boolean isBars() {
        return bars;
    }

    /** Whether there is nothing to draw: no place, or nothing but zeros. */
    public boolean isEmpty() {
        return series.stream()
                .flatMap(each -> each.points().stream())
                .allMatch(point -> point.value() == 0);
    }

    /** What stands at a place, for the table that is read aloud. */
    public List<Point> places() {
        return series.isEmpty() ? List.of() : series.getFirst().points();
    }

    /** The values at a place, one of each series. */
    public List<Long> valuesAt(int place) {
        return series.stream().map(each -> each.points().get(place).value()).toList();
    }

    /** Of the axis of values, from the top. */
    public List<Tick> levels() {
        long step = step();
        long lowest = lowest();
        var ticks = new ArrayList<Tick>();
        for (long value = highest(); value >= lowest; value -= step) {
            ticks.add(new Tick(percent(height(value)), compact(value), false));
        }
        return ticks;
    }

    /** Of the axis below: every nth place, so that the words do not meet. */
    public List<Tick> ticks() {
        var places = places();
        int every = Math.max(1, Math.ceilDiv(places.size(), MOST_TICKS));
        var ticks = new ArrayList<Tick>();
        for (int i = 0; i < places.size(); i += every) {
            boolean wide = i / every % 2 == 1 && places.size() > MOST_TICKS / 2;
            ticks.add(new Tick(percent(middle(i)), places.get(i).tick(), wide));
        }
        return ticks;
    }

    /** One for each value of a bar chart; for lines one for each place. */
    public List<Mark> marks() {
        return bars ? barMarks() : lineMarks();
    }

    /** Where a line has its points, for those that are shown. */
    public List<Mark> dots() {
        var dots = new ArrayList<Mark>();
        for (int s = 0; s < series.size(); s++) {
            var points = series.get(s).points();
            for (int i = 0; i < points.size(); i++) {
                dots.add(
                        new Mark(
                                "",
                                s + 1,
                                percent(middle(i)),
                                percent(height(points.get(i).value())),
                                "0",
                                "0",
                                "0"));
            }
        }
        return dots;
    }

    public List<Curve> curves() {
        var curves = new ArrayList<Curve>();
        for (int s = 0; s < series.size(); s++) {
            var line = new StringBuilder();
            var points = series.get(s).points();
            for (int i = 0; i < points.size(); i++) {
                line.append(i == 0 ? "M" : "L")
                        .append(number(middle(i) * SIDE))
                        .append(' ')
                        .append(number(height(points.get(i).value()) * SIDE));
            }
            String area =
                    "%sL%s %dL%s %dZ"
                            .formatted(
                                    line,
                                    number(middle(points.size() - 1) * SIDE),
                                    SIDE,
                                    number(middle(0) * SIDE),
                                    SIDE);
            curves.add(new Curve(s + 1, line.toString(), area));
        }
        return curves;
    }

    /** As "1.2M". */
    static String compact(long value) {
        if (value >= 1_000_000) return short1(value / 1e6) + "M";
        return value >= 10_000 ? short1(value / 1e3) + "k" : Moments.number(value);
    }

    private List<Mark> lineMarks() {
        var marks = new ArrayList<Mark>();
        double width = 1.0 / places().size();
        for (int i = 0; i < places().size(); i++) {
            marks.add(
                    new Mark(
                            told(i),
                            0,
                            percent(middle(i)),
                            "0%",
                            percent(i * width),
                            percent(width),
                            "100%"));
        }
        return marks;
    }

    private List<Mark> barMarks() {
        var marks = new ArrayList<Mark>();
        double room = 1.0 / places().size();
        double width = room * BARS / series.size();
        for (int i = 0; i < places().size(); i++) {
            for (int s = 0; s < series.size(); s++) {
                double left = (i + (1 - BARS) / 2) * room + s * width;
                double top = height(series.get(s).points().get(i).value());
                marks.add(
                        new Mark(
                                told(i),
                                s + 1,
                                percent(left + width / 2),
                                percent(top),
                                percent(left),
                                percent(width),
                                percent(1 - top)));
            }
        }
        return marks;
    }

    private String told(int place) {
        var told = new StringBuilder(places().get(place).label());
        for (var each : series) {
            told.append(series.size() == 1 ? ": " : "\n" + each.name() + ": ")
                    .append(Moments.number(each.points().get(place).value()));
        }
        return told.toString();
    }

    /** Where a place is, from the left. */
    private double middle(int place) {
        return (place + 0.5) / places().size();
    }

    /** Where a value is, from the top. */
    private double height(long value) {
        return 1 - (double) (value - lowest()) / (highest() - lowest());
    }

    private long lowest() {
        return fromLowest && !bars ? Math.floorDiv(least(), step()) * step() : 0;
    }

    private long highest() {
        return Math.max(lowest() + step(), Math.ceilDiv(most(), step()) * step());
    }

    /** Of the axis of values: 1, 2 or 5 times a power of ten. */
    private long step() {
        long range = fromLowest && !bars ? most() - least() : most();
        double wanted = Math.max(1, (double) range / STEPS);
        long power = (long) Math.pow(10, Math.floor(Math.log10(wanted)));
        for (int times : new int[] {1, 2, 5}) {
            if (wanted <= times * power) return times * power;
        }
        return 10 * power;
    }

    private long most() {
        return series.stream()
                .flatMap(each -> each.points().stream())
                .mapToLong(Point::value)
                .max()
                .orElse(0);
    }

    private long least() {
        return series.stream()
                .flatMap(each -> each.points().stream())
                .mapToLong(Point::value)
                .min()
                .orElse(0);
    }

    private static String short1(double value) {
        return String.format(Locale.ROOT, "%.2f", value).replaceFirst("\\.?0+$", "");
    }

    private static String percent(double share) {
        return number(share * 100) + "%";
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2f", value).replaceFirst("\\.?0+$", "");
    }

    private static DateTimeFormatter format(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH);
    }
}
