package io.dynosend.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.dashboard.Chart.Point;
import io.dynosend.dashboard.Chart.Series;
import io.dynosend.dashboard.Chart.Tick;
import io.dynosend.dashboard.Parts.Part;
import io.dynosend.templates.StaticTemplates;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;

class ChartTest {

    private static final LocalDate MONDAY = LocalDate.of(2026, 11, 2);

    @Test
    void theAxisOfValuesEndsAtARoundNumberAboveAll() {
        assertThat(levels(Chart.line("x", points(3, 87)))).containsExactly("100", "50", "0");
        assertThat(levels(Chart.line("x", points(1)))).containsExactly("1", "0");
        assertThat(levels(Chart.line("x", points(7)))).containsExactly("8", "6", "4", "2", "0");
        assertThat(levels(Chart.line("x", points(1_900_000))))
                .containsExactly("2M", "1.5M", "1M", "500k", "0");
        assertThat(levels(Chart.line("x", points(999_700, 1_000_000)).fromLowest()))
                .containsExactly("1M", "999.9k", "999.8k", "999.7k");
    }

    @Test
    void anAxisWithoutZeroStillDrawsValuesThatAreAllTheSame() {
        assertThat(levels(Chart.line("x", points(5, 5)).fromLowest())).containsExactly("6", "5");
    }

    @Test
    void aDayWithoutAValueIsZeroAndALongTimeHasFewTicks() {
        var chart =
                Chart.line(
                        "Opens",
                        Chart.days(MONDAY, MONDAY.plusDays(89), Map.of(MONDAY.plusDays(1), 4L)));

        assertThat(chart.places()).hasSize(90);
        assertThat(chart.valuesAt(0)).containsExactly(0L);
        assertThat(chart.valuesAt(1)).containsExactly(4L);
        assertThat(chart.ticks()).hasSizeLessThanOrEqualTo(8);
        assertThat(chart.ticks().getFirst().text()).isEqualTo("2 Nov");
    }

    @Test
    void hoursAreToldWithTheirDayAtMidnight() {
        var noon = Instant.parse("2026-11-02T22:10:00Z");
        var points = Chart.hours(noon, noon.plusSeconds(7200), Map.of());

        assertThat(points.stream().map(Point::tick)).containsExactly("22:00", "23:00", "3 Nov");
    }

    @Test
    void everyValueIsInTheTableAndWhereOnePoints() {
        var page =
                shown(
                        Chart.lines(
                                "Engagement",
                                List.of(
                                        new Series("Opens", points(12, 3456)),
                                        new Series("<b>Clicks", points(1, 2)))));

        assertThat(page.select(".plot-data td").eachText())
                .containsExactly("12", "1", "3,456", "2");
        assertThat(page.select(".plot-stripe title").eachText())
                .last()
                .isEqualTo("Tue 3 Nov 2026 Opens: 3,456 <b>Clicks: 2");
        assertThat(page.select(".plot-key").eachText()).containsExactly("Opens", "<b>Clicks");
        assertThat(page.select("[style]")).isEmpty();
    }

    @Test
    void aChartOfNothingSaysSo() {
        assertThat(shown(Chart.bars("Bounces", points(0, 0))).select(".plot-empty").text())
                .isEqualTo("Nothing yet");
        assertThat(shown(Chart.bars("Bounces", List.of())).select("svg")).isEmpty();
    }

    @Test
    void thePartsOfABarFillItAndTheSmallestIsSeen() {
        var parts =
                new Parts(
                        "Outcome",
                        List.of(
                                new Part("Sent", 999_999, "sent", ""),
                                new Part("Failed", 1, "failed", "/x"),
                                new Part("Unknown", 0, "unknown", "")));

        var widths = parts.pieces().stream().map(piece -> number(piece.width())).toList();
        assertThat(widths).hasSize(2).allMatch(width -> width > 0.5);
        assertThat(widths.stream().mapToDouble(width -> width).sum()).isBetween(99.99, 100.01);
        assertThat(parts.total()).isEqualTo(1_000_000);
    }

    private static double number(String percent) {
        return Double.parseDouble(percent.replace("%", ""));
    }

    private static Document shown(Chart chart) {
        return Jsoup.parse(
                new StaticTemplates().dashboardChart(chart, "Nothing yet", true).render());
    }

    private static List<String> levels(Chart chart) {
        return chart.levels().stream().map(Tick::text).toList();
    }

    private static List<Point> points(long... values) {
        return java.util.stream.IntStream.range(0, values.length)
                .mapToObj(i -> Point.day(MONDAY.plusDays(i), values[i]))
                .toList();
    }
}
