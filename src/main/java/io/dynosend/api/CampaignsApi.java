package io.dynosend.api;

import static io.dynosend.api.Answers.time;

import io.dynosend.account.Scope;
import io.dynosend.api.Api.Operations;
import io.dynosend.api.Api.Section;
import io.dynosend.campaign.Campaign;
import io.dynosend.campaign.CampaignChanges;
import io.dynosend.campaign.CampaignChanges.UtmChange;
import io.dynosend.campaign.Campaigns;
import io.dynosend.campaign.Campaigns.NewCampaign;
import io.dynosend.campaign.FieldUses;
import io.dynosend.campaign.FieldUses.FieldUse;
import io.dynosend.campaign.FieldUses.Uses;
import io.dynosend.campaign.Finding;
import io.dynosend.campaign.Finding.Level;
import io.dynosend.campaign.Insights;
import io.dynosend.campaign.Previews;
import io.dynosend.campaign.QualityGates;
import io.dynosend.campaign.Schedules;
import io.dynosend.common.Problem.BadInput;
import io.dynosend.common.Problem.NotFound;
import io.dynosend.content.Utm;
import io.dynosend.content.Wording;
import io.dynosend.sending.Deliveries;
import io.dynosend.sending.Deliveries.Counts;
import io.dynosend.sending.Deliveries.Recipient;
import io.dynosend.sending.Deliveries.State;
import io.dynosend.tracking.LinkClicks;
import io.dynosend.tracking.LinkClicks.Clicked;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Section "Campaigns" of the API document, in its order, and what goes beyond it. */
public final class CampaignsApi implements Section {

    private static final long DEFAULT_PAGE_SIZE = 20;
    private static final long LARGEST_PAGE = 1_000;

    private final Campaigns campaigns;
    private final Schedules schedules;
    private final Previews previews;
    private final FieldUses fieldUses;
    private final QualityGates gates;
    private final Deliveries deliveries;
    private final LinkClicks linkClicks;

    public CampaignsApi(
            Campaigns campaigns,
            Schedules schedules,
            Previews previews,
            FieldUses fieldUses,
            QualityGates gates,
            Deliveries deliveries,
            LinkClicks linkClicks) {
        this.campaigns = campaigns;
        this.schedules = schedules;
        this.previews = previews;
        this.fieldUses = fieldUses;
        this.gates = gates;
        this.deliveries = deliveries;
        this.linkClicks = linkClicks;
    }

    @Override
    public Scope scope() {
        return Scope.CAMPAIGNS;
    }

    @Override
    public void operations(Operations operations) {
        operations.get("/campaigns", this::listOrGet);
        operations.post("/campaigns/start", this::start);
        operations.post("/campaigns/pause", this::pause);
        operations.post("/campaigns/resume", this::resume);
        operations.post("/campaigns", this::create);
        operations.patch("/campaigns/update", this::update);
        operations.delete("/campaigns", this::delete);
        operations.post("/campaigns/schedule", this::schedule);
        operations.post("/campaigns/test", this::test);
        operations.postToRead("/campaigns/preview", this::preview);
        operations.get("/campaigns/check", this::check);
        operations.get("/campaigns/recipients", this::recipients);
        operations.get("/campaigns/links", this::links);
        operations.get("/campaigns/content", this::content);
    }

    private void listOrGet(Call call) {
        if (call.params().has("campaign_uid")) {
            get(call);
        } else {
            call.answer(
                    campaigns.list(call.account()).stream().map(CampaignsApi::campaign).toList());
        }
    }

    private void get(Call call) {
        var campaign = campaigns.get(call.account(), uid(call));
        var answer = new LinkedHashMap<String, Object>();
        answer.put("campaign", campaign(campaign));
        answer.put("insights", insights(campaigns.insights(call.account(), campaign)));
        // The document does not know it: who has none sees none.
        if (campaign.utm() != null) answer.put("utm", utm(campaign.utm()));
        call.answer(answer);
    }

    private void start(Call call) {
        campaigns.start(call.account(), uid(call));
        call.success("Campaign started");
    }

    private void pause(Call call) {
        campaigns.pause(call.account(), uid(call));
        call.success("Campaign paused");
    }

    private void resume(Call call) {
        campaigns.resume(call.account(), uid(call));
        call.success("Campaign resumed");
    }

    private void create(Call call) {
        var params = call.params();
        refuseSegment(params);
        var wanted =
                new NewCampaign(
                        params.required("name"),
                        params.required("audience_uid"),
                        params.line("subject").orElse(null),
                        params.optionalEmail("from_email").orElse(null),
                        params.line("from_name").orElse(null),
                        params.optionalEmail("reply_to").orElse(null),
                        ContentParams.of(params),
                        utm(params));
        call.success("Campaign created", "campaign_uid", campaigns.create(call.account(), wanted));
    }

    private void update(Call call) {
        var params = call.params();
        refuseSegment(params);
        String uid = uid(call);
        var changes =
                new CampaignChanges(
                        params.optional("name").orElse(null),
                        params.optional("audience_uid").orElse(null),
                        params.has("subject") ? params.line("subject").orElse("") : null,
                        params.optionalEmail("from_email").orElse(null),
                        params.line("from_name").orElse(null),
                        params.optionalEmail("reply_to").orElse(null),
                        ContentParams.of(params),
                        params.has("utm") ? new UtmChange(utm(params)) : null);
        campaigns.update(call.account(), uid, changes);
        call.success("Campaign updated", "campaign_uid", uid);
    }

    // There are none yet, and mail for a few must not go to all.
    private static void refuseSegment(Params params) {
        if (params.optional("segment_uid").isPresent()) throw new NotFound("Segment");
    }

    private void delete(Call call) {
        campaigns.delete(call.account(), uid(call));
        call.success("Campaign deleted");
    }

    private void schedule(Call call) {
        var params = call.params();
        String uid = uid(call);
        if (!params.has("scheduled_at")) throw BadInput.missing("scheduled_at");
        var at = params.timeInZone("scheduled_at", "time_zone").orElse(null);
        schedules.schedule(call.account(), uid, at);
        var more = new LinkedHashMap<String, @Nullable Object>();
        more.put("scheduled_at", time(at));
        call.success(at == null ? "Campaign unscheduled" : "Campaign scheduled", more);
    }

    private void test(Call call) {
        var params = call.params();
        previews.send(call.account(), uid(call), params.email("email"), contactUid(params));
        call.success("Test message sent");
    }

    private void preview(Call call) {
        String contact = contactUid(call.params());
        var wording = previews.of(call.account(), uid(call), contact);
        var answer = new LinkedHashMap<String, Object>();
        answer.put("preview", wording(wording));
        // With somebody's data one sees what is empty.
        if (contact == null) answer.putAll(uses(fieldUses.of(call.account(), uid(call))));
        call.answer(answer);
    }

    private static Map<String, @Nullable Object> wording(Wording wording) {
        var preview = new LinkedHashMap<String, @Nullable Object>();
        preview.put("subject", wording.subject());
        preview.put("html", wording.html());
        preview.put("text", wording.text());
        return preview;
    }

    private static Map<String, Object> uses(Uses uses) {
        var answer = new LinkedHashMap<String, Object>();
        answer.put("contacts", uses.contacts());
        answer.put("fields", uses.fields().stream().map(CampaignsApi::use).toList());
        answer.put("unknown", uses.unknown());
        return answer;
    }

    private static Map<String, Object> use(FieldUse use) {
        var answer = new LinkedHashMap<String, Object>();
        answer.put("tag", use.tag());
        answer.put("label", use.label());
        answer.put("empty", use.empty());
        return answer;
    }

    private void check(Call call) {
        var findings = gates.check(call.account(), uid(call));
        var counts = new LinkedHashMap<String, Object>();
        for (var level : Level.values()) {
            counts.put(
                    level.wire(), findings.stream().filter(each -> each.level() == level).count());
        }
        var answer = new LinkedHashMap<String, Object>();
        answer.put("counts", counts);
        answer.put("findings", findings.stream().map(CampaignsApi::finding).toList());
        call.answer(answer);
    }

    private static Map<String, @Nullable Object> finding(Finding finding) {
        var place = finding.place();
        var answer = new LinkedHashMap<String, @Nullable Object>();
        answer.put("level", finding.level().wire());
        answer.put("code", finding.code());
        answer.put("part", finding.part());
        answer.put("line", place == null ? null : place.line());
        answer.put("column", place == null ? null : place.column());
        answer.put("message", finding.message());
        return answer;
    }

    private void recipients(Call call) {
        var params = call.params();
        var state = params.optional("status").map(CampaignsApi::state).orElse(null);
        long page = params.positive("page").orElse(1L);
        long perPage = params.positive("per_page").orElse(DEFAULT_PAGE_SIZE);
        if (perPage > LARGEST_PAGE) {
            throw new BadInput("per_page must be %d or less".formatted(LARGEST_PAGE));
        }
        var campaign = campaigns.get(call.account(), uid(call));
        long mailing = campaign.mailing() == null ? 0 : campaign.mailing();
        var answer = new LinkedHashMap<String, Object>();
        answer.put("counts", counts(deliveries.counts(call.account(), mailing)));
        answer.put(
                "recipients",
                deliveries.page(call.account(), mailing, state, page, perPage).stream()
                        .map(CampaignsApi::recipient)
                        .toList());
        call.answer(answer);
    }

    private void links(Call call) {
        var campaign = campaigns.get(call.account(), uid(call));
        long mailing = campaign.mailing() == null ? 0 : campaign.mailing();
        var links = linkClicks.of(call.account(), mailing);
        call.answer(Map.of("links", links.stream().map(CampaignsApi::link).toList()));
    }

    private void content(Call call) {
        var campaign = campaigns.get(call.account(), uid(call));
        var content = campaign.content();
        var answer = new LinkedHashMap<String, @Nullable Object>();
        answer.put("format", content.format().wire());
        answer.put("source", content.written());
        answer.put("layout_uid", campaigns.layoutUid(call.account(), campaign).orElse(null));
        answer.put("inline_css", content.inlineCss());
        answer.put("subject", campaign.subject());
        answer.put("html", content.html());
        answer.put("text", content.text());
        call.answer(Map.of("content", answer));
    }

    private static Map<String, Object> link(Clicked link) {
        var answer = new LinkedHashMap<String, Object>();
        answer.put("url", link.url());
        answer.put("click_count", link.clicks());
        answer.put("unique_click_count", link.unique());
        return answer;
    }

    /** Null: there are to be none, which is what null, an empty object and a blank say. */
    private static @Nullable Utm utm(Params params) {
        if (params.isBlank("utm")) return null;
        var given = params.object("utm");
        if (given.names().isEmpty()) return null;
        return new Utm(
                requiredText(given, "source"),
                requiredText(given, "medium"),
                requiredText(given, "campaign"),
                given.optional("term").orElse(null),
                given.optional("content").orElse(null));
    }

    private static String requiredText(Params utm, String name) {
        return utm.optional(name).orElseThrow(() -> BadInput.missing("utm." + name));
    }

    private static Map<String, @Nullable Object> utm(Utm utm) {
        var answer = new LinkedHashMap<String, @Nullable Object>();
        answer.put("source", utm.source());
        answer.put("medium", utm.medium());
        answer.put("campaign", utm.campaign());
        answer.put("term", utm.term());
        answer.put("content", utm.content());
        return answer;
    }

    private static String uid(Call call) {
        return call.params().required("campaign_uid");
    }

    private static @Nullable String contactUid(Params params) {
        return params.optional("contact_uid").orElse(null);
    }

    private static @Nullable State state(String text) {
        return Arrays.stream(State.values())
                .filter(state -> state.wire().equals(text))
                .findFirst()
                .orElseThrow(() ->
                        new BadInput(
                                "status must be one of "
                                        + Arrays.stream(State.values())
                                                .map(State::wire)
                                                .collect(Collectors.joining(", "))));
    }

    private static Map<String, Object> campaign(Campaign campaign) {
        var answer = new LinkedHashMap<String, Object>();
        answer.put("uid", campaign.uid());
        answer.put("name", campaign.name());
        answer.put("type", "regular");
        answer.put("subject", campaign.subject());
        answer.put("from_email", campaign.fromEmail().value());
        answer.put("from_name", campaign.fromName());
        answer.put("reply_to", campaign.replyTo().value());
        answer.put("status", campaign.status().wire());
        answer.put("delivered_at", time(campaign.deliveredAt()));
        answer.put("created_at", time(campaign.createdAt()));
        answer.put("updated_at", time(campaign.updatedAt()));
        return answer;
    }

    private static Map<String, Object> insights(Insights insights) {
        var totals = insights.totals();
        var answer = new LinkedHashMap<String, Object>();
        answer.put("recipients", insights.counts().recipients());
        answer.put("delivery_rate", insights.deliveryRate());
        answer.put("open_count", totals.opens());
        answer.put("unique_open_count", totals.uniqueOpens());
        answer.put("unique_open_rate", insights.uniqueOpenRate());
        answer.put("click_count", totals.clicks());
        answer.put("unique_click_count", totals.uniqueClicks());
        answer.put("click_rate", insights.clickRate());
        answer.put("click_per_unique_open", insights.clickPerUniqueOpen());
        answer.put("spam_report_count", totals.complained());
        answer.put("spam_report_rate", insights.spamReportRate());
        answer.put("bounce_count", insights.counts().bounced());
        answer.put("bounce_rate", insights.bounceRate());
        answer.put("unsubscribed_count", totals.unsubscribed());
        answer.put("unsubscribed_rate", insights.unsubscribedRate());
        return answer;
    }

    private static Map<String, Object> counts(Counts counts) {
        var answer = new LinkedHashMap<String, Object>();
        answer.put("recipients", counts.recipients());
        answer.put("waiting", counts.waiting());
        answer.put("sent", counts.sent());
        answer.put("failed", counts.failed());
        answer.put("skipped", counts.skipped());
        answer.put("unknown", counts.unknown());
        answer.put("bounced", counts.bounced());
        return answer;
    }

    private static Map<String, Object> recipient(Recipient recipient) {
        var answer = new LinkedHashMap<String, Object>();
        answer.put("contact_uid", recipient.contactUid());
        answer.put("email", recipient.address());
        answer.put("status", recipient.state().wire());
        answer.put("reason", recipient.reason());
        answer.put("reply", recipient.reply());
        answer.put("tries", recipient.tries());
        answer.put("finished_at", time(recipient.finishedAt()));
        return answer;
    }
}
