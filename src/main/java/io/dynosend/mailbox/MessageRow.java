package io.dynosend.mailbox;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** A message as one line of a list, and as the head of its own page; ready to be shown. */
public record MessageRow(
        String id,
        String from,
        String to,
        String subject,
        String time,
        String fullTime,
        String isoTime,
        String size) {

    private static final DateTimeFormatter SHORT =
            DateTimeFormatter.ofPattern("d MMM, HH:mm:ss", Locale.ENGLISH);
    private static final DateTimeFormatter FULL =
            DateTimeFormatter.ofPattern("d MMMM uuuu, HH:mm:ss 'UTC'", Locale.ENGLISH);
    private static final int LONGEST = 300;

    static MessageRow of(StoredMessage message) {
        var time = message.id().time().atOffset(ZoneOffset.UTC);
        return new MessageRow(
                message.id().toString(),
                Text.shortened(message.from(), LONGEST),
                Text.shortened(message.to(), LONGEST),
                Text.shortened(message.subject(), LONGEST),
                SHORT.format(time),
                FULL.format(time),
                message.id().time().toString(),
                Text.size(message.size()));
    }
}
