package io.dynosend.content;

import java.util.Set;
import java.util.stream.Collectors;

/**
 * What every mass mail must offer, added where the author did not: a way out and the sender's
 * postal address (15 U.S.C. §7704(a)(3) and (5), CAN-SPAM).
 */
final class Footer {

    private static final String POSTAL_ADDRESS = "audience.postal_address";
    private final PostalAddress address;

    Footer(PostalAddress address) {
        this.address = address;
    }

    /**
     * The template of what is missing; empty if nothing is.
     *
     * @param reads the variables that the content reads
     * @param content its text as a reader sees it
     */
    String html(Set<String> reads, String content) {
        String unsubscribe = hasUnsubscribe(reads) ? "" : htmlLink();
        String postal = hasAddress(reads, content) ? "" : htmlAddress();
        if (unsubscribe.isEmpty() && postal.isEmpty()) return "";
        String gap = unsubscribe.isEmpty() || postal.isEmpty() ? "" : "<br>";
        return """
        <div style="margin:24px auto 0;padding:12px;text-align:center;\
        font-family:Arial,sans-serif;font-size:12px;line-height:18px;color:#666666">%s</div>
        """
                .formatted(unsubscribe + gap + postal);
    }

    /** The same for a text part. */
    String text(Set<String> reads, String content) {
        String unsubscribe =
                hasUnsubscribe(reads) ? "" : "Unsubscribe: " + Templates.unsubscribe() + "\n";
        String postal = hasAddress(reads, content) ? "" : textAddress();
        if (unsubscribe.isEmpty() && postal.isEmpty()) return "";
        // The empty output shields the line breaks from a "-%}" that may stand before.
        return "{{ \"\" }}\n\n--\n" + unsubscribe + postal;
    }

    private static boolean hasUnsubscribe(Set<String> reads) {
        return reads.contains(CopyVariables.UNSUBSCRIBE_URL);
    }

    private boolean hasAddress(Set<String> reads, String content) {
        return address.isIn(content)
                || reads.stream().anyMatch(path -> path.startsWith(POSTAL_ADDRESS));
    }

    private static String htmlLink() {
        return "<a href=\"%s\" style=\"color:#666666\">Unsubscribe</a>"
                .formatted(Templates.unsubscribe());
    }

    private String htmlAddress() {
        return address.lines().stream()
                .map(Html::escapedInTemplate)
                .collect(Collectors.joining("<br>"));
    }

    private String textAddress() {
        return address.lines().stream()
                .map(LiquidSource::literal)
                .collect(Collectors.joining("\n", "", "\n"));
    }
}
