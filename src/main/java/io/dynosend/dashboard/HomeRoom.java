package io.dynosend.dashboard;

import io.dynosend.account.Quotas;
import io.dynosend.audience.Audiences;
import io.dynosend.campaign.CampaignStatus;
import io.dynosend.campaign.Campaigns;
import io.dynosend.domain.SendingDomains;
import io.dynosend.templates.StaticTemplates;
import io.dynosend.templates.Templates;
import java.util.List;
import java.util.Set;

/** What goes on, what needs a decision, and what to do first. */
public final class HomeRoom implements Dashboard.Room {

    /**
     * What there is to know at a glance.
     *
     * @param busy under way or held
     * @param last sent, the newest first
     */
    public record Overview(
            List<CampaignSummary> busy,
            List<CampaignSummary> last,
            long contacts,
            Quotas.Usage usage,
            List<Warning> warnings,
            List<Task> tasks) {}

    /** Something that needs somebody. */
    public record Warning(String text, String href, String action) {}

    /** A step to the first campaign. */
    public record Task(String text, String href, boolean done) {}

    private static final Set<CampaignStatus> BUSY =
            Set.of(CampaignStatus.QUEUED, CampaignStatus.SENDING, CampaignStatus.PAUSED);
    private static final int LAST = 5;

    // What big receivers begin to mind.
    private static final double MANY_BOUNCES = 0.02;

    private final Campaigns campaigns;
    private final Audiences audiences;
    private final SendingDomains domains;
    private final Quotas quotas;
    private final boolean builtInMailbox;
    private final Templates templates = new StaticTemplates();

    /**
     * @param builtInMailbox nothing leaves this machine
     */
    public HomeRoom(
            Campaigns campaigns,
            Audiences audiences,
            SendingDomains domains,
            Quotas quotas,
            boolean builtInMailbox) {
        this.campaigns = campaigns;
        this.audiences = audiences;
        this.domains = domains;
        this.quotas = quotas;
        this.builtInMailbox = builtInMailbox;
    }

    @Override
    public void open(Dashboard.Doors doors) {
        doors.get("", this::show);
    }

    private void show(Visit visit) {
        var overview = overview(visit.account());
        visit.show(
                visit.wantsPart()
                        ? templates.dashboardHomeNow(visit, overview)
                        : templates.dashboardHome(visit, overview));
    }

    private Overview overview(long account) {
        var all = campaigns.list(account);
        var busy =
                all.stream()
                        .filter(campaign -> BUSY.contains(campaign.status()))
                        .map(campaign -> CampaignSummary.of(campaigns, account, campaign))
                        .toList();
        var last =
                all.stream()
                        .filter(campaign -> campaign.status() == CampaignStatus.DONE)
                        .limit(LAST)
                        .map(campaign -> CampaignSummary.of(campaigns, account, campaign))
                        .toList();
        long contacts =
                audiences.list(account).stream()
                        .mapToLong(audience ->
                                audiences.statistics(account, audience.id()).subscribed())
                        .sum();
        return new Overview(
                busy,
                last,
                contacts,
                quotas.of(account),
                warnings(account, busy, last),
                all.stream().anyMatch(campaign -> campaign.status() == CampaignStatus.DONE)
                        ? List.of()
                        : tasks(account, contacts, !all.isEmpty()));
    }

    private List<Warning> warnings(
            long account, List<CampaignSummary> busy, List<CampaignSummary> last) {
        var warnings = new java.util.ArrayList<Warning>();
        if (builtInMailbox) {
            warnings.add(
                    new Warning(
                            "No relay is set: mail stays in the built-in mailbox, and nobody"
                                    + " outside gets it.",
                            "/mailbox",
                            "Open the mailbox"));
        }
        for (var domain : domains.list(account)) {
            if (domain.verifiedAt() == null) {
                warnings.add(
                        new Warning(
                                "Mail from %s is not signed: its DNS records were not found."
                                        .formatted(domain.domain()),
                                "/app/domains",
                                "See the records"));
            }
        }
        for (var campaign : java.util.stream.Stream.concat(busy.stream(), last.stream()).toList()) {
            long unknown = campaign.insights().counts().unknown();
            if (unknown > 0) {
                warnings.add(
                        new Warning(
                                "Of “%s” the relay never answered for %s. Decide whether they get it again."
                                        .formatted(
                                                campaign.campaign().name(),
                                                Moments.count(unknown, "message", "messages")),
                                campaign.href(),
                                "Decide"));
            }
            double bounced = campaign.insights().bounceRate().doubleValue();
            if (bounced > MANY_BOUNCES) {
                warnings.add(
                        new Warning(
                                "%s of “%s” bounced. Over 2 %% makes receivers suspicious."
                                        .formatted(
                                                Moments.percent(bounced),
                                                campaign.campaign().name()),
                                campaign.href(),
                                "See who"));
            }
        }
        return warnings;
    }

    private List<Task> tasks(long account, long contacts, boolean written) {
        return List.of(
                new Task(
                        "Make an audience: who writes, and to whom",
                        "/app/audiences/new",
                        !audiences.list(account).isEmpty()),
                new Task("Add contacts, one by one or from a file", "/app/audiences", contacts > 0),
                new Task(
                        "Publish the DNS records of the domain you send from",
                        "/app/domains",
                        domains.list(account).stream()
                                .anyMatch(domain -> domain.verifiedAt() != null)),
                new Task("Write a campaign", "/app/campaigns/new", written),
                new Task("Send it", "/app/campaigns", false));
    }
}
