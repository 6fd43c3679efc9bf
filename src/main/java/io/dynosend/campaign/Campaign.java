package io.dynosend.campaign;

import io.dynosend.audience.TrackingMode;
import io.dynosend.common.EmailAddress;
import io.dynosend.content.Utm;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One message for a whole audience.
 *
 * @param html may be empty while it is being written
 * @param text null: made from the HTML
 * @param utm null: nothing is appended to its links
 * @param mailing null until it is started
 * @param tracking what its links are made for; null until it is started
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
        @Nullable Utm utm,
        CampaignStatus status,
        @Nullable Long mailing,
        @Nullable TrackingMode tracking,
        @Nullable Instant deliveredAt,
        Instant createdAt,
        Instant updatedAt) {}
