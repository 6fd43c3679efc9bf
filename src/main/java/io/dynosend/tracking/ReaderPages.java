package io.dynosend.tracking;

import io.dynosend.audience.TrackingMode;
import io.dynosend.tracking.TrackingTokens.AnonymousView;
import io.dynosend.tracking.TrackingTokens.Preferences;
import io.dynosend.tracking.TrackingTokens.View;

/** Addresses of the pages that the copies of a mailing lead to. */
public final class ReaderPages {

    private final String baseUrl;
    private final TrackingTokens tokens;
    private final TrackingMode mode;

    /**
     * @param baseUrl of this server as readers reach it, without a slash at its end
     * @param mode that the mailing started with
     */
    public ReaderPages(String baseUrl, TrackingTokens tokens, TrackingMode mode) {
        this.baseUrl = baseUrl;
        this.tokens = tokens;
        this.mode = mode;
    }

    /** Where it says that the way out is in the mail, to who cannot be told from others. */
    public static String leave(String baseUrl) {
        return baseUrl + "/w/leave";
    }

    /**
     * The copy as a web page; the same for all who are not to be told from each other.
     *
     * @param refused whether this contact wants no links of their own
     */
    public String view(DeliveryRef delivery, long contact, boolean refused) {
        return refused || mode != TrackingMode.INDIVIDUAL
                ? anonymousView(delivery.account(), delivery.mailing())
                : baseUrl + "/v/" + tokens.of(new View(delivery, contact));
    }

    /** As {@link #view}, of nobody's copy. */
    public String anonymousView(long account, long mailing) {
        return baseUrl + "/w/" + tokens.of(new AnonymousView(account, mailing));
    }

    /** Where a contact sees and changes what is known of it; its own as the way out is. */
    public String preferences(DeliveryRef delivery, long contact) {
        return baseUrl + "/p/" + tokens.of(new Preferences(delivery, contact));
    }
}
