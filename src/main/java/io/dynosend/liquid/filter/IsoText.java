package io.dynosend.liquid.filter;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import org.jspecify.annotations.Nullable;

/**
 * Reads the dates that programs write, {@code 2016-03-14} and {@code 2016-03-14T10:00:00Z}, without
 * searching.
 */
final class IsoText {

    private IsoText() {}

    /** Null if it is anything else, even if that is a date as well. */
    static @Nullable ZonedDateTime parse(String text, ZoneId zone) {
        int length = text.length();
        if (length < 10 || text.charAt(4) != '-' || text.charAt(7) != '-') {
            return null;
        }
        int year = digits(text, 0, 4);
        int month = digits(text, 5, 7);
        int day = digits(text, 8, 10);
        if (year < 0 || month < 1 || month > 12 || day < 1 || day > 28) {
            return null;
        }
        if (length == 10) {
            return LocalDate.of(year, month, day).atStartOfDay(zone);
        }
        int hour = length >= 19 ? digits(text, 11, 13) : -1;
        int minute = length >= 19 ? digits(text, 14, 16) : -1;
        int second = length >= 19 ? digits(text, 17, 19) : -1;
        boolean utc = length == 20 && text.charAt(19) == 'Z';
        boolean plain = length == 19 || utc;
        boolean separated =
                plain
                        && (text.charAt(10) == 'T' || text.charAt(10) == ' ')
                        && text.charAt(13) == ':'
                        && text.charAt(16) == ':';
        if (!separated || hour < 0 || hour > 23 || minute < 0 || minute > 59) {
            return null;
        }
        return second < 0 || second > 59
                ? null
                : LocalDateTime.of(year, month, day, hour, minute, second)
                        .atZone(utc ? ZoneOffset.UTC : zone);
    }

    private static int digits(String text, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }
}
