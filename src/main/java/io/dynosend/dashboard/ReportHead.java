package io.dynosend.dashboard;

import io.dynosend.audience.TrackingMode;
import io.dynosend.campaign.CampaignList;
import io.dynosend.campaign.Campaigns;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What all pages of a report show above.
 *
 * @param tab overview, recipients, links, domains or content
 */
public record ReportHead(
        CampaignCard card, Pace pace, String tab, @Nullable TrackingMode tracking) {

    /** What the page says when it asks how far it is. */
    public String progressHref() {
        return card.href() + "?told=" + pace.told();
    }

    public List<SubPage> tabs() {
        return List.of(
                tab("overview", "Overview", ""),
                tab("recipients", "Recipients", "/report/recipients"),
                tab("links", "Links", "/report/links"),
                tab("domains", "Domains", "/report/domains"),
                tab("content", "Content", "/report/content"));
    }

    private SubPage tab(String name, String label, String below) {
        return new SubPage(card.href(below), label, tab.equals(name));
    }

    /** Whether each reader's opens and clicks are recorded. */
    public boolean isTracked() {
        return tracking == null || tracking == TrackingMode.INDIVIDUAL;
    }

    public boolean isUntracked() {
        return tracking == TrackingMode.OFF;
    }

    /** Finds it for the pages. */
    public static final class Heads {

        private final CampaignList list;
        private final Campaigns campaigns;
        private final InstantSource clock;

        public Heads(CampaignList list, Campaigns campaigns, InstantSource clock) {
            this.list = list;
            this.campaigns = campaigns;
            this.clock = clock;
        }

        ReportHead of(Visit visit, String tab) {
            var card = card(visit);
            var campaign = campaigns.get(visit.account(), card.line().uid());
            var told = Pace.told(visit.query("told")).get(card.line().uid());
            return new ReportHead(
                    card, Pace.of(card, told, clock.instant()), tab, campaign.tracking());
        }

        CampaignCard card(Visit visit) {
            var line = list.line(visit.account(), visit.part("campaign"));
            return new CampaignCard(
                    line,
                    Objects.requireNonNull(
                            list.insights(visit.account(), List.of(line)).get(line.uid())));
        }
    }
}
