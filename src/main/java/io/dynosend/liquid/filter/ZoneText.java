package io.dynosend.liquid.filter;

import java.time.ZoneOffset;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a zone as it stands behind a time: {@code +0100}, {@code -5}, {@code GMT+1}, {@code EST}.
 */
final class ZoneText {

    private static final Pattern OFFSET = Pattern.compile("([-+])(\\d{1,2})(?::?(\\d{2}))?$");

    // RFC 5322 §4.3; other names mean different zones in different places.
    private static final Map<String, Integer> HOURS =
            Map.ofEntries(
                    Map.entry("utc", 0),
                    Map.entry("gmt", 0),
                    Map.entry("z", 0),
                    Map.entry("est", -5),
                    Map.entry("edt", -4),
                    Map.entry("cst", -6),
                    Map.entry("cdt", -5),
                    Map.entry("mst", -7),
                    Map.entry("mdt", -6),
                    Map.entry("pst", -8),
                    Map.entry("pdt", -7));

    private ZoneText() {}

    /** Null if it is none that everybody knows. */
    static @Nullable ZoneOffset offset(String zone) {
        Matcher numeric = OFFSET.matcher(zone);
        if (numeric.find()) {
            int minutes = numeric.group(3) == null ? 0 : Integer.parseInt(numeric.group(3));
            int all = Integer.parseInt(numeric.group(2)) * 60 + minutes;
            return ZoneOffset.ofTotalSeconds((numeric.group(1).equals("-") ? -all : all) * 60);
        }
        Integer hours = HOURS.get(zone);
        return hours == null ? null : ZoneOffset.ofHours(hours);
    }
}
