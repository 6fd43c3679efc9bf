package io.dynosend.campaign;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A campaign in a list: what stands there of it, without its content.
 *
 * @param mailing null until it is started
 * @param scheduledAt when it starts by itself
 * @param failure why its scheduled start has failed
 * @param pausedBecause relay, bounces, complaints or restored; null: its owner has paused it, or
 *     nobody
 * @param startedAt null until it is started
 * @param deliveredAt null until every recipient has an outcome
 */
public record CampaignLine(
        String uid,
        String name,
        String subject,
        CampaignStatus status,
        long audience,
        String audienceName,
        String audienceUid,
        @Nullable Long mailing,
        @Nullable Instant scheduledAt,
        @Nullable String failure,
        @Nullable String pausedBecause,
        boolean cancelled,
        @Nullable Integer perHour,
        @Nullable Instant startedAt,
        @Nullable Instant deliveredAt,
        Instant createdAt,
        Instant updatedAt) {

    /** When it was, is or will be sent; else when it was changed last. */
    public Instant when() {
        if (startedAt != null) return startedAt;
        return scheduledAt == null ? updatedAt : scheduledAt;
    }

    /** Whether it may still be changed and deleted without a trace in any report. */
    public boolean isDraft() {
        return mailing == null;
    }
}
