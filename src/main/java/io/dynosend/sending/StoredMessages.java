package io.dynosend.sending;

import io.dynosend.common.EmailAddress;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/** Single messages as they were queued. */
final class StoredMessages implements Composer {

    private static final String CONTENT =
            """
            SELECT envelope_sender, content
            FROM mailing_message
            WHERE account_id = :account AND mailing_id = :mailing
            """;

    private record Stored(Optional<OutgoingMessage> message) implements Composition {

        @Override
        public Optional<OutgoingMessage> compose(Delivery delivery) {
            return message;
        }

        @Override
        public String sendingDomain() {
            return message.map(stored -> stored.envelopeSender().domain()).orElse("");
        }
    }

    private final Jdbi jdbi;

    StoredMessages(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    @Override
    public Composition open(Chunk chunk) {
        return new Stored(find(chunk));
    }

    private Optional<OutgoingMessage> find(Chunk chunk) {
        return jdbi.withHandle(db ->
                db.createQuery(CONTENT)
                        .bind("account", chunk.account())
                        .bind("mailing", chunk.mailing())
                        .map((row, _) ->
                                new OutgoingMessage(
                                        new EmailAddress(row.getString("envelope_sender")),
                                        row.getBytes("content")))
                        .findOne());
    }
}
