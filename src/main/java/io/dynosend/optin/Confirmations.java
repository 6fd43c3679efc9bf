package io.dynosend.optin;

import io.dynosend.account.SigningKey;
import io.dynosend.audience.Audience;
import io.dynosend.audience.Audiences;
import io.dynosend.common.Problem.BadInput;
import io.dynosend.contact.SubscriptionListener.Subscription;
import io.dynosend.optin.Requests.Request;
import io.dynosend.sending.Outbox;
import io.dynosend.sending.Outbox.Kind;
import io.dynosend.sending.Outbox.NewMessage;
import io.dynosend.tracking.DeliveryRef;
import io.dynosend.tracking.TrackingTokens;
import io.dynosend.tracking.TrackingTokens.Confirmation;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks people to confirm their subscription, once and at most once more. */
public final class Confirmations {

    private static final Logger log = LoggerFactory.getLogger(Confirmations.class);

    private static final Duration VALID = Duration.ofDays(ConfirmationMail.DAYS);

    private record Draft(Request request, NewMessage message) {}

    private final InstantSource clock;
    private final Audiences audiences;
    private final Outbox outbox;
    private final TrackingTokens tokens;
    private final String baseUrl;
    private final DailyLimit limit;

    /**
     * @param baseUrl of this server as readers reach it, without a slash at its end
     */
    public Confirmations(
            Jdbi jdbi,
            InstantSource clock,
            SigningKey key,
            Audiences audiences,
            Outbox outbox,
            TrackingTokens tokens,
            String baseUrl) {
        this.clock = clock;
        this.audiences = audiences;
        this.outbox = outbox;
        this.tokens = tokens;
        this.baseUrl = baseUrl;
        this.limit = new DailyLimit(jdbi, clock, key);
    }

    /** Drops what limits nobody any more. */
    public void forgetOldLimits() {
        limit.forgetOld();
    }

    /**
     * Asks new contacts of one account who are on no blacklist. Who cannot be asked stays
     * unconfirmed.
     */
    void ask(Handle tx, List<Subscription> contacts) {
        var answers = ask(tx, contacts, 1).values();
        for (var reason : List.of(Answer.QUOTA_EXCEEDED, Answer.SENDER_UNUSABLE)) {
            long count = answers.stream().filter(reason::equals).count();
            if (count == 0) continue;
            log.warn(
                    "Account {}: {} new contacts are not asked to confirm ({}). They stay"
                            + " unconfirmed until POST /contacts/confirmation asks them",
                    contacts.getFirst().account(),
                    count,
                    reason);
        }
    }

    /** Asks an unconfirmed contact, who is on no blacklist and locked, once more. */
    Answer askAgain(Handle tx, Subscription contact) {
        int times = Requests.times(tx, contact.account(), contact.contact().id()).size();
        if (times >= Requests.MOST) return Answer.TWICE_ALREADY;
        return ask(tx, List.of(contact), times + 1).getOrDefault(contact, Answer.TODAY_ALREADY);
    }

    /** Whether an asking would be refused for its time: when the mailbox was last asked. */
    Optional<Instant> lastAsked(Handle tx, Subscription contact) {
        return limit.last(tx, contact);
    }

    private Map<Subscription, Answer> ask(Handle tx, List<Subscription> contacts, int number) {
        var answers = new LinkedHashMap<Subscription, Answer>();
        for (var each : contacts) answers.put(each, Answer.TODAY_ALREADY);
        var admitted = limit.take(tx, contacts);
        var drafts = new ArrayList<Draft>();
        var known = new HashMap<Long, Audience>();
        var now = clock.instant();
        for (var each : contacts) {
            if (!admitted.contains(each)) continue;
            var audience =
                    known.computeIfAbsent(
                            each.contact().audience(), id -> audiences.get(each.account(), id));
            var draft = draft(each, number, audience, now);
            if (draft == null) answers.put(each, Answer.SENDER_UNUSABLE);
            else drafts.add(draft);
        }
        var requests = enqueue(tx, drafts, answers);
        if (!requests.isEmpty()) Requests.keep(tx, requests, now, now.plus(VALID));
        limit.giveBack(
                tx, admitted.stream().filter(each -> answers.get(each) != Answer.SENT).toList());
        return answers;
    }

    private List<Request> enqueue(
            Handle tx, List<Draft> drafts, Map<Subscription, Answer> answers) {
        var refusals = outbox.enqueueEach(tx, drafts.stream().map(Draft::message).toList());
        var sent = new ArrayList<Request>();
        for (int i = 0; i < drafts.size(); i++) {
            var request = drafts.get(i).request();
            boolean queued = refusals.get(i).isEmpty();
            answers.put(request.to(), queued ? Answer.SENT : Answer.QUOTA_EXCEEDED);
            if (queued) sent.add(request);
        }
        return sent;
    }

    private @Nullable Draft draft(Subscription to, int number, Audience audience, Instant now) {
        long id = outbox.nextId();
        var contact = to.contact();
        String messageId =
                "%s@%s"
                        .formatted(
                                tokens.messageId(new DeliveryRef(to.account(), id, 1)),
                                audience.fromEmail().domain());
        String token = tokens.of(new Confirmation(to.account(), contact.id(), number));
        try {
            var message =
                    ConfirmationMail.of(
                            audience,
                            contact.email(),
                            messageId,
                            baseUrl + "/confirm/" + token,
                            now);
            return new Draft(
                    new Request(to, number, messageId),
                    new NewMessage(
                            id,
                            to.account(),
                            audience.id(),
                            contact.id(),
                            contact.email(),
                            Kind.CONFIRMATION,
                            null,
                            message));
        } catch (BadInput e) {
            return null;
        }
    }
}
