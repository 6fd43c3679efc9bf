package io.dynosend.mailbox;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A message as one line of a list, and as the head of its own page; ready to be shown.
 *
 * @param from as the header has it
 * @param author of that only the name, where there is one
 * @param time to the minute
 * @param seconds what follows it where there is room
 */
public record MessageRow(
        String id,
        String from,
        String author,
        String to,
        String subject,
        String time,
        String seconds,
        String fullTime,
        String isoTime,
        String size) {

    private static final DateTimeFormatter SHORT =
            DateTimeFormatter.ofPattern("d MMM, HH:mm", Locale.ENGLISH);
    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern(":ss", Locale.ENGLISH);
    private static final DateTimeFormatter FULL =
            DateTimeFormatter.ofPattern("d MMMM uuuu, HH:mm:ss 'UTC'", Locale.ENGLISH);
    private static final Pattern NAMED = Pattern.compile("\"?([^\"<>]+?)\"?\\s*<[^<>]*>");
    private static final int LONGEST = 300;

    static MessageRow of(StoredMessage message) {
        var time = message.id().time().atOffset(ZoneOffset.UTC);
        return new MessageRow(
                message.id().toString(),
                Text.shortened(message.from(), LONGEST),
                author(Text.shortened(message.from(), LONGEST)),
                Text.shortened(message.to(), LONGEST),
                Text.shortened(message.subject(), LONGEST),
                SHORT.format(time),
                SECONDS.format(time),
                FULL.format(time),
                message.id().time().toString(),
                Text.size(message.size()));
    }

    private static String author(String from) {
        var named = NAMED.matcher(from);
        return named.matches() ? named.group(1) : from;
    }
}
