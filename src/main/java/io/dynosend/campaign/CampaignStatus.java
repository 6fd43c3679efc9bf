package io.dynosend.campaign;

import io.dynosend.sending.MailingState;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where a campaign stands: new or scheduled until it is started, then wherever its mailing stands.
 */
public enum CampaignStatus {
    NEW,
    SCHEDULED,
    QUEUED,
    SENDING,
    PAUSED,
    DONE,
    ERROR;

    /**
     * @param mailing null: it is not started
     * @param failed its scheduled start
     */
    static CampaignStatus of(@Nullable MailingState mailing, boolean scheduled, boolean failed) {
        if (mailing == null) return scheduled ? SCHEDULED : failed ? ERROR : NEW;
        return switch (mailing) {
            case QUEUED -> QUEUED;
            case SENDING -> SENDING;
            case PAUSED -> PAUSED;
            case DONE -> DONE;
            case ERROR -> ERROR;
        };
    }

    /** Whether it may still be changed and started. */
    public boolean isOpen() {
        return this == NEW || this == SCHEDULED;
    }

    /** The spelling in the API. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
