package io.dynosend.dashboard;

import io.dynosend.audience.Audience;
import io.dynosend.audience.Audiences;
import io.dynosend.campaign.CampaignLine;
import io.dynosend.campaign.CampaignList;
import io.dynosend.campaign.CampaignList.Filter;
import io.dynosend.campaign.CampaignStatus;
import io.dynosend.campaign.Campaigns;
import io.dynosend.common.Problem;
import io.dynosend.templates.StaticTemplates;
import io.dynosend.templates.Templates;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** All campaigns at a glance. */
public final class CampaignListRoom implements Dashboard.Room {

    /** A page of the list. */
    public record Listing(
            List<CampaignCard> cards,
            Filter filter,
            List<Audience> audiences,
            Sorting sorting,
            Pages pages,
            boolean live) {

        /** Whether the account has none at all, filtered or not. */
        public boolean isFresh() {
            return cards.isEmpty() && filter.equals(Filter.ALL);
        }

        public String status() {
            return filter.status() == null ? "" : filter.status().wire();
        }
    }

    private static final int A_PAGE = 25;
    private static final List<String> COLUMNS =
            List.of("when", "name", "status", "recipients", "opened", "clicked", "bounced");

    private final Campaigns campaigns;
    private final CampaignList list;
    private final Audiences audiences;
    private final Templates templates = new StaticTemplates();

    public CampaignListRoom(Campaigns campaigns, CampaignList list, Audiences audiences) {
        this.campaigns = campaigns;
        this.list = list;
        this.audiences = audiences;
    }

    @Override
    public void open(Dashboard.Doors doors) {
        doors.get("/campaigns", this::show);
        doors.post("/campaigns/delete", this::deleteMany);
        doors.post("/campaigns/{campaign}/duplicate", this::duplicate);
        doors.post("/campaigns/{campaign}/delete", this::delete);
    }

    private void show(Visit visit) {
        var listing = listing(visit);
        visit.show(
                visit.wantsPart()
                        ? templates.dashboardCampaignRows(visit, listing)
                        : templates.dashboardCampaigns(visit, listing));
    }

    private Listing listing(Visit visit) {
        long account = visit.account();
        var filter = new Filter(visit.query("search"), status(visit), visit.query("audience"));
        var sorting = Sorting.of(visit, COLUMNS);
        var lines = list.lines(account, filter);
        int page = page(visit, lines.size());
        var cards =
                needsFigures(sorting)
                        ? cut(cards(account, lines).stream().sorted(order(sorting)).toList(), page)
                        : cards(account, cut(sorted(lines, sorting), page));
        return new Listing(
                cards,
                filter,
                audiences.list(account),
                sorting,
                pages(visit, lines.size(), page),
                cards.stream().anyMatch(CampaignCard::isLive));
    }

    private List<CampaignCard> cards(long account, List<CampaignLine> lines) {
        var insights = list.insights(account, lines);
        return lines.stream()
                .map(line ->
                        new CampaignCard(
                                line, java.util.Objects.requireNonNull(insights.get(line.uid()))))
                .toList();
    }

    private static List<CampaignLine> sorted(List<CampaignLine> lines, Sorting sorting) {
        Comparator<CampaignLine> order =
                switch (sorting.column()) {
                    case "name" ->
                            Comparator.comparing(CampaignLine::name, String.CASE_INSENSITIVE_ORDER);
                    case "status" -> Comparator.comparing(CampaignLine::status);
                    default -> Comparator.comparing(CampaignLine::when);
                };
        return lines.stream().sorted(sorting.descending() ? order.reversed() : order).toList();
    }

    private static boolean needsFigures(Sorting sorting) {
        return COLUMNS.indexOf(sorting.column()) >= COLUMNS.indexOf("recipients");
    }

    private static Comparator<CampaignCard> order(Sorting sorting) {
        Comparator<CampaignCard> order =
                switch (sorting.column()) {
                    case "opened" -> Comparator.comparingDouble(CampaignCard::openRate);
                    case "clicked" -> Comparator.comparingDouble(CampaignCard::clickRate);
                    case "bounced" -> Comparator.comparingDouble(CampaignCard::bounceRate);
                    default ->
                            Comparator.comparingLong(card -> card.insights().counts().recipients());
                };
        return sorting.descending() ? order.reversed() : order;
    }

    private static <T> List<T> cut(List<T> all, int page) {
        int from = Math.min(all.size(), (page - 1) * A_PAGE);
        return all.subList(from, Math.min(all.size(), from + A_PAGE));
    }

    private static int page(Visit visit, int all) {
        int last = Math.max(1, Math.ceilDiv(all, A_PAGE));
        String wanted = visit.query("page");
        return wanted.matches("[1-9][0-9]{0,5}") ? Math.min(last, Integer.parseInt(wanted)) : 1;
    }

    private static Pages pages(Visit visit, int all, int page) {
        var address = Address.of(visit);
        boolean isLast = page * A_PAGE >= all;
        String said =
                all <= A_PAGE
                        ? Moments.count(all, "campaign", "campaigns")
                        : "%d to %d of %s"
                                .formatted(
                                        (page - 1) * A_PAGE + 1,
                                        Math.min(all, page * A_PAGE),
                                        Moments.count(all, "campaign", "campaigns"));
        return new Pages(
                said,
                page == 1 ? "" : address.with("page", page == 2 ? "" : "" + (page - 1)).toString(),
                isLast ? "" : address.with("page", "" + (page + 1)).toString());
    }

    private static @org.jspecify.annotations.Nullable CampaignStatus status(Visit visit) {
        return Arrays.stream(CampaignStatus.values())
                .filter(each -> each.wire().equals(visit.query("status")))
                .findFirst()
                .orElse(null);
    }

    private void duplicate(Visit visit) {
        var line = list.line(visit.account(), visit.part("campaign"));
        try {
            String copy = campaigns.duplicate(visit.account(), line.uid());
            visit.note("duplicated the campaign “%s”".formatted(line.name()));
            visit.go(
                    "/campaigns/" + copy + "/edit",
                    "This is a copy of “%s”.".formatted(line.name()));
        } catch (Problem.NotFound e) {
            throw e;
        } catch (Problem e) {
            visit.go("/campaigns", e.getMessage());
        }
    }

    private void delete(Visit visit) {
        var line = list.line(visit.account(), visit.part("campaign"));
        String question =
                line.isDraft()
                        ? "Delete “%s”? It cannot be brought back.".formatted(line.name())
                        : "Delete “%s” with its report? It cannot be brought back."
                                .formatted(line.name());
        if (!visit.confirms(question, "Delete the campaign")) return;
        try {
            campaigns.delete(visit.account(), line.uid());
            visit.note("deleted the campaign “%s”".formatted(line.name()));
            visit.go("/campaigns", "“%s” is deleted.".formatted(line.name()));
        } catch (Problem.Conflict e) {
            visit.go("/campaigns/" + line.uid(), e.getMessage());
        }
    }

    // Drafts only: a report is nothing to lose by a slip.
    private void deleteMany(Visit visit) {
        var picked = visit.http().formParams("pick");
        var drafts =
                list.lines(visit.account(), Filter.ALL).stream()
                        .filter(line -> line.isDraft() && picked.contains(line.uid()))
                        .toList();
        if (drafts.isEmpty()) {
            visit.go("/campaigns", "Choose drafts to delete first.");
            return;
        }
        String what = Moments.count(drafts.size(), "draft", "drafts");
        if (!visit.confirms("Delete %s? This cannot be undone.".formatted(what), "Delete " + what))
            return;
        int deleted = 0;
        for (var draft : drafts) {
            try {
                campaigns.delete(visit.account(), draft.uid());
                visit.note("deleted the campaign “%s”".formatted(draft.name()));
                deleted++;
            } catch (Problem.Conflict | Problem.NotFound e) {
                // Somebody has started or deleted it meanwhile: it is no draft any more.
            }
        }
        visit.go("/campaigns", "%s deleted.".formatted(Moments.count(deleted, "draft", "drafts")));
    }
}
