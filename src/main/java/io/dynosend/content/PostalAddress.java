package io.dynosend.content;

import io.dynosend.common.Problem.BadInput;
import io.dynosend.common.SingleLine;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sender's postal address for the footer (15 U.S.C. §7704(a)(5)(A)(iii), CAN-SPAM).
 *
 * @param lines plain text, who first, then street, then the rest; blank ones are left out
 */
public record PostalAddress(List<String> lines) {

    /**
     * Refuses lines that are not single lines.
     *
     * @throws BadInput if a line breaks, or is over 255 characters
     */
    public PostalAddress {
        lines =
                lines.stream()
                        .map(line -> SingleLine.checked("contact_information", line).strip())
                        .filter(line -> !line.isEmpty())
                        .toList();
    }

    /** The line that tells this address from others: the second of three or more, or the first. */
    @Nullable String street() {
        if (lines.isEmpty()) return null;
        return lines.get(lines.size() > 2 ? 1 : 0);
    }
}
