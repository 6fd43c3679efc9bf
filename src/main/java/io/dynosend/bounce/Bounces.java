package io.dynosend.bounce;

import io.dynosend.blacklist.Blacklist;
import io.dynosend.common.EmailAddress;
import io.dynosend.sending.BounceListener;
import io.dynosend.sending.Ledger;
import io.dynosend.tracking.DeliveryRef;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** An address that does not exist is never mailed again, by any audience of the account. */
public final class Bounces implements BounceListener {

    private final Blacklist blacklist;

    public Bounces(Blacklist blacklist) {
        this.blacklist = blacklist;
    }

    /**
     * A receiver has sent a message of ours back, within the caller's transaction. That resolves
     * what was unknown of it.
     *
     * @param hard the address does not exist
     * @param report what the receiver says
     */
    public void returned(
            Handle tx, DeliveryRef delivery, EmailAddress address, boolean hard, String report) {
        Ledger.bounced(tx, delivery.account(), delivery.mailing(), delivery.number(), report);
        if (hard) hardBounced(tx, delivery.account(), List.of(address));
    }

    @Override
    public void hardBounced(Handle tx, long account, List<EmailAddress> addresses) {
        blacklist.add(tx, account, addresses, Blacklist.Reason.BOUNCED);
    }
}
