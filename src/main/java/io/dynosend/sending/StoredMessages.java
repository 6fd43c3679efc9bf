package io.dynosend.sending;

import io.dynosend.common.EmailAddress;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/** Single messages as they were queued. */
final class StoredMessages implements Composer {

    private static final String CONTENT =
            """
            SELECT envelope_sender, content, kind = 'user' AS to_user
            FROM mailing_message
            JOIN mailing ON mailing.account_id = mailing_message.account_id
                        AND mailing.id = mailing_message.mailing_id
            WHERE mailing_message.account_id = :account AND mailing_id = :mailing
            """;

    private record Stored(OutgoingMessage message, boolean isToUser) implements Composition {

        @Override
        public Optional<OutgoingMessage> compose(Delivery delivery) {
            return Optional.of(message);
        }

        @Override
        public String sendingDomain() {
            return message.envelopeSender().domain();
        }
    }

    private enum Erased implements Composition {
        INSTANCE;

        @Override
        public Optional<OutgoingMessage> compose(Delivery delivery) {
            return Optional.empty();
        }

        @Override
        public String sendingDomain() {
            return "";
        }
    }

    private final Jdbi jdbi;

    StoredMessages(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    @Override
    public Composition open(Chunk chunk) {
        return find(chunk).<Composition>map(found -> found).orElse(Erased.INSTANCE);
    }

    private Optional<Stored> find(Chunk chunk) {
        return jdbi.withHandle(db ->
                db.createQuery(CONTENT)
                        .bind("account", chunk.account())
                        .bind("mailing", chunk.mailing())
                        .map((row, _) ->
                                new Stored(
                                        new OutgoingMessage(
                                                new EmailAddress(row.getString("envelope_sender")),
                                                row.getBytes("content")),
                                        row.getBoolean("to_user")))
                        .findOne());
    }
}
