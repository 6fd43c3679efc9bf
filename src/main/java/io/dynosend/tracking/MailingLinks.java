package io.dynosend.tracking;

import io.dynosend.audience.TrackingMode;
import io.dynosend.content.LinkTarget;
import io.dynosend.content.TrackedLinks;
import io.dynosend.tracking.TrackingTokens.AnonymousClick;
import io.dynosend.tracking.TrackingTokens.AnonymousOpen;
import java.util.List;
import java.util.stream.IntStream;

/** The links of a mailing's copies, made once for as much as the copies share. */
public final class MailingLinks {

    private final String baseUrl;
    private final TrackingTokens tokens;
    private final TrackingMode mode;
    private final long account;
    private final long mailing;
    private final List<LinkTarget> targets;
    private final AnonymousLinks anonymous;

    /**
     * @param baseUrl of this server as readers reach it, without a slash at its end
     * @param mode that the mailing started with
     */
    public MailingLinks(
            String baseUrl,
            TrackingTokens tokens,
            TrackingMode mode,
            long account,
            long mailing,
            List<LinkTarget> targets) {
        this.baseUrl = baseUrl;
        this.tokens = tokens;
        this.mode = mode;
        this.account = account;
        this.mailing = mailing;
        this.targets = targets;
        this.anonymous = anonymous();
    }

    /**
     * The links of one copy.
     *
     * @param refused whether this contact wants no such links
     */
    public TrackedLinks of(int number, long contact, boolean refused) {
        var delivery = new DeliveryRef(account, mailing, number);
        var unsubscribe = new UnsubscribeLink(baseUrl, tokens, delivery, contact);
        return switch (refused ? TrackingMode.OFF : mode) {
            case INDIVIDUAL -> new TrackedCopy(baseUrl, tokens, delivery, targets, unsubscribe);
            case AGGREGATE -> new AnonymousCopy(anonymous, unsubscribe);
            case OFF -> new UntrackedCopy(targets, unsubscribe);
        };
    }

    private AnonymousLinks anonymous() {
        if (mode != TrackingMode.AGGREGATE) return new AnonymousLinks("", List.of());
        return new AnonymousLinks(
                baseUrl + "/i/" + tokens.of(new AnonymousOpen(account, mailing)) + ".gif",
                IntStream.range(0, targets.size())
                        .mapToObj(link -> new AnonymousClick(account, mailing, link))
                        .map(click -> baseUrl + "/l/" + tokens.of(click))
                        .toList());
    }
}
