package io.dynosend.content;

import io.dynosend.common.EmailAddress;
import io.dynosend.common.Problem.BadInput;
import io.dynosend.common.SingleLine;
import org.jspecify.annotations.Nullable;

/**
 * What the author wrote and who speaks.
 *
 * @param subject Liquid, one line
 * @param fromName plain text, one line; may be empty
 * @param from an address that ASCII can write: its domain may be international, its local part not
 * @param html Liquid
 * @param text Liquid; null: made from the HTML
 */
public record Draft(
        String subject,
        String fromName,
        EmailAddress from,
        @Nullable EmailAddress replyTo,
        String html,
        @Nullable String text) {

    /**
     * Refuses what could break a header.
     *
     * @throws BadInput naming {@code subject}, {@code from_name}, {@code from_email} or {@code
     *     reply_to}
     */
    public Draft {
        SingleLine.checked("subject", subject);
        fromName = new Sender(fromName, from, replyTo).name();
    }

    Sender sender() {
        return new Sender(fromName, from, replyTo);
    }
}
