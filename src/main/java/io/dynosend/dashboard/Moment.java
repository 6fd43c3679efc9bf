package io.dynosend.dashboard;

import io.dynosend.contact.Timeline.Entry;
import io.dynosend.optin.Consents.Evidence;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Something in the life of a contact as a sentence.
 *
 * @param kind what happened, for its mark
 * @param below what more there is to say; empty: nothing
 */
public record Moment(Instant at, String kind, String text, String below) {

    static Moment of(Entry entry) {
        return new Moment(
                entry.at(), entry.type(), text(entry.type(), entry.details()), more(entry));
    }

    /** With all that proves it. */
    static Moment of(Evidence evidence) {
        var details = evidence.details();
        String what =
                switch (evidence.type()) {
                    case "asked" -> "Confirmation mail sent to " + said(details, "address", "");
                    case "updated" -> "Address changed, by " + source(details);
                    default -> text(evidence.type(), details);
                };
        var proof =
                List.of(
                        named("IP address", details, "ip_address"),
                        named("Browser", details, "user_agent"),
                        named("Page", details, "page"),
                        named("Agreed to", details, "wording"),
                        named("Message-ID", details, "message_id"),
                        named("Import", details, "import_uid"),
                        details.get("ignore_doi") == null ? "" : "Without a confirmation");
        return new Moment(
                evidence.at(),
                evidence.type(),
                what,
                proof.stream().filter(each -> !each.isEmpty()).collect(Collectors.joining("\n")));
    }

    private static String text(String type, Map<String, @Nullable Object> details) {
        return switch (type) {
            case "mailed" -> mailed(details);
            case "opened" -> "Opened a message";
            case "clicked" -> "Clicked " + said(details, "url", "a link");
            case "event" -> "Event “" + said(details, "name", "") + "”";
            case "subscribed" -> "Subscribed by " + source(details);
            case "unconfirmed" -> "Asked to confirm, by " + source(details);
            case "confirmed" -> "Confirmed the subscription";
            case "unsubscribed" -> "Unsubscribed by " + source(details);
            case "tagged" -> "Tagged" + tags(details);
            case "untagged" -> "Tag removed" + tags(details);
            case "updated" -> "Changed by " + source(details);
            default -> type;
        };
    }

    private static String source(Map<String, @Nullable Object> details) {
        return switch (said(details, "source", "unknown")) {
            case "api" -> "the API";
            case "import" -> "an import";
            case "form" -> "a sign-up form";
            case "link" -> "a link in a mail";
            case "dashboard" -> "a user in the dashboard";
            case "transactional" -> "a transactional message";
            case String other -> other;
        };
    }

    private static String tags(Map<String, @Nullable Object> details) {
        return details.get("tags") instanceof List<?> tags && !tags.isEmpty()
                ? tags.stream().map(String::valueOf).collect(Collectors.joining("”, “", ": “", "”"))
                : "";
    }

    private static String more(Entry entry) {
        if (!entry.type().equals("updated")) return "";
        return entry.details().get("fields") instanceof List<?> fields
                ? fields.stream().map(String::valueOf).collect(Collectors.joining(", "))
                : "";
    }

    private static String mailed(Map<String, @Nullable Object> details) {
        String what = said(details, "campaign", said(details, "subject", "a message"));
        String reason = said(details, "reason", "");
        String why = reason.isEmpty() ? "" : ": " + reason;
        return switch (said(details, "state", "")) {
            case "sent" -> "Sent “%s”".formatted(what);
            case "failed" -> "Not delivered: “%s”%s".formatted(what, why);
            case "skipped" -> "Skipped in “%s”%s".formatted(what, why);
            default -> "Unknown whether “%s” arrived%s".formatted(what, why);
        };
    }

    private static String named(String name, Map<String, @Nullable Object> details, String key) {
        String value = said(details, key, "");
        return value.isEmpty() ? "" : name + ": " + value;
    }

    private static String said(Map<String, @Nullable Object> details, String key, String other) {
        return Objects.requireNonNullElse(details.get(key), other).toString();
    }
}
