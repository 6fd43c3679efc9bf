package io.dynosend.dashboard;

import io.dynosend.common.Problem.BadInput;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A moment as somebody chose it, by the clock of a place.
 *
 * @param twice when the clocks go back, its time of day comes twice, and this is the first
 */
public record LocalMoment(Instant at, ZoneId zone, boolean twice) {

    private static final DateTimeFormatter LOCAL =
            DateTimeFormatter.ofPattern("EEEE, d MMMM uuuu, HH:mm", Locale.ENGLISH);
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm");
    private static final DateTimeFormatter UTC =
            DateTimeFormatter.ofPattern("d MMM, HH:mm 'UTC'", Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC);
    private static final List<String> ZONES =
            Stream.concat(
                            Stream.of("UTC"),
                            ZoneId.getAvailableZoneIds().stream()
                                    .filter(id ->
                                            id.matches(
                                                    "(Africa|America|Antarctica|Asia|Atlantic"
                                                            + "|Australia|Europe|Indian|Pacific)/.*"))
                                    .sorted())
                    .toList();

    /** The zones to choose from, UTC first. */
    public static List<String> zones() {
        return ZONES;
    }

    /**
     * The moment of a form.
     *
     * @param time as a browser sends it: {@code 2026-12-24T09:30}
     * @throws BadInput if there is no such time in that zone, naming the next that there is
     */
    static LocalMoment of(String time, String zoneId) {
        var local = local(time);
        var zone = zone(zoneId);
        var offsets = zone.getRules().getValidOffsets(local);
        if (offsets.isEmpty()) {
            var gap = zone.getRules().getTransition(local);
            throw new BadInput(
                    ("There is no %s on that day in %s: the clocks go from %s straight to %s."
                                    + " Choose %s or later")
                            .formatted(
                                    CLOCK.format(local),
                                    zone,
                                    CLOCK.format(gap.getDateTimeBefore()),
                                    CLOCK.format(gap.getDateTimeAfter()),
                                    CLOCK.format(gap.getDateTimeAfter())));
        }
        return new LocalMoment(local.toInstant(offsets.getFirst()), zone, offsets.size() > 1);
    }

    static LocalMoment of(Instant at, ZoneId zone) {
        var local = LocalDateTime.ofInstant(at, zone);
        var offsets = zone.getRules().getValidOffsets(local);
        return new LocalMoment(
                at, zone, offsets.size() > 1 && local.toInstant(offsets.getFirst()).equals(at));
    }

    /** As it is there, and in UTC. */
    public String text() {
        String there = LOCAL.withZone(zone).format(at) + " (" + zone + ")";
        return zone.getId().equals("UTC") || zone.equals(ZoneOffset.UTC)
                ? LOCAL.withZone(ZoneOffset.UTC).format(at) + " UTC"
                : there + ", which is " + UTC.format(at);
    }

    /** As a browser's field takes it. */
    String field() {
        return DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm").withZone(zone).format(at);
    }

    String zoneName() {
        return zone.equals(ZoneOffset.UTC) ? "UTC" : zone.getId();
    }

    private static LocalDateTime local(String time) {
        try {
            return LocalDateTime.parse(time);
        } catch (DateTimeException e) {
            throw new BadInput("Choose a day and a time, such as 2026-12-24 09:30");
        }
    }

    private static ZoneId zone(String id) {
        if (!ZONES.contains(id)) throw new BadInput("Choose a time zone of the list");
        return ZoneId.of(id);
    }
}
