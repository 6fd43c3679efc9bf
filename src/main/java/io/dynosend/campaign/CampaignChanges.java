package io.dynosend.campaign;

import io.dynosend.audience.Audience;
import io.dynosend.common.EmailAddress;
import io.dynosend.common.SingleLine;
import io.dynosend.content.Utm;
import io.dynosend.template.Authoring.Authored;
import io.dynosend.template.ContentChange;
import org.jspecify.annotations.Nullable;

/** What is to change of a campaign; null: stays. */
public record CampaignChanges(
        @Nullable String name,
        @Nullable String audienceUid,
        @Nullable String subject,
        @Nullable EmailAddress fromEmail,
        @Nullable String fromName,
        @Nullable EmailAddress replyTo,
        ContentChange content,
        @Nullable UtmChange utm) {

    /**
     * Other parameters of its links.
     *
     * @param utm null: none any more
     */
    public record UtmChange(@Nullable Utm utm) {}

    public CampaignChanges {
        if (name != null) SingleLine.checked("name", name);
        if (subject != null) SingleLine.checked("subject", subject);
        if (fromName != null) SingleLine.checked("from_name", fromName);
    }

    /** The campaign as it is to be, of this audience. */
    Campaign applied(Campaign campaign, Audience audience, Authored authored) {
        String copied = authored.subject() == null ? campaign.subject() : authored.subject();
        return new Campaign(
                campaign.id(),
                campaign.uid(),
                audience.id(),
                name == null ? campaign.name() : name,
                subject == null ? copied : subject,
                fromEmail == null ? campaign.fromEmail() : fromEmail,
                fromName == null ? campaign.fromName() : fromName,
                replyTo == null ? campaign.replyTo() : replyTo,
                authored.content(),
                utm == null ? campaign.utm() : utm.utm(),
                campaign.status(),
                campaign.mailing(),
                campaign.tracking(),
                campaign.deliveredAt(),
                campaign.createdAt(),
                campaign.updatedAt());
    }
}
