package io.dynosend.dashboard;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How fast a campaign goes out: a page that asks again and again says what it was told a moment
 * ago, so that no node has to remember.
 *
 * @param perSecond over the last seconds, or since the start where that is all there is; negative:
 *     nobody can say yet
 * @param told what the page says when it asks the next time
 */
public record Pace(double perSecond, String told) {

    private static final Duration LAST = Duration.ofSeconds(8);
    private static final Duration TOO_OLD = Duration.ofMinutes(2);
    private static final Duration TOO_SHORT = Duration.ofMillis(500);
    private static final Pattern TOLD =
            Pattern.compile("([0-9A-Za-z-]{1,64})\\.([0-9]{1,15})\\.([0-9]{1,15})");

    /** What a page was told, by campaign. */
    record Told(long settled, Instant at) {}

    /** What a page says that it was told; nothing of what makes no sense. */
    static Map<String, Told> told(String query) {
        var all = new HashMap<String, Told>();
        for (String each : query.split("_", 50)) {
            var match = TOLD.matcher(each);
            if (!match.matches()) continue;
            all.put(
                    match.group(1),
                    new Told(
                            Long.parseLong(match.group(2)),
                            Instant.ofEpochMilli(Long.parseLong(match.group(3)))));
        }
        return all;
    }

    static Pace of(CampaignCard card, @Nullable Told told, Instant now) {
        long settled = card.settled();
        String fresh = card.line().uid() + "." + settled + "." + now.toEpochMilli();
        var usable =
                told != null
                                && told.settled() <= settled
                                && !told.at().isAfter(now.minus(TOO_SHORT))
                                && told.at().isAfter(now.minus(TOO_OLD))
                        ? told
                        : null;
        if (usable == null) return new Pace(sinceStart(card, now), fresh);
        double perSecond = (settled - usable.settled()) / seconds(usable.at(), now);
        boolean old = usable.at().isBefore(now.minus(LAST));
        return new Pace(
                perSecond,
                old
                        ? fresh
                        : card.line().uid()
                                + "."
                                + usable.settled()
                                + "."
                                + usable.at().toEpochMilli());
    }

    /** As "120 messages a second". */
    public String said() {
        if (perSecond < 0) return "";
        if (perSecond >= 10)
            return "%s messages a second".formatted(Moments.number((long) perSecond));
        if (perSecond >= 0.1) {
            return "%s messages a second"
                    .formatted(String.format(java.util.Locale.ROOT, "%.1f", perSecond));
        }
        return "none in the last seconds";
    }

    /** How long the rest takes at this pace, as "3 min left"; empty: nobody can say. */
    public String left(long waiting) {
        if (perSecond < 0.1 || waiting == 0) return "";
        return Moments.roughly(Duration.ofSeconds((long) Math.ceil(waiting / perSecond))) + " left";
    }

    private static double sinceStart(CampaignCard card, Instant now) {
        var started = card.line().startedAt();
        if (started == null || !card.isLive() || card.settled() == 0) return -1;
        return card.settled() / Math.max(1, seconds(started, now));
    }

    private static double seconds(Instant from, Instant to) {
        return Duration.between(from, to).toMillis() / 1000.0;
    }
}
