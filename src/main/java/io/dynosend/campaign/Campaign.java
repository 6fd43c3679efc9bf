package io.dynosend.campaign;

import io.dynosend.audience.TrackingMode;
import io.dynosend.common.EmailAddress;
import io.dynosend.content.Utm;
import io.dynosend.template.Content;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One message for a whole audience.
 *
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
        Content content,
        @Nullable Utm utm,
        CampaignStatus status,
        @Nullable Long mailing,
        @Nullable TrackingMode tracking,
        @Nullable Instant deliveredAt,
        Instant createdAt,
        Instant updatedAt) {

    /** Liquid; may be empty while it is being written. */
    public String html() {
        String html = content.html();
        return html == null ? "" : html;
    }

    /** Liquid; null: made from the HTML. */
    public @Nullable String text() {
        return content.text();
    }

    /** All its Liquid. */
    List<String> liquid() {
        return content.liquid(subject);
    }
}
