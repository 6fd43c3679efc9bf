package io.dynosend.content;

import io.dynosend.common.Problem.BadInput;
import io.dynosend.common.SingleLine;
import java.util.List;

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

    /**
     * Whether a reader of that text knows the address: by the street, which is the first line with
     * a number after whoever lives there, or else by all lines. No address is in any text.
     */
    boolean isIn(String text) {
        return lines.stream()
                .skip(1)
                .filter(line -> line.chars().anyMatch(Character::isDigit))
                .findFirst()
                .map(text::contains)
                .orElseGet(() -> lines.stream().allMatch(text::contains));
    }
}
