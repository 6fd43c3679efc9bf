package io.dynosend.liquid.filter;

import io.dynosend.liquid.value.Numbers;
import io.dynosend.liquid.value.Rendering;
import io.dynosend.liquid.value.SafeText;
import io.dynosend.liquid.value.Texts;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The filter {@code date}: a moment, seconds since 1970, or text that says when, in any form. */
final class DateFilter {

    static final List<Filter> ALL =
            List.of(Filter.of("date", 1, 1, (in, with, r) -> format(in, with[0], r)));

    // Reading a date searches the text for many forms; this many characters take as long.
    private static final int COST_OF_READING = 1 << 13;

    private DateFilter() {}

    private static @Nullable Object format(
            @Nullable Object input, @Nullable Object format, Rendering rendering) {
        String pattern = Texts.of(format, rendering);
        ZonedDateTime moment = pattern.isEmpty() ? null : moment(input, rendering);
        return moment == null ? input : Strftime.format(moment, pattern, rendering);
    }

    private static @Nullable ZonedDateTime moment(@Nullable Object input, Rendering rendering) {
        try {
            return switch (input) {
                case Instant instant -> instant.atZone(rendering.zone());
                case ZonedDateTime moment -> moment;
                case OffsetDateTime moment -> moment.toZonedDateTime();
                case LocalDateTime moment -> moment.atZone(rendering.zone());
                case LocalDate date -> date.atStartOfDay(rendering.zone());
                case String text -> ofText(text, rendering);
                case SafeText(String text) -> ofText(text, rendering);
                case Object number when Numbers.isWhole(number) ->
                        ofSeconds(Numbers.integer(number), rendering);
                case null, default -> null;
            };
        } catch (DateTimeException _) {
            return null;
        }
    }

    private static @Nullable ZonedDateTime ofText(String text, Rendering rendering) {
        if (text.equalsIgnoreCase("now") || text.equalsIgnoreCase("today")) {
            return rendering.now().atZone(rendering.zone());
        }
        rendering.scanned(COST_OF_READING);
        return isSeconds(text)
                ? ofSeconds(Long.parseLong(text), rendering)
                : DateText.parse(text, rendering.now(), rendering.zone());
    }

    private static ZonedDateTime ofSeconds(long seconds, Rendering rendering) {
        return Instant.ofEpochSecond(seconds).atZone(rendering.zone());
    }

    private static boolean isSeconds(String text) {
        return !text.isEmpty()
                && text.length() <= 18
                && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
