package io.dynosend.liquid.filter;

import static java.util.regex.Pattern.compile;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a date as people write it: ISO 8601, RFC 5322, {@code March 14, 2016}, {@code 14.3.2016},
 * with or without a time and a zone. What is left out is taken from today.
 */
final class DateText {

    // Longer is no date; and what follows searches the text more than once.
    private static final int LONGEST = 128;

    private static final String MONTH = "(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)";
    private static final List<String> MONTHS =
            List.of(
                    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov",
                    "dec");

    private static final Pattern TIME =
            compile(
                    "(?<!\\d)(\\d{1,2})(?:\\s*:\\s*(\\d{1,2})(?:\\s*:\\s*(\\d{1,2})(?:[.,](\\d+))?)?)"
                            + "(?:\\s*([ap])\\.?m\\.?\\b)?|\\b(\\d{1,2})\\s*([ap])\\.?m\\.?\\b");
    private static final Pattern COMPACT =
            compile("\\b(\\d{4})(\\d{2})(\\d{2})(?:t?(\\d{2})(\\d{2})(\\d{2})?)?(?=z?\\b|[-+])");
    private static final Pattern ZONE =
            compile(
                    "^\\s*(z\\b|[-+]\\d{1,2}(?::?\\d{2})?|[a-z]+(?:[-+]\\d{1,2}(?::?\\d{2})?)?\\b)");
    private static final Pattern DAY_MONTH =
            compile(
                    "(\\d{1,2})(?:st|nd|rd|th)?[\\s-]*\\b"
                            + MONTH
                            + "[a-z]*\\.?,?[\\s-]*('?\\d+)?");
    private static final Pattern MONTH_DAY =
            compile("\\b" + MONTH + "[a-z]*\\.?\\s*(\\d{1,2})\\b(?:st|nd|rd|th)?,?\\s*('?\\d+)?");
    private static final Pattern MONTH_DAY_ORDINAL =
            compile("\\b" + MONTH + "[a-z]*\\.?\\s*(\\d{1,2})(?:st|nd|rd|th)\\b,?\\s*('?\\d+)?");
    private static final Pattern YEAR_MONTH_NAME = compile("(\\d{4})[\\s-]+" + MONTH + "[a-z]*");
    private static final Pattern MONTH_YEAR =
            compile("\\b" + MONTH + "[a-z]*\\.?,?[\\s-]*('?\\d{4})?");
    private static final Pattern ISO_WEEK = compile("\\b(\\d{4})-?w(\\d{2})(?:-?(\\d))?\\b");
    private static final Pattern ISO = compile("([-+]?\\d{2,})-(\\d{1,2})(?:-(\\d{1,2}))?");
    private static final Pattern YEAR_DAY = compile("\\b(\\d{4})-(\\d{3})\\b");
    private static final Pattern SLASHES = compile("(\\d+)/(\\d+)(?:/(\\d+))?");
    private static final Pattern DOTS = compile("(\\d+)\\.(\\d+)\\.(\\d+)");
    private static final Pattern ORDINAL = compile("\\b(\\d{1,2})(?:st|nd|rd|th)\\b");

    private final LocalDate today;
    private final ZoneId local;

    private String rest;
    private @Nullable Integer year;
    private @Nullable Integer month;
    private @Nullable Integer day;
    private @Nullable LocalDate date;
    private @Nullable LocalTime time;
    private int daysLater;
    private @Nullable ZoneOffset offset;

    private DateText(String text, Instant now, ZoneId local) {
        this.rest = text;
        this.local = local;
        this.today = now.atZone(local).toLocalDate();
    }

    /** Null if it is no date. */
    static @Nullable ZonedDateTime parse(String text, Instant now, ZoneId zone) {
        if (text.length() > LONGEST) {
            return null;
        }
        ZonedDateTime iso = IsoText.parse(text, zone);
        if (iso != null) {
            return iso;
        }
        try {
            return new DateText(text.toLowerCase(Locale.ROOT), now, zone).moment();
        } catch (DateTimeException | NumberFormatException _) {
            return null;
        }
    }

    private @Nullable ZonedDateTime moment() {
        readTime();
        boolean dated = readDate();
        if (!dated && time == null) {
            return null;
        }
        LocalDateTime when =
                LocalDateTime.of(day(), time == null ? LocalTime.MIDNIGHT : time)
                        .plusDays(daysLater);
        return when.atZone(offset == null ? local : offset);
    }

    private void readTime() {
        Matcher compact = COMPACT.matcher(rest);
        if (compact.find()) {
            readCompact(compact);
            return;
        }
        Matcher found = TIME.matcher(rest);
        if (!found.find()) {
            return;
        }
        String half = found.group(5) == null ? found.group(7) : found.group(5);
        String hours = found.group(1) == null ? found.group(6) : found.group(1);
        int hour = hour(Integer.parseInt(hours), half);
        setTime(hour, number(found.group(2)), number(found.group(3)), nanos(found.group(4)));
        readZone(rest.substring(found.end()));
        rest = rest.substring(0, found.start()) + " " + rest.substring(found.end());
    }

    private void readCompact(Matcher found) {
        year = Integer.valueOf(found.group(1));
        month = Integer.valueOf(found.group(2));
        day = Integer.valueOf(found.group(3));
        if (found.group(4) != null) {
            setTime(number(found.group(4)), number(found.group(5)), number(found.group(6)), 0);
            readZone(rest.substring(found.end()));
        }
        rest = "";
    }

    private static int hour(int hour, @Nullable String half) {
        if (half == null) {
            return hour;
        }
        return hour % 12 + (half.equals("p") ? 12 : 0);
    }

    // 24:00 and a leap second are the next day and the next minute.
    private void setTime(int hour, int minute, int second, int nanos) {
        boolean midnight = hour == 24 && minute == 0 && second == 0;
        daysLater = midnight ? 1 : 0;
        time = LocalTime.of(midnight ? 0 : hour, minute, Math.min(second, 59), nanos);
        if (second > 60) {
            throw new DateTimeException("No such second");
        }
    }

    private void readZone(String after) {
        Matcher found = ZONE.matcher(after);
        if (!found.find()) {
            return;
        }
        offset = ZoneText.offset(found.group(1));
        if (offset != null) {
            rest = rest.substring(0, rest.length() - after.length()) + after.substring(found.end());
        }
    }

    private boolean readDate() {
        return year != null
                || readNamed(DAY_MONTH, 2, 1)
                || readNamed(MONTH_DAY_ORDINAL, 1, 2)
                || readNamed(MONTH_DAY, 1, 2)
                || readYearAndName()
                || readMonth()
                || readWeek()
                || readYearDay()
                || readIso()
                || readSlashes()
                || readDots()
                || readOrdinal();
    }

    private boolean readNamed(Pattern pattern, int monthGroup, int dayGroup) {
        Matcher found = pattern.matcher(rest);
        if (!found.find()) {
            return false;
        }
        month = MONTHS.indexOf(found.group(monthGroup)) + 1;
        day = Integer.valueOf(found.group(dayGroup));
        year = found.group(3) == null ? null : (Integer) year(found.group(3));
        return true;
    }

    private boolean readYearAndName() {
        Matcher found = YEAR_MONTH_NAME.matcher(rest);
        if (!found.find()) {
            return false;
        }
        year = Integer.valueOf(found.group(1));
        month = MONTHS.indexOf(found.group(2)) + 1;
        return true;
    }

    private boolean readMonth() {
        Matcher found = MONTH_YEAR.matcher(rest);
        if (!found.find()) {
            return false;
        }
        month = MONTHS.indexOf(found.group(1)) + 1;
        year = found.group(2) == null ? null : (Integer) year(found.group(2));
        return true;
    }

    private boolean readWeek() {
        Matcher found = ISO_WEEK.matcher(rest);
        if (!found.find()) {
            return false;
        }
        int weekday = found.group(3) == null ? 1 : Integer.parseInt(found.group(3));
        date =
                LocalDate.of(Integer.parseInt(found.group(1)), 1, 4)
                        .with(IsoFields.WEEK_OF_WEEK_BASED_YEAR, Long.parseLong(found.group(2)))
                        .with(ChronoField.DAY_OF_WEEK, weekday);
        return true;
    }

    private boolean readYearDay() {
        Matcher found = YEAR_DAY.matcher(rest);
        if (!found.find()) {
            return false;
        }
        date =
                LocalDate.ofYearDay(
                        Integer.parseInt(found.group(1)), Integer.parseInt(found.group(2)));
        return true;
    }

    private boolean readIso() {
        Matcher found = ISO.matcher(rest);
        if (!found.find()) {
            return false;
        }
        year = year(found.group(1));
        month = Integer.valueOf(found.group(2));
        day = found.group(3) == null ? null : Integer.valueOf(found.group(3));
        return true;
    }

    // 2016/3/14, or else the day comes first: 14/3/2016. Two parts alone are month and day.
    private boolean readSlashes() {
        Matcher found = SLASHES.matcher(rest);
        if (!found.find()) {
            return false;
        }
        if (found.group(3) == null) {
            month = Integer.valueOf(found.group(1));
            day = Integer.valueOf(found.group(2));
        } else {
            read(found.group(1), found.group(2), found.group(3));
        }
        return true;
    }

    private boolean readDots() {
        Matcher found = DOTS.matcher(rest);
        if (!found.find()) {
            return false;
        }
        read(found.group(1), found.group(2), found.group(3));
        return true;
    }

    private void read(String first, String second, String third) {
        boolean yearLast = third.length() > 2 && first.length() <= 2;
        year = year(yearLast ? third : first);
        month = Integer.valueOf(second);
        day = Integer.valueOf(yearLast ? first : third);
    }

    private boolean readOrdinal() {
        Matcher found = ORDINAL.matcher(rest);
        if (!found.find()) {
            return false;
        }
        day = Integer.valueOf(found.group(1));
        return true;
    }

    private LocalDate day() {
        if (date != null) {
            return date;
        }
        if (year == null && month == null && day == null) {
            return today;
        }
        int inYear = year == null ? today.getYear() : year;
        int inMonth = month != null ? month : year == null ? today.getMonthValue() : 1;
        int onDay = day == null ? 1 : day;
        if (onDay < 1 || onDay > 31) {
            throw new DateTimeException("No such day");
        }
        // The 31st of June is the 1st of July, as in the reference.
        return LocalDate.of(inYear, inMonth, 1).plusDays(onDay - 1L);
    }

    private static int year(String digits) {
        boolean shortened = digits.startsWith("'");
        String plain = shortened ? digits.substring(1) : digits;
        int year = Integer.parseInt(plain);
        if (plain.length() > 2) {
            return year;
        }
        return year + (year < 69 ? 2000 : 1900);
    }

    private static int number(@Nullable String digits) {
        return digits == null ? 0 : Integer.parseInt(digits);
    }

    private static int nanos(@Nullable String fraction) {
        return fraction == null ? 0 : Integer.parseInt((fraction + "000000000").substring(0, 9));
    }
}
