package io.dynosend.optin;

import static io.dynosend.common.Sql.column;
import static io.dynosend.common.Sql.instant;
import static io.dynosend.common.Sql.utc;

import io.dynosend.contact.ContactStatus;
import io.dynosend.contact.SubscriptionListener.Subscription;
import io.dynosend.tracking.TrackingTokens.Confirmation;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The confirmation mails that were sent, and the only code that writes them. */
final class Requests {

    /** Nobody is asked more often. */
    static final int MOST = 2;

    /**
     * A mail that is queued.
     *
     * @param number from 1, the contact's first
     */
    record Request(Subscription to, int number, String messageId) {}

    /** A mail that was sent, and its contact as it is now. */
    record Sent(
            ContactStatus status,
            String email,
            String audience,
            Instant expiresAt,
            String wording,
            String messageId) {}

    private static final String KEEP =
            """
            INSERT INTO opt_in_request (
                account_id, contact_id, number, recipient, requested_at, expires_at, wording,
                message_id)
            SELECT q.account_id, q.contact_id, q.number, q.recipient, :now, :expiresAt, :wording,
                   q.message_id
            FROM unnest(:accounts, :contacts, :numbers, :recipients, :messageIds)
                AS q (account_id, contact_id, number, recipient, message_id)
            """;

    private static final String TIMES =
            """
            SELECT requested_at
            FROM opt_in_request
            WHERE account_id = :account AND contact_id = :contact
            ORDER BY number
            """;

    // To the address that the contact has had ever since: what was sent to another one proves
    // nothing about this one.
    private static final String FIND =
            """
            SELECT c.status, c.email, a.name AS audience, r.expires_at, r.wording, r.message_id
            FROM opt_in_request r
            JOIN contact c ON c.account_id = r.account_id AND c.id = r.contact_id
                AND c.email = r.recipient
            JOIN audience a ON a.account_id = c.account_id AND a.id = c.audience_id
            WHERE r.account_id = :account AND r.contact_id = :contact AND r.number = :number
            """;

    private static final String LOCK = FIND + "FOR NO KEY UPDATE OF c";

    private Requests() {}

    static void keep(Handle tx, List<Request> requests, Instant now, Instant expiresAt) {
        tx.createUpdate(KEEP)
                .bindArray("accounts", Long.class, column(requests, r -> r.to().account()))
                .bindArray("contacts", Long.class, column(requests, r -> r.to().contact().id()))
                .bindArray("numbers", Integer.class, column(requests, Request::number))
                .bindArray(
                        "recipients",
                        String.class,
                        column(requests, r -> r.to().contact().email().value()))
                .bindArray("messageIds", String.class, column(requests, Request::messageId))
                .bind("now", utc(now))
                .bind("expiresAt", utc(expiresAt))
                .bind("wording", ConfirmationMail.WORDING)
                .execute();
    }

    /** When a contact was asked, the first time first. */
    static List<Instant> times(Handle tx, long account, long contact) {
        return tx.createQuery(TIMES)
                .bind("account", account)
                .bind("contact", contact)
                .map((row, _) -> instant(row, "requested_at"))
                .list();
    }

    /** Empty if the contact is not there any more, or has another address now. */
    static Optional<Sent> find(Handle db, Confirmation link) {
        return find(db, FIND, link);
    }

    /** As {@link #find}; until the transaction ends nobody changes the contact. */
    static Optional<Sent> lock(Handle tx, Confirmation link) {
        return find(tx, LOCK, link);
    }

    private static Optional<Sent> find(Handle db, String statement, Confirmation link) {
        return db.createQuery(statement)
                .bind("account", link.account())
                .bind("contact", link.contact())
                .bind("number", link.request())
                .map((row, _) ->
                        new Sent(
                                ContactStatus.of(row.getString("status")),
                                row.getString("email"),
                                row.getString("audience"),
                                instant(row, "expires_at"),
                                row.getString("wording"),
                                row.getString("message_id")))
                .findOne();
    }
}
