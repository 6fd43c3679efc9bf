package io.dynosend.transactional;

import io.dynosend.common.EmailAddress;
import io.dynosend.template.Content;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A transactional message as its author set it up.
 *
 * @param audience the id of the one its recipients belong to
 * @param subject Liquid, one line
 * @param replyTo null: answers go to the sender
 * @param written Liquid; of internal content its HTML or its text is there
 * @param version counts its changes, from 1
 */
public record Transactional(
        long id,
        String uid,
        long audience,
        String audienceUid,
        String name,
        ContentSetting content,
        String subject,
        EmailAddress fromEmail,
        String fromName,
        @Nullable EmailAddress replyTo,
        Content written,
        int version,
        Instant createdAt,
        Instant updatedAt) {

    /** Liquid; null: there is none. */
    public @Nullable String html() {
        return written.html();
    }

    /** Liquid; null: made from the HTML. */
    public @Nullable String text() {
        return written.text();
    }
}
