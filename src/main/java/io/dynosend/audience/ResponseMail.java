package io.dynosend.audience;

import io.dynosend.common.SingleLine;
import org.jspecify.annotations.Nullable;

/**
 * A mail that goes out by itself when somebody joins an audience or leaves it. All of it is Liquid.
 *
 * @param subject one line
 * @param html null: the mail is text only
 * @param text null: made from the HTML; one of the two there is
 */
public record ResponseMail(String subject, @Nullable String html, @Nullable String text) {

    /** What such a mail answers to. */
    public enum Occasion {
        WELCOME,
        GOODBYE
    }

    /**
     * @throws io.dynosend.common.Problem.BadInput if the subject is over 255 characters, or more
     *     than one line
     */
    public ResponseMail {
        SingleLine.checked("subject", subject);
    }
}
