package io.dynosend.campaign;

import io.dynosend.audience.Audiences;
import io.dynosend.common.EmailAddress;
import io.dynosend.common.Problem.BadInput;
import io.dynosend.content.TrackedLinks;
import io.dynosend.content.Wording;
import io.dynosend.tracking.LinkClicks;
import io.dynosend.tracking.LinkClicks.Clicked;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.jspecify.annotations.Nullable;

/** A campaign as it was sent, with a mark at each link that says how often it was followed. */
public final class ClickMaps {

    /**
     * The message with its marks.
     *
     * @param html that a stranger wrote: for a frame that runs nothing
     * @param unplaced the links that stand nowhere in this copy, by their number from 1
     */
    public record ClickMap(String html, List<Integer> unplaced) {}

    // Reserved for what does not exist (RFC 6761 §6.4).
    private static final String MARK = "http://link.invalid/";
    private static final EmailAddress NOBODY = new EmailAddress("jane@example.com");

    @SuppressWarnings("InlineFormatString") // beside the colours that go into it
    private static final String BADGE =
            "display:inline-block;margin:0 0 0 4px;padding:1px 7px;border-radius:10px;"
                    + "background:%s;color:%s;font:700 12px/16px Arial,sans-serif;"
                    + "text-decoration:none;text-indent:0;letter-spacing:0;white-space:nowrap;"
                    + "vertical-align:middle";

    @SuppressWarnings("InlineFormatString") // beside the colours that go into it
    private static final String OUTLINE = ";outline:2px solid %s;outline-offset:1px";

    // From few clicks to many: one hue that gets darker, so that nobody needs to tell hues apart.
    private static final List<String> HEAT =
            List.of("#dbe4ff", "#a9bdf7", "#6f8eea", "#2b59d9", "#1b3a94");
    private static final List<String> INK =
            List.of("#171a21", "#171a21", "#000000", "#ffffff", "#ffffff");

    /** Links that can be told apart in what is rendered. */
    private static final class Marks implements TrackedLinks {

        @Override
        public String click(int link) {
            return MARK + link;
        }

        @Override
        public String clickTo(int link, String url) {
            return MARK + link;
        }

        @Override
        public @Nullable String openPixel() {
            return null;
        }

        @Override
        public String unsubscribe() {
            return "http://unsubscribe.invalid/";
        }
    }

    private final InstantSource clock;
    private final Campaigns campaigns;
    private final Audiences audiences;
    private final LinkClicks clicks;

    public ClickMaps(
            InstantSource clock, Campaigns campaigns, Audiences audiences, LinkClicks clicks) {
        this.clock = clock;
        this.campaigns = campaigns;
        this.audiences = audiences;
        this.clicks = clicks;
    }

    /**
     * As a made-up contact would get it.
     *
     * @throws io.dynosend.common.Problem.NotFound if the account has no such campaign
     */
    public ClickMap of(long account, String uid) {
        var campaign = campaigns.get(account, uid);
        Long mailing = campaign.mailing();
        return of(
                account,
                campaign,
                mailing == null ? List.<Clicked>of() : clicks.of(account, mailing));
    }

    /** As above, with the clicks of its links as they were read. */
    public ClickMap of(long account, Campaign campaign, List<Clicked> links) {
        var document = Jsoup.parse(rendered(account, campaign));
        long most = links.stream().mapToLong(Clicked::clicks).max().orElse(0);
        long all = links.stream().mapToLong(Clicked::clicks).sum();
        var placed = new HashSet<Integer>();
        for (var anchor : document.select("[href]")) {
            String href = anchor.attr("href");
            if (!href.startsWith(MARK)) continue;
            int number = Integer.parseInt(href.substring(MARK.length()));
            anchor.removeAttr("href");
            if (number >= links.size()) continue;
            if (anchor.normalName().equals("a")) mark(anchor, number, links.get(number), most, all);
            placed.add(number);
        }
        var unplaced = new ArrayList<Integer>();
        for (int i = 0; i < links.size(); i++) {
            if (!placed.contains(i)) unplaced.add(i + 1);
        }
        return new ClickMap(document.outerHtml(), unplaced);
    }

    private String rendered(long account, Campaign campaign) {
        try {
            return html(wording(account, campaign));
        } catch (BadInput e) {
            return ""; // what a made-up contact has cannot be rendered
        }
    }

    private Wording wording(long account, Campaign campaign) {
        var audience = audiences.get(account, campaign.audience());
        var fields = audiences.fields(account, audience.id());
        var now = clock.instant();
        var contact = MadeUp.contact(NOBODY, audience, fields, now);
        var urls = new CopyUrls("#", "#", "#");
        return CampaignMessage.compile(campaign, audience, campaigns.blocks(account, campaign))
                .wording(
                        new CampaignVariables(campaign, audience, fields).of(contact, urls),
                        now,
                        new Marks());
    }

    private static String html(Wording wording) {
        return wording.html() == null ? "" : wording.html();
    }

    private static void mark(Element anchor, int number, Clicked link, long most, long all) {
        int heat =
                most == 0 ? 0 : (int) Math.min(HEAT.size() - 1, link.clicks() * HEAT.size() / most);
        String share =
                all == 0
                        ? ""
                        : String.format(Locale.ROOT, " · %.0f %%", 100.0 * link.clicks() / all);
        anchor.attr("style", anchor.attr("style") + OUTLINE.formatted(HEAT.get(Math.max(2, heat))));
        anchor.appendElement("span")
                .attr("style", BADGE.formatted(HEAT.get(heat), INK.get(heat)))
                .attr("title", "Link %d: %d clicks".formatted(number + 1, link.clicks()))
                .text(
                        "#%d  %s%s"
                                .formatted(
                                        number + 1,
                                        String.format(Locale.ENGLISH, "%,d", link.clicks()),
                                        share));
    }
}
