package io.dynosend.sending;

import io.dynosend.common.EmailAddress;
import java.time.Instant;
import org.jdbi.v3.core.Handle;

/** Signs messages for the domain that they come from. */
public interface MessageSigner {

    /** Leaves them as they are. */
    MessageSigner NONE = (_, _, _, message, _) -> message;

    /**
     * The message with its signatures; the same bytes for the same input, as long as the domain has
     * the same keys. As it is if there is nothing to sign it with.
     *
     * @param from whose domain signs
     * @param message RFC 5322, CRLF line ends
     */
    byte[] signed(Handle db, long account, EmailAddress from, byte[] message, Instant at);
}
