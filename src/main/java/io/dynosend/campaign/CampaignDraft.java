package io.dynosend.campaign;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a campaign is while it is written.
 *
 * @param version counts its changes
 * @param scheduledAt null: it does not start by itself
 * @param zone in which its author thinks of that moment
 * @param failure why it did not start when its time had come; null: it was not to
 * @param missing without which it is not sent
 */
public record CampaignDraft(
        int version,
        @Nullable Instant scheduledAt,
        ZoneId zone,
        @Nullable String failure,
        List<Missing> missing) {

    public CampaignDraft {
        missing = List.copyOf(missing);
    }

    public boolean lacks(Missing what) {
        return missing.contains(what);
    }
}
