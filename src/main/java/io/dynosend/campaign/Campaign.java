package io.dynosend.campaign;

import io.dynosend.common.EmailAddress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One message for a whole audience.
 *
 * @param html may be empty while it is being written
 * @param text null: made from the HTML
 * @param mailing null until it is started
 * @param deliveredAt null until every recipient has an outcome
 */
public record Campaign(
        long id,
        String uid,
        long audience,
        String name,
        String subject,
        EmailAddress fromEmail,
        String fromName,
        EmailAddress replyTo,
        String html,
        @Nullable String text,
        CampaignStatus status,
        @Nullable Long mailing,
        @Nullable Instant deliveredAt,
        Instant createdAt,
        Instant updatedAt) {}
