package io.dynosend.content;

import io.dynosend.common.Problem.BadInput;
import org.jspecify.annotations.Nullable;

/**
 * What one message says, finished: plain Unicode, no Liquid.
 *
 * @param subject one line
 * @param html null: the message is text only
 */
public record Wording(String subject, String text, @Nullable String html) {

    /**
     * Refuses a subject that could end its header early.
     *
     * @throws BadInput naming the subject
     */
    public Wording {
        if (subject.chars().anyMatch(Ascii::breaksLine)) {
            throw new BadInput("subject must be a single line without control characters");
        }
    }
}
