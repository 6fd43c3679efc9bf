package io.dynosend.dashboard;

import io.dynosend.campaign.Campaign;
import io.dynosend.campaign.Campaigns;
import io.dynosend.campaign.Insights;

/** A campaign and what has come of it so far. */
public record CampaignSummary(Campaign campaign, Insights insights) {

    static CampaignSummary of(Campaigns campaigns, long account, Campaign campaign) {
        return new CampaignSummary(campaign, campaigns.insights(account, campaign));
    }

    public String href() {
        return Dashboard.ROOT + "/campaigns/" + campaign.uid();
    }

    /** How many have their outcome. */
    public long settled() {
        return insights.counts().recipients() - insights.counts().waiting();
    }
}
