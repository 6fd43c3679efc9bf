package io.dynosend.tracking;

import io.dynosend.tracking.TrackingTokens.Unsubscribe;

/**
 * The way out, which is one contact's own whatever else is recorded.
 *
 * @param baseUrl of this server as readers reach it, without a slash at its end
 */
public record UnsubscribeLink(
        String baseUrl, TrackingTokens tokens, DeliveryRef delivery, long contact) {

    public String url() {
        return baseUrl + "/u/" + tokens.of(new Unsubscribe(delivery, contact));
    }
}
