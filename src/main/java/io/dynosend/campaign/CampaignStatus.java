package io.dynosend.campaign;

import io.dynosend.sending.MailingState;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Where a campaign stands: new until it is started, then wherever its mailing stands. */
public enum CampaignStatus {
    NEW,
    QUEUED,
    SENDING,
    PAUSED,
    DONE,
    ERROR;

    static CampaignStatus of(@Nullable MailingState mailing) {
        if (mailing == null) return NEW;
        return switch (mailing) {
            case QUEUED -> QUEUED;
            case SENDING -> SENDING;
            case PAUSED -> PAUSED;
            case DONE -> DONE;
            case ERROR -> ERROR;
        };
    }

    /** The spelling in the API. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
