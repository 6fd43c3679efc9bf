package io.dynosend.sending;

import io.dynosend.sending.Composer.Composition;
import io.dynosend.sending.LedgerEntry.Verdict;
import io.dynosend.sending.Outcome.Bounce;
import io.dynosend.sending.Outcome.Deferred;
import io.dynosend.sending.Outcome.Failed;
import io.dynosend.sending.Outcome.Sent;
import io.dynosend.sending.Outcome.Unknown;
import io.dynosend.smtp.Answer;
import io.dynosend.smtp.Envelope;
import io.dynosend.smtp.Handover;
import io.dynosend.smtp.Phase;
import io.dynosend.smtp.RelayUnavailable;
import io.dynosend.smtp.Reply;
import io.dynosend.smtp.SmtpConnection;
import java.time.Duration;
import java.util.Iterator;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings the messages of one chunk to the relay, one after the other on one connection. */
final class Courier {

    private static final Logger log = LoggerFactory.getLogger(Courier.class);

    private record Composed(Delivery delivery, OutgoingMessage message) {

        Envelope envelope() {
            return new Envelope(
                    message.envelopeSender().written(),
                    delivery.address().written(),
                    delivery.address().needsUtf8());
        }

        byte[] content() {
            return message.content();
        }
    }

    private final Chunk chunk;
    private final Composer composer;
    private final LedgerWriter ledger;
    private final RelayConnections connections;
    private final BooleanSupplier stopping;
    private @Nullable SmtpConnection connection;
    private @Nullable Composed ended;

    /**
     * @param stopping asked before each message; true gives the rest of the chunk back
     */
    Courier(
            Chunk chunk,
            Composer composer,
            LedgerWriter ledger,
            RelayConnections connections,
            BooleanSupplier stopping) {
        this.chunk = chunk;
        this.composer = composer;
        this.ledger = ledger;
        this.connections = connections;
        this.stopping = stopping;
    }

    /**
     * Delivers all of the chunk, or as much as mailing, relay and database allow, and gives it
     * back.
     */
    void deliver() {
        var pause = Duration.ZERO;
        try {
            deliverEach(composer.open(chunk));
        } catch (RelayUnavailable e) {
            pause = RelayConnections.PAUSE;
        } catch (RuntimeException | Error e) {
            pause = RelayConnections.PAUSE;
            log.error(
                    "A chunk of mailing {} could not be delivered; next try in {} seconds",
                    chunk.mailing(),
                    pause.toSeconds(),
                    e);
        } finally {
            giveBack();
            ledger.release(chunk, pause);
        }
    }

    // The dot of one message and the envelope of the next go out in one write; while a message
    // waits
    // at the barrier, the next is composed.
    private void deliverEach(Composition composition) {
        var upcoming = chunk.deliveries().iterator();
        var next = compose(composition, upcoming);
        while (next != null && !stopping.getAsBoolean()) {
            connection().begin(next.envelope(), next.content());
            settleEnded();
            if (!isHandedOver(next)) {
                next = compose(composition, upcoming);
                continue;
            }
            var verdict = ledger.pass(chunk, next.delivery());
            var following = compose(composition, upcoming);
            switch (LedgerWriter.await(verdict, Verdict.STOP)) {
                case PASS -> {
                    connection().end();
                    ended = next;
                }
                case SKIP -> hangUp();
                case STOP -> {
                    hangUp();
                    return;
                }
            }
            next = following;
        }
        settleEnded();
    }

    // Waits for what became of the message whose dot was cleared, if there is one.
    private void settleEnded() {
        var delivered = ended;
        if (delivered == null || connection == null) return;
        ended = null;
        settle(delivered.delivery(), outcome(delivered.delivery(), connection.answer()));
    }

    private boolean isHandedOver(Composed message) {
        var delivery = message.delivery();
        switch (handover(message)) {
            case Handover.Ready _ -> {
                return true;
            }
            // Of the sender or of us: the relay's matter, and no reason to give up the recipient.
            case Handover.Refused(var phase, var reply)
                    when phase == Phase.MAIL && !"5.6.7".equals(reply.enhanced()) ->
                    settle(delivery, deferred(delivery, reply.toString()));
            case Handover.Refused(var phase, var reply) ->
                    settle(delivery, new Failed("refused", reply.toString(), bounce(phase, reply)));
            case Handover.Deferred(_, var reply) ->
                    settle(delivery, deferred(delivery, reply.toString()));
            case Handover.Lost(_, var cause) -> settle(delivery, deferred(delivery, cause));
        }
        return false;
    }

    // A server hangs up on those who are idle, or have sent enough: no reason to wait.
    private Handover handover(Composed message) {
        var used = Objects.requireNonNull(connection, "It was begun on one");
        var handover = used.handover();
        if (used.messages() == 1 || !hasEnded(handover)) return handover;
        hangUp();
        var fresh = connections.open();
        connection = fresh;
        return fresh.hand(message.envelope(), message.content());
    }

    // RFC 5321 §3.8: 421 tells that the server closes the connection.
    private static boolean hasEnded(Handover handover) {
        return switch (handover) {
            case Handover.Lost(var phase, _) -> phase == Phase.MAIL;
            case Handover.Deferred(var phase, var reply) ->
                    phase == Phase.MAIL && reply.code() == 421;
            case Handover.Ready _, Handover.Refused _ -> false;
        };
    }

    /** The next message that there is. */
    private @Nullable Composed compose(Composition composition, Iterator<Delivery> upcoming) {
        while (upcoming.hasNext()) {
            var delivery = upcoming.next();
            var message = compose(composition, delivery);
            if (message.isPresent()) return new Composed(delivery, message.get());
        }
        return null;
    }

    // A template that fails for one contact fails for good: it says why, and the others go on. Of
    // an erased contact the row stays as it is: the next claim finds it skipped.
    private Optional<OutgoingMessage> compose(Composition composition, Delivery delivery) {
        try {
            return composition.compose(delivery);
        } catch (RuntimeException | StackOverflowError e) {
            log.warn(
                    "The message for recipient {} of mailing {} cannot be composed; it is failed: {}",
                    delivery.number(),
                    chunk.mailing(),
                    e.toString());
            settle(
                    delivery,
                    new Failed("the message cannot be composed: " + reason(e), null, Bounce.NONE));
            return Optional.empty();
        }
    }

    private static String reason(Throwable failure) {
        return failure.getMessage() == null
                ? failure.getClass().getSimpleName()
                : failure.getMessage();
    }

    private Outcome outcome(Delivery delivery, Answer answer) {
        return switch (answer) {
            case Answer.Accepted(var reply) -> new Sent(reply.toString());
            case Answer.Refused(var reply) ->
                    new Failed("refused", reply.toString(), bounce(Phase.DOT, reply));
            case Answer.Deferred(var reply) -> deferred(delivery, reply.toString());
            case Answer.Unsent(var cause) -> deferred(delivery, cause);
            // Twice is better than never for one message, and no promise is broken: it is the same.
            case Answer.Unanswered(var cause) ->
                    chunk.bulk() ? new Unknown(cause) : deferred(delivery, cause);
        };
    }

    private void settle(Delivery delivery, Outcome outcome) {
        ledger.record(chunk, delivery, outcome);
    }

    private static Outcome deferred(Delivery delivery, String reply) {
        return delivery.tries() + 1 >= Retries.MOST_TRIES
                ? new Failed("given up after " + Retries.MOST_TRIES + " tries", reply, Bounce.SOFT)
                : new Deferred(reply, Retries.backoff(delivery.tries()));
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

    private SmtpConnection connection() {
        var current = connection;
        if (current == null || !current.usable()) {
            settleEnded();
            hangUp();
            current = connections.take();
            connection = current;
        }
        return current;
    }

    // Whoever breaks off behind a dot that has no answer leaves the message behind the barrier.
    private void giveBack() {
        if (ended != null) hangUp();
        connections.giveBack(connection);
    }

    // Without QUIT and without the dot: what was handed over so far was never a message.
    private void hangUp() {
        if (connection != null) connection.close();
        connection = null;
    }
}
