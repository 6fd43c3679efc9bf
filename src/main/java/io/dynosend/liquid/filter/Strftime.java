package io.dynosend.liquid.filter;

import io.dynosend.liquid.value.Rendering;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.TextStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.util.Locale;

/**
 * Writes a moment by a pattern of directives such as {@code %-d %B %Y}: {@code strftime} with the
 * flags, widths and directives of Ruby. What is no directive stays as it is.
 */
final class Strftime {

    private static final DateTimeFormatter ZONE_NAME =
            DateTimeFormatter.ofPattern("zzz", Locale.ENGLISH);

    // Wider is no layout, only memory.
    private static final int WIDEST = 1024;

    private final ZonedDateTime moment;
    private final String pattern;
    private final Rendering rendering;
    private final StringBuilder out = new StringBuilder();

    private int at;
    private Flags flags = new Flags();

    private Strftime(ZonedDateTime moment, String pattern, Rendering rendering) {
        this.moment = moment;
        this.pattern = pattern;
        this.rendering = rendering;
    }

    static String format(ZonedDateTime moment, String pattern, Rendering rendering) {
        Strftime strftime = new Strftime(moment, pattern, rendering);
        strftime.run();
        rendering.build(strftime.out.length());
        return strftime.out.toString();
    }

    private void run() {
        int start = pattern.indexOf('%');
        int done = 0;
        while (start >= 0) {
            out.append(pattern, done, start);
            at = start + 1;
            flags = new Flags();
            at = flags.read(pattern, at);
            rendering.step();
            if (flags.width > WIDEST) {
                throw rendering.tooLong();
            }
            if (!directive()) {
                out.append(pattern, start, at);
            }
            if (out.length() > rendering.longestText()) {
                throw rendering.tooLong();
            }
            done = at;
            start = pattern.indexOf('%', at);
        }
        out.append(pattern, done, pattern.length());
    }

    private boolean directive() {
        if (at == pattern.length()) {
            return false;
        }
        char directive = pattern.charAt(at++);
        return dateNumber(directive)
                || timeNumber(directive)
                || name(directive)
                || combination(directive)
                || zoneOrSign(directive);
    }

    private boolean dateNumber(char directive) {
        switch (directive) {
            case 'Y' -> year(moment.getYear());
            case 'C' -> number(Math.floorDiv(moment.getYear(), 100), 2, '0');
            case 'y' -> number(Math.floorMod(moment.getYear(), 100), 2, '0');
            case 'm' -> number(moment.getMonthValue(), 2, '0');
            case 'd' -> number(moment.getDayOfMonth(), 2, '0');
            case 'e' -> number(moment.getDayOfMonth(), 2, ' ');
            case 'j' -> number(moment.getDayOfYear(), 3, '0');
            case 'u' -> number(moment.getDayOfWeek().getValue(), 1, '0');
            case 'w' -> number(moment.getDayOfWeek().getValue() % 7, 1, '0');
            case 'G' -> year(moment.get(IsoFields.WEEK_BASED_YEAR));
            case 'g' -> number(Math.floorMod(moment.get(IsoFields.WEEK_BASED_YEAR), 100), 2, '0');
            case 'V' -> number(moment.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR), 2, '0');
            case 'U' -> number(week(moment.getDayOfWeek().getValue() % 7), 2, '0');
            case 'W' -> number(week(moment.getDayOfWeek().getValue() - 1), 2, '0');
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean timeNumber(char directive) {
        int hour12 = moment.get(ChronoField.CLOCK_HOUR_OF_AMPM);
        switch (directive) {
            case 'H' -> number(moment.getHour(), 2, '0');
            case 'k' -> number(moment.getHour(), 2, ' ');
            case 'I' -> number(hour12, 2, '0');
            case 'l' -> number(hour12, 2, ' ');
            case 'M' -> number(moment.getMinute(), 2, '0');
            case 'S' -> number(moment.getSecond(), 2, '0');
            case 'L' -> fraction(3);
            case 'N' -> fraction(9);
            case 's' -> number(moment.toEpochSecond(), 1, '0');
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean name(char directive) {
        boolean am = moment.getHour() < 12;
        switch (directive) {
            case 'A' -> text(moment.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH));
            case 'a' -> text(moment.getDayOfWeek().getDisplayName(TextStyle.SHORT, Locale.ENGLISH));
            case 'B' -> text(moment.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH));
            case 'b', 'h' -> text(shortMonth());
            case 'p' -> text(flags.swapped ? (am ? "am" : "pm") : (am ? "AM" : "PM"), false);
            case 'P' -> text(am ? "am" : "pm", false);
            case 'Z' -> text(zoneName(), flags.swapped);
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean combination(char directive) {
        String parts =
                switch (directive) {
                    case 'c' -> "%a %b %e %H:%M:%S %Y";
                    case 'D', 'x' -> "%m/%d/%y";
                    case 'F' -> "%Y-%m-%d";
                    case 'T', 'X' -> "%H:%M:%S";
                    case 'R' -> "%H:%M";
                    case 'r' -> "%I:%M:%S %p";
                    case 'v' -> "%e-%^b-%Y";
                    case '+' -> "%a %b %e %H:%M:%S %Z %Y";
                    default -> null;
                };
        if (parts != null) {
            text(format(moment, parts, rendering));
        }
        return parts != null;
    }

    private boolean zoneOrSign(char directive) {
        switch (directive) {
            case 'z' -> offset();
            case 'n' -> out.append('\n');
            case 't' -> out.append('\t');
            case '%' -> out.append('%');
            default -> {
                return false;
            }
        }
        return true;
    }

    private void year(int year) {
        number(year, year < 0 ? 5 : 4, '0');
    }

    private void number(long number, int usual, char pad) {
        char with =
                switch (flags.padding) {
                    case '_' -> ' ';
                    case '0' -> '0';
                    default -> pad;
                };
        int length = flags.padding == '-' ? 0 : (flags.width < 0 ? usual : flags.width);
        String digits = Long.toString(Math.abs(number));
        String sign = number < 0 ? "-" : "";
        if (with == ' ') {
            pad(' ', length - digits.length() - sign.length());
            out.append(sign).append(digits);
        } else {
            out.append(sign);
            pad('0', length - digits.length() - sign.length());
            out.append(digits);
        }
    }

    private void text(String text) {
        text(text, false);
    }

    private void text(String text, boolean lower) {
        boolean raised = flags.upper || (flags.swapped && !lower && !isMeridian(text));
        String cased =
                lower
                        ? text.toLowerCase(Locale.ROOT)
                        : raised ? text.toUpperCase(Locale.ROOT) : text;
        if (flags.padding != '-') {
            pad(flags.padding == '0' ? '0' : ' ', flags.width - cased.length());
        }
        out.append(cased);
    }

    private static boolean isMeridian(String text) {
        return text.equals("am") || text.equals("pm");
    }

    private void fraction(int usual) {
        int digits = flags.width > 0 ? flags.width : usual;
        String nanos = "%09d".formatted(moment.getNano());
        out.append(nanos, 0, Math.min(digits, nanos.length()));
        pad('0', digits - nanos.length());
    }

    private void offset() {
        int seconds = moment.getOffset().getTotalSeconds();
        int minutes = Math.abs(seconds) / 60;
        String rest =
                switch (flags.colons) {
                    case 0 -> "%02d".formatted(minutes % 60);
                    case 1 -> ":%02d".formatted(minutes % 60);
                    default -> ":%02d:%02d".formatted(minutes % 60, Math.abs(seconds) % 60);
                };
        String sign = seconds < 0 ? "-" : "+";
        int hourWidth = Math.max(flags.padding == '-' ? 1 : 2, flags.width - rest.length() - 1);
        String hours = Integer.toString(minutes / 60);
        if (flags.padding == '_') {
            pad(' ', hourWidth - hours.length());
            out.append(sign).append(hours).append(rest);
        } else {
            out.append(sign);
            pad('0', hourWidth - hours.length());
            out.append(hours).append(rest);
        }
    }

    private void pad(char with, int count) {
        for (int i = 0; i < count; i++) {
            out.append(with);
        }
    }

    private String shortMonth() {
        return moment.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH).substring(0, 3);
    }

    // A bare offset has no name in the reference either.
    private String zoneName() {
        ZoneId zone = moment.getZone();
        if (zone.equals(ZoneOffset.UTC)) {
            return "UTC";
        }
        return zone instanceof ZoneOffset ? "" : ZONE_NAME.format(moment);
    }

    // Days before the first such weekday of the year are in week 0.
    private int week(int daysSinceWeekStart) {
        return (moment.getDayOfYear() + 6 - daysSinceWeekStart) / 7;
    }

    /** What stands between a percent sign and its directive. */
    private static final class Flags {

        private char padding;
        private boolean upper;
        private boolean swapped;
        private int width = -1;
        private int colons;

        /** Reads them and says where the directive is. */
        int read(String pattern, int start) {
            int at = start;
            while (at < pattern.length() && flag(pattern.charAt(at))) {
                at++;
            }
            while (at < pattern.length() && Character.isDigit(pattern.charAt(at))) {
                int digit = Character.digit(pattern.charAt(at++), 10);
                width = Math.min(WIDEST + 1, Math.max(width, 0) * 10 + digit);
            }
            while (at < pattern.length() && pattern.charAt(at) == ':') {
                colons++;
                at++;
            }
            boolean modified = at + 1 < pattern.length() && "EO".indexOf(pattern.charAt(at)) >= 0;
            return modified ? at + 1 : at;
        }

        private boolean flag(char c) {
            switch (c) {
                case '-', '_', '0' -> padding = c;
                case '^' -> upper = true;
                case '#' -> swapped = true;
                case ':' -> colons++;
                default -> {
                    return false;
                }
            }
            return true;
        }
    }
}
