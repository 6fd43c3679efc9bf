package io.dynosend.contact;

import static io.dynosend.common.Sql.utc;

import io.dynosend.contact.Activities.Kind;
import io.dynosend.contact.SubscriptionListener.Subscription;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Changes whether a contact may be mailed. */
final class Subscriptions {

    // What the status was is evidence too: a subscription that nobody confirmed looks different.
    private static final String SUBSCRIBE =
            """
            UPDATE contact c
            SET status = 'subscribed', unsubscribed_at = NULL, updated_at = :now
            FROM (
                SELECT account_id, id, status
                FROM contact
                WHERE account_id = :account AND id = :id AND status <> 'subscribed'
                FOR NO KEY UPDATE
            ) before
            WHERE c.account_id = before.account_id AND c.id = before.id
            RETURNING before.status
            """;

    private static final String CONFIRM =
            """
            UPDATE contact
            SET status = 'subscribed', updated_at = :now
            WHERE account_id = :account AND id = :id AND status = 'unconfirmed'
            """;

    private static final String UNSUBSCRIBE =
            """
            UPDATE contact c
            SET status = 'unsubscribed', unsubscribed_at = :now, updated_at = :now
            WHERE account_id = :account AND id = :id AND status <> 'unsubscribed'
            RETURNING %s
            """
                    .formatted(ContactRows.COLUMNS);

    private static final String ASK_TO_RETURN =
            """
            UPDATE contact
            SET status = 'unconfirmed', unsubscribed_at = NULL, updated_at = :now
            WHERE account_id = :account AND id = :id AND status = 'unsubscribed'
            """;

    // When they left is in the evidence.
    private static final String STAY_AWAY =
            """
            UPDATE contact c
            SET status = 'unsubscribed', unsubscribed_at = a.at, updated_at = :now
            FROM (
                SELECT max(at) AS at
                FROM contact_activity
                WHERE account_id = :account AND contact_id = :id AND kind = 'unsubscribed'
            ) a
            WHERE c.account_id = :account AND c.id = :id AND c.status = 'unconfirmed'
              AND a.at IS NOT NULL
            """;

    private final InstantSource clock;
    private final Activities activities;
    private final SubscriptionListener listener;

    Subscriptions(InstantSource clock, Activities activities, SubscriptionListener listener) {
        this.clock = clock;
        this.activities = activities;
        this.listener = listener;
    }

    void subscribe(Handle tx, long account, long contact, Actor actor) {
        tx.createQuery(SUBSCRIBE)
                .bind("account", account)
                .bind("id", contact)
                .bind("now", utc(clock.instant()))
                .mapTo(String.class)
                .findOne()
                .ifPresent(before ->
                        activities.note(
                                tx,
                                account,
                                contact,
                                Kind.SUBSCRIBED,
                                actor,
                                Map.of("status_before", before)));
    }

    boolean confirm(
            Handle tx, long account, long contact, Actor actor, Map<String, String> evidence) {
        int confirmed =
                tx.createUpdate(CONFIRM)
                        .bind("account", account)
                        .bind("id", contact)
                        .bind("now", utc(clock.instant()))
                        .execute();
        if (confirmed == 0) return false;
        activities.note(tx, account, contact, Kind.CONFIRMED, actor, evidence);
        return true;
    }

    Optional<Subscription> unsubscribe(Handle tx, long account, long contact, Actor actor) {
        var left =
                tx.createQuery(UNSUBSCRIBE)
                        .bind("account", account)
                        .bind("id", contact)
                        .bind("now", utc(clock.instant()))
                        .map((row, _) -> new Subscription(account, ContactRows.contact(row)))
                        .findOne();
        left.ifPresent(_ -> activities.note(tx, account, contact, Kind.UNSUBSCRIBED, actor));
        return left;
    }

    boolean askToReturn(Handle tx, long account, long contact, Actor actor) {
        int asking =
                tx.createUpdate(ASK_TO_RETURN)
                        .bind("account", account)
                        .bind("id", contact)
                        .bind("now", utc(clock.instant()))
                        .execute();
        if (asking == 0) return false;
        activities.note(
                tx,
                account,
                contact,
                Kind.UNCONFIRMED,
                actor,
                actor.page() == null ? Map.of() : Map.of("page", actor.page()));
        return true;
    }

    boolean stayAway(Handle tx, long account, long contact) {
        return tx.createUpdate(STAY_AWAY)
                        .bind("account", account)
                        .bind("id", contact)
                        .bind("now", utc(clock.instant()))
                        .execute()
                > 0;
    }

    boolean leave(Handle tx, long account, long contact, Actor actor) {
        var left = unsubscribe(tx, account, contact, actor);
        left.ifPresent(each -> listener.left(tx, each));
        return left.isPresent();
    }
}
