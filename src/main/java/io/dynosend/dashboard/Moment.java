package io.dynosend.dashboard;

import io.dynosend.contact.Timeline.Entry;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An entry of a contact's timeline as a sentence. */
public record Moment(Instant at, String text) {

    static Moment of(Entry entry) {
        return new Moment(entry.at(), text(entry.type(), entry.details()));
    }

    private static String text(String type, Map<String, @Nullable Object> details) {
        return switch (type) {
            case "mailed" -> mailed(details);
            case "opened" -> "Opened a message";
            case "clicked" -> "Followed " + said(details, "url", "a link");
            case "event" -> "Event “" + said(details, "name", "") + "”";
            case "subscribed" -> "Subscribed, by " + said(details, "source", "unknown");
            case "unconfirmed" -> "Asked to confirm, by " + said(details, "source", "unknown");
            case "confirmed" -> "Confirmed the subscription";
            case "unsubscribed" -> "Unsubscribed, by " + said(details, "source", "unknown");
            case "tagged" -> "Tagged";
            case "untagged" -> "Tag taken away";
            case "updated" -> "Changed, by " + said(details, "source", "unknown");
            default -> type;
        };
    }

    private static String mailed(Map<String, @Nullable Object> details) {
        String what = said(details, "campaign", said(details, "subject", "a message"));
        String reason = said(details, "reason", "");
        String why = reason.isEmpty() ? "" : ": " + reason;
        return switch (said(details, "state", "")) {
            case "sent" -> "Got “%s”".formatted(what);
            case "failed" -> "Did not get “%s”%s".formatted(what, why);
            case "skipped" -> "Was left out of “%s”%s".formatted(what, why);
            default -> "Nobody knows whether “%s” arrived%s".formatted(what, why);
        };
    }

    private static String said(Map<String, @Nullable Object> details, String key, String other) {
        return Objects.requireNonNullElse(details.get(key), other).toString();
    }
}
