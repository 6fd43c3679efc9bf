package io.dynosend.sending;

import io.dynosend.common.EmailAddress;
import io.dynosend.contact.Erasure;
import org.jdbi.v3.core.Handle;

/** The ledger forgets a recipient: the rows stay, and so do the counts. */
public final class RecipientErasure implements Erasure {

    // Whoever writes recipients at this moment may have seen the contact: wait, and find their row.
    private static final String AFTER_THE_WRITER =
            """
            SELECT id
            FROM mailing
            WHERE account_id = :account AND kind = 'campaign' AND state <> 'done'
              AND recipients_written_at IS NULL
            ORDER BY id
            FOR SHARE
            """;

    // What is behind the barrier gets its outcome still.
    private static final String NOBODY =
            """
            contact_id = NULL, address = NULL, reply = NULL,
            reason = CASE state WHEN 'waiting' THEN 'deleted' WHEN 'skipped' THEN reason END,
            finished_at = CASE state WHEN 'waiting' THEN clock_timestamp() ELSE finished_at END,
            state = CASE state WHEN 'waiting' THEN 'skipped' ELSE state END\
            """;

    // A receiver's answer often repeats the address. What is on its way has its content gone too,
    // and so is not sent a second time.
    private static final String FORGET =
            """
            WITH erased AS (
                UPDATE delivery
                SET %s
                WHERE account_id = :account AND contact_id = :contact
                RETURNING mailing_id
            )
            DELETE FROM mailing_message
            WHERE account_id = :account AND mailing_id IN (SELECT mailing_id FROM erased)
            """
                    .formatted(NOBODY);

    // Nobody wrote down whom a test shows, so all of them lose their content. One that was still
    // waiting is sent again by who wants to see it.
    private static final String FORGET_TESTS =
            """
            WITH test AS (
                SELECT id FROM mailing WHERE account_id = :account AND kind = 'test'
            ), addressed AS (
                UPDATE delivery
                SET %s
                WHERE account_id = :account AND mailing_id IN (SELECT id FROM test)
                  AND address = ANY(:addresses)
            )
            DELETE FROM mailing_message
            WHERE account_id = :account AND mailing_id IN (SELECT id FROM test)
            """
                    .formatted(NOBODY);

    @Override
    public void erase(Handle tx, Erased erased) {
        tx.createQuery(AFTER_THE_WRITER).bind("account", erased.account()).mapTo(Long.class).list();
        tx.createUpdate(FORGET)
                .bind("account", erased.account())
                .bind("contact", erased.contact())
                .execute();
        tx.createUpdate(FORGET_TESTS)
                .bind("account", erased.account())
                .bindArray(
                        "addresses",
                        String.class,
                        erased.addresses().stream().map(EmailAddress::value).toList())
                .execute();
    }
}
