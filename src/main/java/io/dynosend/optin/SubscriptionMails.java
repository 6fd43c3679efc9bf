package io.dynosend.optin;

import static io.dynosend.common.Sql.column;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.dynosend.audience.ResponseMail.Occasion;
import io.dynosend.contact.Contact;
import io.dynosend.contact.ContactStatus;
import io.dynosend.contact.SubscriptionListener;
import java.util.HashSet;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;

/** Writes to those who join and leave: the confirmation mail, the welcome, the goodbye. */
public final class SubscriptionMails implements SubscriptionListener {

    // Most contacts are to hear nothing, and then this one question is all that it costs.
    private static final String TO_HEAR =
            """
            SELECT q.place
            FROM unnest(:places, :accounts, :audiences, :emails, :unconfirmed)
                AS q (place, account_id, audience_id, email, unconfirmed)
            JOIN audience a ON a.account_id = q.account_id AND a.id = q.audience_id
            WHERE (q.unconfirmed OR a.welcome_subject IS NOT NULL)
              AND NOT EXISTS (
                  SELECT FROM blacklist b
                  WHERE b.account_id = q.account_id AND b.email = q.email)
            """;

    private static final String BLACKLISTED =
            """
            SELECT EXISTS (SELECT FROM blacklist WHERE account_id = :account AND email = :email)
            """;

    private final Confirmations confirmations;
    private final ResponseMails responses;

    public SubscriptionMails(Confirmations confirmations, ResponseMails responses) {
        this.confirmations = confirmations;
        this.responses = responses;
    }

    // Account by account in one order: each mail locks the usage of its account, and two
    // transactions must not wait for each other.
    @Override
    public void created(Handle tx, List<Subscription> contacts) {
        toHear(tx, contacts).stream()
                .collect(groupingBy(Subscription::account, TreeMap::new, toList()))
                .forEach((account, theirs) -> created(tx, account, theirs));
    }

    @Override
    public void left(Handle tx, Subscription contact) {
        respond(tx, Occasion.GOODBYE, contact);
    }

    /** The contact has confirmed. */
    void confirmed(Handle tx, Subscription contact) {
        respond(tx, Occasion.WELCOME, contact);
    }

    /** Whether no mail of any kind goes to this contact. */
    static boolean isBlacklisted(Handle db, Subscription contact) {
        return db.createQuery(BLACKLISTED)
                .bind("account", contact.account())
                .bind("email", contact.contact().email().value())
                .mapTo(Boolean.class)
                .one();
    }

    private void created(Handle tx, long account, List<Subscription> contacts) {
        var unconfirmed = contacts.stream().filter(SubscriptionMails::isUnconfirmed).toList();
        if (!unconfirmed.isEmpty()) confirmations.ask(tx, unconfirmed);
        List<Contact> subscribed =
                contacts.stream()
                        .filter(each -> !isUnconfirmed(each))
                        .map(Subscription::contact)
                        .toList();
        responses.send(tx, Occasion.WELCOME, account, subscribed);
    }

    private void respond(Handle tx, Occasion occasion, Subscription contact) {
        if (isBlacklisted(tx, contact)) return;
        responses.send(tx, occasion, contact.account(), List.of(contact.contact()));
    }

    private static List<Subscription> toHear(Handle tx, List<Subscription> contacts) {
        var places = IntStream.range(0, contacts.size()).boxed().toList();
        var found =
                new HashSet<>(
                        tx.createQuery(TO_HEAR)
                                .bindArray("places", Integer.class, places)
                                .bindArray(
                                        "accounts",
                                        Long.class,
                                        column(contacts, Subscription::account))
                                .bindArray(
                                        "audiences",
                                        Long.class,
                                        column(contacts, each -> each.contact().audience()))
                                .bindArray(
                                        "emails",
                                        String.class,
                                        column(contacts, each -> each.contact().email().value()))
                                .bindArray(
                                        "unconfirmed",
                                        Boolean.class,
                                        column(contacts, SubscriptionMails::isUnconfirmed))
                                .mapTo(Integer.class)
                                .list());
        return places.stream().filter(found::contains).map(contacts::get).toList();
    }

    private static boolean isUnconfirmed(Subscription subscription) {
        return subscription.contact().status() == ContactStatus.UNCONFIRMED;
    }
}
