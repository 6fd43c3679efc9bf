package io.dynosend.sending;

import java.util.Optional;

/** Everybody gets the same message. */
record SameForAll(OutgoingMessage message) implements Composer {

    @Override
    public Composition open(Chunk chunk) {
        return new Composition() {
            @Override
            public Optional<OutgoingMessage> compose(Delivery delivery) {
                return Optional.of(message);
            }

            @Override
            public String sendingDomain() {
                return message.envelopeSender().domain();
            }
        };
    }
}
