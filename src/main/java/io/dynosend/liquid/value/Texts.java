package io.dynosend.liquid.value;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The text of a value. What is no value of Liquid has none, whatever its class says. */
public final class Texts {

    private static final DateTimeFormatter MOMENT =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss xx", Locale.ROOT);
    private static final String[] ASCII = new String[128];

    static {
        for (char c = 0; c < ASCII.length; c++) {
            ASCII[c] = String.valueOf(c);
        }
    }

    private Texts() {}

    /** As filters see it: lists and maps as they are written down. */
    public static String of(@Nullable Object value, Rendering rendering) {
        return switch (value) {
            case null -> "";
            case String text -> text;
            case SafeText(String text) -> text;
            case List<?> list -> Inspection.of(list, rendering);
            case Map<?, ?> map -> Inspection.of(map, rendering);
            default -> ofScalar(value, rendering.zone());
        };
    }

    /** As the page sees it: the items of a list one after the other. */
    public static void append(StringBuilder out, @Nullable Object value, Rendering rendering) {
        append(out, value, rendering, 0);
    }

    public static String ofCodePoint(int codePoint) {
        return codePoint < ASCII.length ? ASCII[codePoint] : Character.toString(codePoint);
    }

    /** In characters as people count them, not in the machine's halves. */
    public static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    /** What Liquid strips: blanks, tabs, line ends, and the null character. */
    public static boolean isSpace(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r') || c == 0;
    }

    static String ofNumber(Number number) {
        return ofScalar(number, ZoneOffset.UTC);
    }

    static String ofScalar(Object value, ZoneId zone) {
        return switch (value) {
            case Long number -> Long.toString(number);
            case Integer number -> Integer.toString(number);
            case Boolean truth -> truth.toString();
            case Double number -> ofDouble(number);
            case Float number -> ofDouble(number.doubleValue());
            case BigDecimal number -> ofDecimal(number);
            case BigInteger number -> number.toString();
            case Number number when Numbers.isWhole(number) -> Long.toString(number.longValue());
            case Range range -> range.toString();
            case LocalDate date -> date.toString();
            case Instant instant -> ofInstant(instant, zone);
            case ZonedDateTime moment -> ofMoment(moment);
            case OffsetDateTime moment -> ofMoment(moment.toZonedDateTime());
            case LocalDateTime moment -> ofMoment(moment.atZone(zone));
            default -> "";
        };
    }

    private static void append(
            StringBuilder out, @Nullable Object value, Rendering rendering, int depth) {
        switch (value) {
            case String text -> out.append(text);
            case Long number -> out.append(number.longValue());
            case Integer number -> out.append(number.intValue());
            case List<?> list -> {
                rendering.nest(depth);
                for (Object item : list) {
                    rendering.step();
                    append(out, item, rendering, depth + 1);
                    if (out.length() > rendering.longestText()) {
                        throw rendering.tooLong();
                    }
                }
            }
            case null, default -> out.append(of(value, rendering));
        }
    }

    // Shortest digits, an exponent only outside 0.0001 … 1e16, always a point.
    private static String ofDouble(double number) {
        if (Double.isNaN(number)) {
            return "NaN";
        }
        if (Double.isInfinite(number)) {
            return number > 0 ? "Infinity" : "-Infinity";
        }
        if (number == 0) {
            return 1 / number < 0 ? "-0.0" : "0.0";
        }
        BigDecimal digits = new BigDecimal(Double.toString(number)).stripTrailingZeros();
        int exponent = digits.precision() - digits.scale() - 1;
        if (exponent >= -4 && exponent < 16) {
            return ofDecimal(digits);
        }
        String unscaled = digits.unscaledValue().abs().toString();
        return "%s%s.%se%s%02d"
                .formatted(
                        number < 0 ? "-" : "",
                        unscaled.charAt(0),
                        unscaled.length() > 1 ? unscaled.substring(1) : "0",
                        exponent < 0 ? "-" : "+",
                        Math.abs(exponent));
    }

    private static String ofDecimal(BigDecimal number) {
        BigDecimal digits = number.stripTrailingZeros();
        if (Math.abs(digits.scale()) > 400) {
            return ofDouble(number.doubleValue());
        }
        return (digits.scale() < 1 ? digits.setScale(1) : digits).toPlainString();
    }

    private static String ofInstant(Instant instant, ZoneId zone) {
        try {
            return ofMoment(instant.atZone(zone));
        } catch (DateTimeException _) {
            // Before or after all years that a calendar has.
            return instant.toString();
        }
    }

    private static String ofMoment(ZonedDateTime moment) {
        String text = MOMENT.format(moment);
        boolean utc = moment.getZone().getId().matches("Z|UTC|Etc/UTC");
        return utc ? text.substring(0, text.length() - 5) + "UTC" : text;
    }
}
