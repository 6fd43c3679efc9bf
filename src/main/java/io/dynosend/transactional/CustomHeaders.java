package io.dynosend.transactional;

import io.dynosend.common.Problem.BadInput;
import io.dynosend.content.Header;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The headers that a caller adds to a message, none of which can say who sends it to whom, or
 * pretend to be written by a server on the way.
 */
public final class CustomHeaders {

    /** One as it was given. */
    public record Given(String name, String value) {}

    private static final int MOST = 20;
    private static final int LONGEST = 998;

    private static final Set<String> FORBIDDEN =
            Set.of(
                    "from",
                    "sender",
                    "to",
                    "cc",
                    "bcc",
                    "reply-to",
                    "subject",
                    "date",
                    "message-id",
                    "mime-version",
                    "return-path",
                    "received",
                    "delivered-to",
                    "domainkey-signature",
                    "authentication-results",
                    "received-spf",
                    "feedback-id",
                    "errors-to",
                    "auto-submitted",
                    "precedence",
                    "disposition-notification-to",
                    "return-receipt-to",
                    "apparently-to",
                    "x-confirm-reading-to");

    private static final List<String> FORBIDDEN_PREFIXES =
            List.of("content-", "resent-", "dkim-", "arc-", "list-", "x-dynosend-");

    private CustomHeaders() {}

    /**
     * The headers, if all of them are allowed.
     *
     * @throws BadInput naming the first that is not, or saying that there are over 20
     */
    public static List<Header> checked(List<Given> given) {
        if (given.size() > MOST) {
            throw new BadInput("customHeaders may hold at most %d headers".formatted(MOST));
        }
        var headers = new ArrayList<Header>();
        var names = new HashSet<String>();
        for (var each : given) {
            var header = header(each);
            if (!names.add(header.name().toLowerCase(Locale.ROOT))) {
                throw new BadInput("customHeaders holds %s twice".formatted(header.name()));
            }
            headers.add(header);
        }
        return headers;
    }

    private static Header header(Given given) {
        String name = given.name().toLowerCase(Locale.ROOT);
        if (FORBIDDEN.contains(name) || FORBIDDEN_PREFIXES.stream().anyMatch(name::startsWith)) {
            throw new BadInput(
                    "customHeaders must not set %s".formatted(Header.printable(given.name())));
        }
        var header = valid(given);
        int octets = name.length() + 2 + header.value().getBytes(StandardCharsets.UTF_8).length;
        if (octets > LONGEST) {
            throw new BadInput(
                    "The header %s has more than %d octets".formatted(header.name(), LONGEST));
        }
        return header;
    }

    private static Header valid(Given given) {
        try {
            return new Header(given.name(), given.value());
        } catch (BadInput e) {
            throw new BadInput("customHeaders: " + e.getMessage());
        }
    }
}
