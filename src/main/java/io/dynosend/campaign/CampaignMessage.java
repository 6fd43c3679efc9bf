package io.dynosend.campaign;

import io.dynosend.audience.Audience;
import io.dynosend.common.EmailAddress;
import io.dynosend.content.CompiledMessage;
import io.dynosend.content.Draft;
import io.dynosend.content.PostalAddress;
import org.jspecify.annotations.Nullable;

/** A campaign's content and the audience's postal address, compiled together. */
final class CampaignMessage {

    private CampaignMessage() {}

    static CompiledMessage compile(Campaign campaign, Audience audience) {
        return compile(
                campaign.subject(),
                campaign.fromName(),
                campaign.fromEmail(),
                campaign.replyTo(),
                campaign.html(),
                campaign.text(),
                audience);
    }

    static CompiledMessage compile(
            String subject,
            String fromName,
            EmailAddress from,
            EmailAddress replyTo,
            String html,
            @Nullable String text,
            Audience audience) {
        return CompiledMessage.compile(
                new Draft(subject, fromName, from, replyTo, html, text),
                new PostalAddress(audience.contactInformation().postalAddress()));
    }
}
