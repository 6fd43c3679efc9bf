package io.dynosend.sending;

import java.util.Optional;

/** Makes the messages of a mailing. Implemented by whoever opened it. */
public interface Composer {

    /** The messages of one chunk. */
    interface Composition {

        /**
         * The message for one recipient; the same bytes at every attempt as long as the contact is
         * the same. Empty if the contact has been erased since the chunk was claimed.
         */
        Optional<OutgoingMessage> compose(Delivery delivery);

        /** The domain of the From address: it decides on the relay. */
        String sendingDomain();

        /** Whether it is for somebody who signs in here, about that: other relays may take it. */
        default boolean isToUser() {
            return false;
        }
    }

    /** Prepares for a chunk, so that what its messages share is fetched once. */
    Composition open(Chunk chunk);
}
