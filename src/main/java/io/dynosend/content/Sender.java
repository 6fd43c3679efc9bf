package io.dynosend.content;

import io.dynosend.common.EmailAddress;
import io.dynosend.common.Problem.BadInput;
import io.dynosend.common.SingleLine;
import org.jspecify.annotations.Nullable;

/**
 * Who speaks in a message.
 *
 * @param name plain text, one line; may be empty
 * @param address one that ASCII can write: its domain may be international, its local part not
 * @param replyTo of the same kind; null: answers go to the address
 */
public record Sender(String name, EmailAddress address, @Nullable EmailAddress replyTo) {

    /**
     * Refuses what could break a header.
     *
     * @throws BadInput naming {@code from_name}, {@code from_email} or {@code reply_to}
     */
    public Sender {
        name = SingleLine.checked("from_name", name).strip();
        requireAscii("from_email", address);
        if (replyTo != null) requireAscii("reply_to", replyTo);
    }

    private static void requireAscii(String field, EmailAddress address) {
        if (AsciiAddress.of(address) == null) {
            throw new BadInput(
                    "%s must not have letters beyond ASCII before the @".formatted(field),
                    "invalid_email");
        }
    }
}
