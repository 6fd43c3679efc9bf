package io.dynosend.mailbox;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of a stored message: the microsecond of its arrival in UTC, {@code
 * 20260101T100000.123456}. Names sort by arrival, and no two messages share one.
 *
 * @param micros microseconds since 1970
 */
record MessageId(long micros) {

    /** Before and after every message there can be. */
    static final MessageId FIRST = new MessageId(0);

    static final MessageId LAST = new MessageId(Long.MAX_VALUE);

    private static final Pattern FORM = Pattern.compile("\\d{8}T\\d{6}\\.\\d{6}");
    private static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSSSSS")
                    .withResolverStyle(ResolverStyle.STRICT);
    private static final String SUFFIX = ".eml";

    static MessageId at(Instant time) {
        return new MessageId(ChronoUnit.MICROS.between(Instant.EPOCH, time));
    }

    /** Empty for anything that is not exactly such a name; so a name is safe inside a path. */
    static Optional<MessageId> parse(String text) {
        if (!FORM.matcher(text).matches()) return Optional.empty();
        try {
            return Optional.of(at(LocalDateTime.parse(text, FORMAT).toInstant(ZoneOffset.UTC)));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    static Optional<MessageId> ofFile(String fileName) {
        return fileName.endsWith(SUFFIX)
                ? parse(fileName.substring(0, fileName.length() - SUFFIX.length()))
                : Optional.empty();
    }

    String fileName() {
        return this + SUFFIX;
    }

    Instant time() {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    @Override
    public String toString() {
        return FORMAT.format(time().atOffset(ZoneOffset.UTC));
    }
}
