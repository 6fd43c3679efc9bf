package io.dynosend;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.common.EmailAddress;
import io.dynosend.sending.Outbox.Kind;
import io.dynosend.sending.Outbox.NewMessage;
import io.dynosend.sending.OutgoingMessage;
import io.dynosend.tracking.DeliveryRef;
import io.dynosend.tracking.Engagements.Visitor;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is left of somebody in mail and tracking when their contact is deleted. */
class ErasureTest extends DatabaseTest {

    private final long account = holder(newAccount()).account();

    @Test
    void whatAnErasedContactDidIsStillCountedAndTellsNothingAboutThem() {
        long contact = contact();
        var delivery = message(contact);
        application.engagements().opened(delivery, new Visitor("192.0.2.1", "Ada's reader"));

        jdbi.useTransaction(tx -> {
            application.engagements().erase(tx, account, contact);
            application.outbox().erase(tx, account, contact);
        });
        application.engagements().clicked(delivery, 1, new Visitor("192.0.2.1", "Ada's reader"));

        assertThat(events("ip_address IS NOT NULL OR user_agent IS NOT NULL")).isZero();
        assertThat(events("kind IN ('open', 'click')")).isEqualTo(2);
        var totals = application.engagements().totals(account, delivery.mailing());
        assertThat(totals.opens()).isEqualTo(1);
        assertThat(totals.clicks()).isEqualTo(1);
        assertThat(
                        single(
                                Long.class,
                                "SELECT count(*) FROM mailing_message WHERE account_id = ?",
                                account))
                .isZero();
    }

    private DeliveryRef message(long contact) {
        long id = application.outbox().nextId();
        long audience = single(Long.class, "SELECT id FROM audience WHERE account_id = ?", account);
        jdbi.useTransaction(tx ->
                application
                        .outbox()
                        .enqueue(
                                tx,
                                List.of(
                                        new NewMessage(
                                                id,
                                                account,
                                                audience,
                                                contact,
                                                new EmailAddress("ada@example.org"),
                                                Kind.TRANSACTIONAL,
                                                null,
                                                new OutgoingMessage(
                                                        new EmailAddress("me@example.org"),
                                                        "Subject: Hi\r\n\r\nHi\r\n"
                                                                .getBytes(
                                                                        StandardCharsets
                                                                                .US_ASCII))))));
        return new DeliveryRef(account, id, 1);
    }

    private long contact() {
        return single(
                Long.class,
                """
                WITH audience AS (
                    INSERT INTO audience (
                        account_id, uid, name, from_email, from_name, created_at, updated_at)
                    VALUES (?, 'a', 'A', 'a@example.org', 'A', now(), now())
                    RETURNING account_id, id)
                INSERT INTO contact (
                    account_id, audience_id, uid, email, status, source, created_at, updated_at)
                SELECT account_id, id, 'ada', 'ada@example.org', 'subscribed', 'api', now(), now()
                FROM audience
                RETURNING id
                """,
                account);
    }

    private long events(String which) {
        return single(
                Long.class,
                "SELECT count(*) FROM engagement_event WHERE account_id = ? AND (" + which + ")",
                account);
    }
}
