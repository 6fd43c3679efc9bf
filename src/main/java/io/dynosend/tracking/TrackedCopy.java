package io.dynosend.tracking;

import io.dynosend.content.TrackedLinks;
import io.dynosend.tracking.TrackingTokens.Click;
import io.dynosend.tracking.TrackingTokens.ClickTo;
import io.dynosend.tracking.TrackingTokens.Open;
import io.dynosend.tracking.TrackingTokens.Unsubscribe;

/** The links of one recipient's copy. */
public final class TrackedCopy implements TrackedLinks {

    private final String baseUrl;
    private final TrackingTokens tokens;
    private final DeliveryRef delivery;
    private final long contact;

    /**
     * @param baseUrl of this server as readers reach it, without a slash at its end
     */
    public TrackedCopy(String baseUrl, TrackingTokens tokens, DeliveryRef delivery, long contact) {
        this.baseUrl = baseUrl;
        this.tokens = tokens;
        this.delivery = delivery;
        this.contact = contact;
    }

    @Override
    public String click(int link) {
        return baseUrl + "/c/" + tokens.of(new Click(delivery, link));
    }

    @Override
    public String clickTo(String url) {
        String token = tokens.of(new ClickTo(delivery, url));
        // Better not counted than not reached: servers and mail programs cut what is longer.
        return token.length() > TrackingTokens.LONGEST ? url : baseUrl + "/r/" + token;
    }

    @Override
    public String openPixel() {
        return baseUrl + "/o/" + tokens.of(new Open(delivery)) + ".gif";
    }

    @Override
    public String unsubscribe() {
        return baseUrl + "/u/" + tokens.of(new Unsubscribe(delivery, contact));
    }
}
