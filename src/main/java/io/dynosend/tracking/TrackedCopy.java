package io.dynosend.tracking;

import io.dynosend.content.LinkTarget;
import io.dynosend.content.TrackedLinks;
import io.dynosend.tracking.TrackingTokens.Click;
import io.dynosend.tracking.TrackingTokens.ClickTo;
import io.dynosend.tracking.TrackingTokens.Open;
import java.util.List;

/** Links that say in whose copy they stand. */
record TrackedCopy(
        String baseUrl,
        TrackingTokens tokens,
        DeliveryRef delivery,
        List<LinkTarget> targets,
        UnsubscribeLink unsubscribeLink)
        implements TrackedLinks {

    @Override
    public String click(int link) {
        return baseUrl + "/c/" + tokens.of(new Click(delivery, link));
    }

    @Override
    public String clickTo(int link, String url) {
        return targets.get(link)
                .filling(url)
                .map(filling ->
                        shortened(url, "/c/", tokens.of(new Click(delivery, link, filling))))
                .orElseGet(() -> shortened(url, "/r/", tokens.of(new ClickTo(delivery, url))));
    }

    @Override
    public String openPixel() {
        return baseUrl + "/o/" + tokens.of(new Open(delivery)) + ".gif";
    }

    @Override
    public String unsubscribe() {
        return unsubscribeLink.url();
    }

    // Better not counted than not reached: servers and mail programs cut what is longer.
    private String shortened(String url, String path, String token) {
        return token.length() > TrackingTokens.LONGEST ? url : baseUrl + path + token;
    }
}
