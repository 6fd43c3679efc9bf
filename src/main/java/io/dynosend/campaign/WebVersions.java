package io.dynosend.campaign;

import io.dynosend.audience.Audience;
import io.dynosend.audience.Audiences;
import io.dynosend.contact.Contacts;
import io.dynosend.tracking.DeliveryRef;
import io.dynosend.tracking.ReaderPages;
import io.dynosend.tracking.TrackingTokens;
import io.dynosend.tracking.TrackingTokens.AnonymousView;
import io.dynosend.tracking.TrackingTokens.View;
import io.dynosend.tracking.UnsubscribeLink;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Campaigns as web pages, for those whose mail program does not show them well. */
public final class WebVersions {

    private final InstantSource clock;
    private final Campaigns campaigns;
    private final Audiences audiences;
    private final Contacts contacts;
    private final TrackingTokens tokens;
    private final String baseUrl;

    /**
     * @param baseUrl of this server as readers reach it, without a slash at its end
     */
    public WebVersions(
            InstantSource clock,
            Campaigns campaigns,
            Audiences audiences,
            Contacts contacts,
            TrackingTokens tokens,
            String baseUrl) {
        this.clock = clock;
        this.campaigns = campaigns;
        this.audiences = audiences;
        this.contacts = contacts;
        this.tokens = tokens;
        this.baseUrl = baseUrl;
    }

    /**
     * One contact's copy with what is known of them now; links lead where they lead, and nothing is
     * recorded.
     *
     * @return HTML that a stranger wrote; empty if campaign or contact are gone
     */
    public Optional<String> of(View view) {
        var delivery = view.delivery();
        var reader = contacts.byId(delivery.account(), List.of(view.contact())).get(view.contact());
        if (reader == null) return Optional.empty();
        return campaigns
                .sent(delivery.account(), delivery.mailing())
                .map(campaign -> {
                    var audience = audience(delivery.account(), campaign);
                    var urls = urls(campaign, audience, delivery, reader.id());
                    var variables = variables(delivery.account(), campaign, audience);
                    return html(delivery.account(), campaign, audience, variables.of(reader, urls));
                });
    }

    /** As above, of no contact: every field is empty. */
    public Optional<String> of(AnonymousView view) {
        return campaigns
                .sent(view.account(), view.mailing())
                .map(campaign -> {
                    var audience = audience(view.account(), campaign);
                    String leave = ReaderPages.leave(baseUrl);
                    String self =
                            pages(campaign, audience).anonymousView(view.account(), view.mailing());
                    return html(
                            view.account(),
                            campaign,
                            audience,
                            variables(view.account(), campaign, audience)
                                    .ofNobody(new CopyUrls(leave, leave, self)));
                });
    }

    private String html(
            long account, Campaign campaign, Audience audience, Map<String, Object> variables) {
        var wording =
                CampaignMessage.compile(campaign, audience, campaigns.blocks(account, campaign))
                        .wording(variables, clock.instant());
        return wording.html() == null ? "" : wording.html();
    }

    private CopyUrls urls(
            Campaign campaign, Audience audience, DeliveryRef delivery, long contact) {
        var pages = pages(campaign, audience);
        return new CopyUrls(
                new UnsubscribeLink(baseUrl, tokens, delivery, contact).url(),
                pages.preferences(delivery, contact),
                pages.view(delivery, contact, false));
    }

    private ReaderPages pages(Campaign campaign, Audience audience) {
        return new ReaderPages(baseUrl, tokens, CampaignMessage.tracking(campaign, audience));
    }

    private CampaignVariables variables(long account, Campaign campaign, Audience audience) {
        return new CampaignVariables(campaign, audience, audiences.fields(account, audience.id()));
    }

    private Audience audience(long account, Campaign campaign) {
        return audiences.get(account, campaign.audience());
    }
}
