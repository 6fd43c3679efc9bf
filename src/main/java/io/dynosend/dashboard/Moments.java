package io.dynosend.dashboard;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Times and figures as pages write them. */
public final class Moments {

    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("d MMM uuuu", Locale.ENGLISH).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("d MMM uuuu, HH:mm 'UTC'", Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC);

    private Moments() {}

    public static String day(Instant at) {
        return DAY.format(at);
    }

    /** To the minute; empty for null. */
    public static String minute(@Nullable Instant at) {
        return at == null ? "" : MINUTE.format(at);
    }

    public static String number(long n) {
        return String.format(Locale.ENGLISH, "%,d", n);
    }

    /** A share as "25 %"; 0.25 is a quarter. */
    public static String percent(BigDecimal fraction) {
        return percent(fraction.doubleValue());
    }

    /** As above; what is there but rounds to nothing, or to all though it is not, says so. */
    public static String percent(double fraction) {
        if (fraction > 0 && fraction < 0.0005) return "< 0.1 %";
        if (fraction < 1 && fraction >= 0.9995) return "> 99.9 %";
        return String.format(Locale.ENGLISH, "%.1f %%", fraction * 100).replace(".0 %", " %");
    }

    /** How much of a whole a part is, as "47.3 %"; "–" of nothing. */
    public static String share(long part, long whole) {
        return whole == 0 ? "–" : percent((double) part / whole);
    }

    /** As "3 min". */
    public static String roughly(Duration time) {
        if (time.toMinutes() < 1) return "less than a minute";
        if (time.toHours() < 1) return time.toMinutes() + " min";
        if (time.toDays() < 2) return time.toHours() + " h " + time.toMinutesPart() + " min";
        return time.toDays() + " days";
    }

    public static String count(long n, String one, String many) {
        return number(n) + " " + (n == 1 ? one : many);
    }

    /** A reason, as a sentence of its own. */
    public static String sentence(String reason) {
        return reason.isEmpty()
                ? ""
                : reason.substring(0, 1).toUpperCase(Locale.ROOT) + reason.substring(1);
    }
}
