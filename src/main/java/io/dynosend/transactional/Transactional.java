package io.dynosend.transactional;

import io.dynosend.common.EmailAddress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A transactional message as its author set it up.
 *
 * @param audience the id of the one its recipients belong to
 * @param subject Liquid, one line
 * @param replyTo null: answers go to the sender
 * @param html Liquid; of internal content one of it and the text is there
 * @param text Liquid; null: made from the HTML
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
        @Nullable String html,
        @Nullable String text,
        int version,
        Instant createdAt,
        Instant updatedAt) {}
