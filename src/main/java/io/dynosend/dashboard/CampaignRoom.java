package io.dynosend.dashboard;

import io.dynosend.audience.Audience;
import io.dynosend.audience.Audiences;
import io.dynosend.campaign.Campaign;
import io.dynosend.campaign.CampaignControl;
import io.dynosend.campaign.Campaigns;
import io.dynosend.common.Problem;
import io.dynosend.sending.Deliveries;
import io.dynosend.sending.MailingControl;
import io.dynosend.templates.StaticTemplates;
import io.dynosend.templates.Templates;
import io.dynosend.tracking.LinkClicks;
import java.util.LinkedHashMap;
import java.util.List;

/** Campaigns: which there are, how they stand, and what came of them. */
public final class CampaignRoom implements Dashboard.Room {

    /** A row of the list. */
    public record CampaignRow(CampaignSummary summary, String audience) {}

    /** All of a campaign that its page shows. */
    public record Report(
            CampaignSummary summary,
            Audience audience,
            MailingControl.Standing standing,
            List<LinkClicks.Clicked> links,
            List<CampaignControl.UnknownMessage> unknown,
            List<Deliveries.Recipient> troubled) {

        public Campaign campaign() {
            return summary.campaign();
        }

        public String address(String below) {
            return summary.href() + below;
        }
    }

    private static final int MOST_LISTED = 100;

    private final Campaigns campaigns;
    private final Audiences audiences;
    private final CampaignControl control;
    private final Deliveries deliveries;
    private final LinkClicks linkClicks;
    private final Templates templates = new StaticTemplates();

    public CampaignRoom(
            Campaigns campaigns,
            Audiences audiences,
            CampaignControl control,
            Deliveries deliveries,
            LinkClicks linkClicks) {
        this.campaigns = campaigns;
        this.audiences = audiences;
        this.control = control;
        this.deliveries = deliveries;
        this.linkClicks = linkClicks;
    }

    @Override
    public void open(Dashboard.Doors doors) {
        doors.get("/campaigns", this::list);
        doors.get("/campaigns/{campaign}", this::show);
        doors.post(
                "/campaigns/{campaign}/pause",
                visit -> steer(visit, campaigns::pause, "Held. Nothing goes out any more."));
        doors.post(
                "/campaigns/{campaign}/resume",
                visit -> steer(visit, campaigns::resume, "It goes on. Nobody gets it twice."));
        doors.post(
                "/campaigns/{campaign}/cancel",
                visit -> steer(visit, control::cancel, "Cancelled. Who has not got it will not."));
        doors.post("/campaigns/{campaign}/unknown", this::decide);
        doors.post("/campaigns/{campaign}/delete", this::delete);
    }

    private void list(Visit visit) {
        var names = new LinkedHashMap<Long, String>();
        audiences.list(visit.account()).forEach(each -> names.put(each.id(), each.name()));
        var rows =
                campaigns.list(visit.account()).stream()
                        .limit(MOST_LISTED)
                        .map(campaign ->
                                new CampaignRow(
                                        CampaignSummary.of(campaigns, visit.account(), campaign),
                                        names.getOrDefault(campaign.audience(), "")))
                        .toList();
        visit.show(templates.dashboardCampaigns(visit, rows));
    }

    private void show(Visit visit) {
        var report = report(visit);
        visit.show(
                visit.wantsPart()
                        ? templates.dashboardCampaignProgress(visit, report)
                        : templates.dashboardCampaign(visit, report));
    }

    private Report report(Visit visit) {
        long account = visit.account();
        var campaign = campaign(visit);
        Long mailing = campaign.mailing();
        return new Report(
                CampaignSummary.of(campaigns, account, campaign),
                audiences.get(account, campaign.audience()),
                control.standing(account, campaign),
                mailing == null ? List.of() : linkClicks.of(account, mailing),
                control.unknown(account, campaign.uid(), 1, MOST_LISTED),
                mailing == null
                        ? List.of()
                        : deliveries.page(
                                account, mailing, Deliveries.State.FAILED, 1, MOST_LISTED));
    }

    private interface Step {
        void take(long account, String uid);
    }

    private void steer(Visit visit, Step step, String done) {
        String uid = campaign(visit).uid();
        try {
            step.take(visit.account(), uid);
            visit.go("/campaigns/" + uid, done);
        } catch (Problem.NotFound e) {
            throw e;
        } catch (Problem e) {
            visit.go("/campaigns/" + uid, e.getMessage());
        }
    }

    private void decide(Visit visit) {
        String uid = campaign(visit).uid();
        boolean again = Form.of(visit.http()).value("do").equals("resend");
        int n =
                again
                        ? control.resend(visit.account(), uid, null)
                        : control.countAsSent(visit.account(), uid, null);
        String who = Moments.count(n, "message", "messages");
        visit.go(
                "/campaigns/" + uid,
                again
                        ? "%s sent again, with the same Message-ID.".formatted(who)
                        : "%s counted as sent.".formatted(who));
    }

    private void delete(Visit visit) {
        var campaign = campaign(visit);
        try {
            campaigns.delete(visit.account(), campaign.uid());
            visit.go("/campaigns", "“%s” is deleted.".formatted(campaign.name()));
        } catch (Problem.Conflict e) {
            visit.go("/campaigns/" + campaign.uid(), e.getMessage());
        }
    }

    private Campaign campaign(Visit visit) {
        return campaigns.get(visit.account(), visit.part("campaign"));
    }
}
