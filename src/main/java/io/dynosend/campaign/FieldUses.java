package io.dynosend.campaign;

import io.dynosend.audience.Audiences;
import io.dynosend.audience.Field;
import io.dynosend.common.Problem.NotFound;
import io.dynosend.contact.EmptyFields;
import java.util.List;

/** Which fields of its contacts a campaign reads, and where these have nothing to say. */
public final class FieldUses {

    /** A field, and how many of the recipients have none. */
    public record FieldUse(String tag, String label, long empty) {}

    /**
     * What the subject, the HTML and the text of a campaign read.
     *
     * @param contacts who would get it now
     * @param unknown what neither the contacts nor anything else has, such as {@code FRIST_NAME}
     */
    public record Uses(long contacts, List<FieldUse> fields, List<String> unknown) {}

    private final Campaigns campaigns;
    private final Audiences audiences;
    private final EmptyFields emptyFields;

    public FieldUses(Campaigns campaigns, Audiences audiences, EmptyFields emptyFields) {
        this.campaigns = campaigns;
        this.audiences = audiences;
        this.emptyFields = emptyFields;
    }

    /**
     * Counts over all who are subscribed now.
     *
     * @throws NotFound if the account has no such campaign
     */
    public Uses of(long account, String uid) {
        var campaign = campaigns.get(account, uid);
        var audience = audiences.get(account, campaign.audience());
        var reads =
                CampaignMessage.compile(campaign, audience, campaigns.blocks(account, campaign))
                        .variables();
        var names = new Names(campaign, audience, audiences.fields(account, audience.id()));
        var used = names.fields(reads);
        var counts =
                emptyFields.count(account, audience.id(), used.stream().map(Field::tag).toList());
        return new Uses(
                counts.contacts(),
                used.stream()
                        .map(field ->
                                new FieldUse(
                                        field.tag(),
                                        field.label(),
                                        counts.empty().getOrDefault(field.tag(), 0L)))
                        .toList(),
                names.unknown(reads));
    }
}
