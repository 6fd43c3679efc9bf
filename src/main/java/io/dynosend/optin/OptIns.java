package io.dynosend.optin;

import io.dynosend.common.Problem.Conflict;
import io.dynosend.common.Problem.NotFound;
import io.dynosend.common.Problem.QuotaExceeded;
import io.dynosend.contact.Actor;
import io.dynosend.contact.ContactRef;
import io.dynosend.contact.ContactStatus;
import io.dynosend.contact.Contacts;
import io.dynosend.contact.SubscriptionListener.Subscription;
import io.dynosend.optin.OptIn.State;
import io.dynosend.optin.Requests.Sent;
import io.dynosend.tracking.Engagements.Visitor;
import io.dynosend.tracking.TrackingTokens;
import io.dynosend.tracking.TrackingTokens.Confirmation;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Subscriptions on their way from unconfirmed to subscribed. */
public final class OptIns {

    private static final String LOCK =
            """
            SELECT id
            FROM contact
            WHERE account_id = :account AND id = :id
            FOR NO KEY UPDATE
            """;

    private final Jdbi jdbi;
    private final InstantSource clock;
    private final Contacts contacts;
    private final Confirmations confirmations;
    private final SubscriptionMails mails;
    private final TrackingTokens tokens;

    public OptIns(
            Jdbi jdbi,
            InstantSource clock,
            Contacts contacts,
            Confirmations confirmations,
            SubscriptionMails mails,
            TrackingTokens tokens) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.contacts = contacts;
        this.confirmations = confirmations;
        this.mails = mails;
        this.tokens = tokens;
    }

    /**
     * What a link is about. Changes nothing.
     *
     * @return empty if it is no link of ours, or its contact is gone or has another address now
     */
    public Optional<OptIn> find(String token) {
        return tokens.confirmation(token)
                .flatMap(link -> jdbi.withHandle(db -> Requests.find(db, link)))
                .map(this::optIn);
    }

    /**
     * Confirms a subscription that is waiting, and writes down by what.
     *
     * @return as {@link #find}, as it was until now: what was waiting is confirmed
     */
    public Optional<OptIn> confirm(String token, Visitor visitor) {
        return tokens.confirmation(token)
                .flatMap(link -> jdbi.inTransaction(tx -> confirm(tx, link, visitor)));
    }

    /**
     * Sends a new link to the holder of an old one.
     *
     * @return empty as {@link #find}
     */
    public Optional<Answer> resend(String token) {
        return tokens.confirmation(token)
                .flatMap(link ->
                        jdbi.inTransaction(tx ->
                                Requests.lock(tx, link).map(_ -> ask(tx, subscription(link)))));
    }

    /**
     * Asks an unconfirmed contact to confirm, for the first time or once more.
     *
     * @throws NotFound if the audience or the contact is not there
     * @throws Conflict if the contact is not unconfirmed, was asked twice, or today, or is on the
     *     blacklist
     * @throws QuotaExceeded if the account may not send another mail this month
     */
    public void ask(long account, String audienceUid, ContactRef ref) {
        long contact = contacts.get(account, audienceUid, ref).contact().id();
        jdbi.useTransaction(tx -> {
            lock(tx, account, contact);
            var subscription = subscription(new Confirmation(account, contact, 0));
            refuse(tx, subscription, ask(tx, subscription));
        });
    }

    /**
     * Asks who has left whether they want to come back: unconfirmed until the click. Where the mail
     * cannot be sent they stay as they are.
     *
     * @return whether it is sent
     */
    boolean askToReturn(long account, long contact, Actor actor) {
        return jdbi.inTransaction(tx -> {
            lock(tx, account, contact);
            boolean asked =
                    contacts.askToReturn(tx, account, contact, actor)
                            && ask(tx, subscription(new Confirmation(account, contact, 0)))
                                    == Answer.SENT;
            if (!asked) tx.rollback();
            return asked;
        });
    }

    private static void lock(Handle tx, long account, long contact) {
        var locked =
                tx.createQuery(LOCK)
                        .bind("account", account)
                        .bind("id", contact)
                        .mapTo(Long.class)
                        .findOne();
        if (locked.isEmpty()) throw new NotFound("Contact");
    }

    private Optional<OptIn> confirm(Handle tx, Confirmation link, Visitor visitor) {
        var sent = Requests.lock(tx, link);
        var optIn = sent.map(this::optIn);
        if (optIn.isPresent() && optIn.get().state() == State.WAITING) {
            confirm(tx, link, sent.orElseThrow(), visitor);
        }
        return optIn;
    }

    private void confirm(Handle tx, Confirmation link, Sent sent, Visitor visitor) {
        var actor =
                new Actor("link", null, visitor.ipAddress(), visitor.userAgent(), sent.wording());
        contacts.confirm(
                tx,
                link.account(),
                link.contact(),
                actor,
                Map.of("address", sent.email(), "message_id", sent.messageId()));
        mails.confirmed(tx, subscription(link));
    }

    private OptIn optIn(Sent sent) {
        return new OptIn(state(sent), sent.email(), sent.audience());
    }

    private State state(Sent sent) {
        return switch (sent.status()) {
            case SUBSCRIBED -> State.CONFIRMED;
            case UNSUBSCRIBED -> State.LEFT;
            case UNCONFIRMED ->
                    clock.instant().isBefore(sent.expiresAt()) ? State.WAITING : State.EXPIRED;
        };
    }

    private Answer ask(Handle tx, Subscription subscription) {
        if (subscription.contact().status() != ContactStatus.UNCONFIRMED) {
            return Answer.NOT_UNCONFIRMED;
        }
        if (SubscriptionMails.isBlacklisted(tx, subscription)) return Answer.BLACKLISTED;
        return confirmations.askAgain(tx, subscription);
    }

    // Read within the transaction that has locked it.
    private Subscription subscription(Confirmation link) {
        var found = contacts.byId(link.account(), List.of(link.contact())).get(link.contact());
        return new Subscription(link.account(), Objects.requireNonNull(found));
    }

    private void refuse(Handle tx, Subscription subscription, Answer answer) {
        switch (answer) {
            case SENT -> {}
            case NOT_UNCONFIRMED ->
                    throw new Conflict(
                            "The contact is %s: there is nothing to confirm"
                                    .formatted(subscription.contact().status().wire()),
                            "contact_state");
            case TWICE_ALREADY ->
                    throw limit("The contact was asked twice already; nobody is asked more often");
            case TODAY_ALREADY ->
                    throw limit(
                            "This address was asked at %s; it may be asked again 24 hours later"
                                    .formatted(
                                            confirmations
                                                    .lastAsked(tx, subscription)
                                                    .map(Instant::toString)
                                                    .orElse("this moment")));
            case BLACKLISTED ->
                    throw new Conflict(
                            "The contact is on the blacklist of your account",
                            "recipient_blacklisted");
            case QUOTA_EXCEEDED ->
                    throw new QuotaExceeded(
                            "You have reached your monthly quota; the confirmation was not sent");
            case SENDER_UNUSABLE ->
                    throw new Conflict(
                            "from_email of the audience cannot send mail; change it first",
                            "sender_unusable");
        }
    }

    private static Conflict limit(String why) {
        return new Conflict(why, "confirmation_limit");
    }
}
