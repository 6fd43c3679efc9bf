package io.dynosend.sending;

import io.dynosend.common.EmailAddress;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Is told, within the transaction that records the outcomes, which addresses do not exist. */
public interface BounceListener {

    void hardBounced(Handle tx, long account, List<EmailAddress> addresses);
}
