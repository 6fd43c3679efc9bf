package io.dynosend.bounce;

import io.dynosend.blacklist.Blacklist;
import io.dynosend.common.EmailAddress;
import io.dynosend.sending.BounceListener;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** An address that does not exist is never mailed again, by any audience of the account. */
public final class Bounces implements BounceListener {

    private final Blacklist blacklist;

    public Bounces(Blacklist blacklist) {
        this.blacklist = blacklist;
    }

    @Override
    public void hardBounced(Handle tx, long account, List<EmailAddress> addresses) {
        blacklist.add(tx, account, addresses, Blacklist.Reason.BOUNCED);
    }
}
