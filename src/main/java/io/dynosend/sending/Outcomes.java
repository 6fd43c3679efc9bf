package io.dynosend.sending;

import io.dynosend.sending.Outcome.Bounce;
import io.dynosend.sending.Outcome.Deferred;
import io.dynosend.sending.Outcome.Failed;
import io.dynosend.sending.Outcome.Sent;
import io.dynosend.sending.Outcome.Unknown;
import io.dynosend.smtp.Answer;
import io.dynosend.smtp.Handover;
import io.dynosend.smtp.Phase;
import io.dynosend.smtp.Reply;
import java.time.Duration;

/** What a relay's words mean for a delivery. */
final class Outcomes {

    // The address needs SMTPUTF8, and the relay has none (RFC 6531 §3.5).
    private static final String NEEDS_SMTPUTF8 = "5.6.7";

    private final boolean bulk;
    private final Duration retriedFor;

    /**
     * @param bulk what nobody answered is then unknown; a single message is sent again
     * @param retriedFor how long a message is tried again after it has been deferred first
     */
    Outcomes(boolean bulk, Duration retriedFor) {
        this.bulk = bulk;
        this.retriedFor = retriedFor;
    }

    /** Of a message that was not handed over. */
    Outcome of(Delivery delivery, Handover handover) {
        return switch (handover) {
            case Handover.Ready _ -> throw new IllegalArgumentException("It has no outcome yet");
            // Of the sender or of us: the relay's matter, and no reason to give up the recipient.
            case Handover.Refused(var phase, var reply)
                    when phase == Phase.MAIL && !NEEDS_SMTPUTF8.equals(reply.enhanced()) ->
                    deferred(delivery, reply.toString(), backoff(delivery));
            case Handover.Refused(var phase, var reply) ->
                    new Failed("refused", reply.toString(), bounce(phase, reply));
            case Handover.Deferred(_, var reply) -> deferred(delivery, reply);
            case Handover.Lost(_, var cause) -> deferred(delivery, cause, backoff(delivery));
        };
    }

    /** Of a message whose dot was cleared. */
    Outcome of(Delivery delivery, Answer answer) {
        return switch (answer) {
            case Answer.Accepted(var reply) -> new Sent(reply.toString());
            case Answer.Refused(var reply) ->
                    new Failed("refused", reply.toString(), bounce(Phase.DOT, reply));
            case Answer.Deferred(var reply) -> deferred(delivery, reply);
            case Answer.Unsent(var cause) -> deferred(delivery, cause, backoff(delivery));
            // Twice is better than never for one message, and no promise is broken: it is the same.
            case Answer.Unanswered(var cause) ->
                    bulk ? new Unknown(cause) : deferred(delivery, cause, backoff(delivery));
        };
    }

    /** Of a message that does not come to be. */
    static Outcome uncomposable(Throwable failure) {
        String reason =
                failure.getMessage() == null
                        ? failure.getClass().getSimpleName()
                        : failure.getMessage();
        return new Failed("the message cannot be composed: " + reason, null, Bounce.NONE);
    }

    private Outcome deferred(Delivery delivery, Reply reply) {
        var delay = Greylisting.isMeant(reply) ? Greylisting.delay(reply) : backoff(delivery);
        return deferred(delivery, reply.toString(), delay);
    }

    private Outcome deferred(Delivery delivery, String reply, Duration delay) {
        return delivery.deferredFor().compareTo(retriedFor) >= 0
                ? new Failed(
                        "given up after %d tries in %d hours"
                                .formatted(delivery.tries() + 1, delivery.deferredFor().toHours()),
                        reply,
                        Bounce.SOFT)
                : new Deferred(reply, delay);
    }

    private static Duration backoff(Delivery delivery) {
        return Retries.backoff(delivery.tries());
    }

    /**
     * Hard only when the address itself is the reason, by its enhanced status code (RFC 3463 §3.2,
     * §3.3).
     */
    private static Bounce bounce(Phase phase, Reply reply) {
        if (phase.compareTo(Phase.RCPT) < 0) return Bounce.NONE;
        String enhanced = reply.enhanced();
        if (enhanced == null) return Bounce.SOFT;
        return switch (enhanced) {
            case "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1" -> Bounce.HARD;
            default -> Bounce.SOFT;
        };
    }
}
