package io.dynosend.sending;

import io.dynosend.smtp.Reply;
import java.time.Duration;
import java.util.regex.Pattern;

/** Receivers that take a message only when it comes again after a while (RFC 6647). */
final class Greylisting {

    private static final Pattern WORD =
            Pattern.compile("gr[ae]y[- ]?list", Pattern.CASE_INSENSITIVE);
    private static final Pattern WAIT =
            Pattern.compile(
                    "([0-9]{1,5}) ?(s|sec|secs|second|seconds|m|min|mins|minute|minutes)\\b",
                    Pattern.CASE_INSENSITIVE);

    // RFC 6647 §5: a minute to a day is asked for; five minutes is what most ask for.
    private static final Duration USUAL = Duration.ofMinutes(5);
    private static final Duration SHORTEST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofHours(1);

    private Greylisting() {}

    static boolean isMeant(Reply reply) {
        return reply.code() / 100 == 4 && WORD.matcher(reply.toString()).find();
    }

    /** When it is worth to come again: what the reply says, within reason, or the usual. */
    static Duration delay(Reply reply) {
        var wait = WAIT.matcher(reply.toString());
        if (!wait.find()) return USUAL;
        long number = Long.parseLong(wait.group(1));
        boolean seconds = wait.group(2).charAt(0) == 's' || wait.group(2).charAt(0) == 'S';
        var asked = seconds ? Duration.ofSeconds(number) : Duration.ofMinutes(number);
        // A little later than asked: it counts from when the reply was written.
        var delay = asked.plusSeconds(10);
        if (delay.compareTo(SHORTEST) < 0) return SHORTEST;
        return delay.compareTo(LONGEST) > 0 ? LONGEST : delay;
    }
}
