package io.dynosend.campaign;

import io.dynosend.audience.Audience;
import io.dynosend.audience.TrackingMode;
import io.dynosend.common.EmailAddress;
import io.dynosend.content.Blocks;
import io.dynosend.content.CompiledMessage;
import io.dynosend.content.Draft;
import io.dynosend.content.LinkPolicy;
import io.dynosend.content.PostalAddress;
import org.jspecify.annotations.Nullable;

/** A campaign's content and the audience's postal address, compiled together. */
final class CampaignMessage {

    private CampaignMessage() {}

    /**
     * With the links of a started campaign as they were made when it started.
     *
     * @param blocks what {@code render} finds
     */
    static CompiledMessage compile(Campaign campaign, Audience audience, Blocks blocks) {
        return compile(
                campaign.subject(),
                campaign.fromName(),
                campaign.fromEmail(),
                campaign.replyTo(),
                campaign.html(),
                campaign.text(),
                new LinkPolicy(tracking(campaign, audience) != TrackingMode.OFF, campaign.utm()),
                audience,
                blocks);
    }

    static TrackingMode tracking(Campaign campaign, Audience audience) {
        TrackingMode started = campaign.tracking();
        return started == null ? audience.tracking() : started;
    }

    static CompiledMessage compile(
            String subject,
            String fromName,
            EmailAddress from,
            EmailAddress replyTo,
            String html,
            @Nullable String text,
            LinkPolicy links,
            Audience audience,
            Blocks blocks) {
        return CompiledMessage.compile(
                new Draft(subject, fromName, from, replyTo, html, text),
                new PostalAddress(audience.contactInformation().postalAddress()),
                links,
                blocks);
    }
}
