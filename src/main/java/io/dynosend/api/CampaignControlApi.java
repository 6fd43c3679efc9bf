package io.dynosend.api;

import static io.dynosend.api.Answers.time;

import io.dynosend.account.Scope;
import io.dynosend.api.Api.Operations;
import io.dynosend.api.Api.Section;
import io.dynosend.campaign.CampaignControl;
import io.dynosend.campaign.CampaignControl.UnknownMessage;
import io.dynosend.campaign.Campaigns;
import io.dynosend.common.Problem.BadInput;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Control of campaigns under way, which the API document does not have. */
public final class CampaignControlApi implements Section {

    private static final long DEFAULT_PAGE_SIZE = 100;
    private static final long LARGEST_PAGE = 1_000;

    private final Campaigns campaigns;
    private final CampaignControl control;

    public CampaignControlApi(Campaigns campaigns, CampaignControl control) {
        this.campaigns = campaigns;
        this.control = control;
    }

    @Override
    public Scope scope() {
        return Scope.CAMPAIGNS;
    }

    @Override
    public void operations(Operations operations) {
        operations.get("/campaigns/sending", this::sending);
        operations.post("/campaigns/cancel", this::cancel);
        operations.post("/campaigns/rate", this::limit);
        operations.get("/campaigns/unknown", this::unknown);
        operations.post("/campaigns/unknown/resend", this::resend);
        operations.post("/campaigns/unknown/count-as-sent", this::countAsSent);
    }

    private void sending(Call call) {
        var campaign = campaigns.get(call.account(), uid(call));
        var standing = control.standing(call.account(), campaign);
        var answer = new LinkedHashMap<String, @Nullable Object>();
        answer.put("status", campaign.status().wire());
        answer.put("paused_because", standing.pausedBecause());
        answer.put("cancelled_at", time(standing.cancelledAt()));
        answer.put("messages_per_hour", standing.perHour());
        call.answer(Map.of("sending", answer));
    }

    private void cancel(Call call) {
        control.cancel(call.account(), uid(call));
        call.success("Campaign cancelled");
    }

    private void limit(Call call) {
        var params = call.params();
        String uid = uid(call);
        if (!params.has("messages_per_hour")) throw BadInput.missing("messages_per_hour");
        control.limit(call.account(), uid, params.positive("messages_per_hour").orElse(null));
        call.success("Campaign updated");
    }

    private void unknown(Call call) {
        var params = call.params();
        long page = params.positive("page").orElse(1L);
        long perPage = params.positive("per_page").orElse(DEFAULT_PAGE_SIZE);
        if (perPage > LARGEST_PAGE) {
            throw new BadInput("per_page must be %d or less".formatted(LARGEST_PAGE));
        }
        var messages = control.unknown(call.account(), uid(call), page, perPage);
        call.answer(Map.of("unknown", messages.stream().map(CampaignControlApi::message).toList()));
    }

    private void resend(Call call) {
        int sent = control.resend(call.account(), uid(call), contact(call));
        call.success("Sent again", "messages", sent);
    }

    private void countAsSent(Call call) {
        int counted = control.countAsSent(call.account(), uid(call), contact(call));
        call.success("Counted as sent", "messages", counted);
    }

    private static String uid(Call call) {
        return call.params().required("campaign_uid");
    }

    private static @Nullable String contact(Call call) {
        return call.params().optional("contact_uid").orElse(null);
    }

    private static Map<String, @Nullable Object> message(UnknownMessage message) {
        var delivery = message.delivery();
        var answer = new LinkedHashMap<String, @Nullable Object>();
        answer.put("contact_uid", delivery.contactUid());
        answer.put("email", delivery.address());
        answer.put("since", time(delivery.at()));
        answer.put("relay_uid", delivery.relay());
        answer.put("message_id", "<" + message.messageId() + ">");
        answer.put("reason", delivery.reason());
        return answer;
    }
}
