package io.dynosend.sending;

import io.dynosend.relay.ConfiguredRelay;
import io.dynosend.sending.Composer.Composition;
import io.dynosend.sending.LedgerEntry.Verdict;
import io.dynosend.smtp.Answer;
import io.dynosend.smtp.Envelope;
import io.dynosend.smtp.Handover;
import io.dynosend.smtp.Phase;
import io.dynosend.smtp.RelayUnavailable;
import io.dynosend.smtp.Reply;
import io.dynosend.smtp.SmtpConnection;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings the messages of one chunk to a relay, one after the other on one connection. */
final class Courier {

    private static final Logger log = LoggerFactory.getLogger(Courier.class);

    // RFC 5321 §3.8: the server closes the connection.
    private static final int CLOSING = 421;

    private static final Duration AFTER_FAILURE = Duration.ofSeconds(10);
    private static final Duration WITHOUT_CONNECTION = Duration.ofMillis(200);
    private static final Duration WITHOUT_ALLOWANCE = Duration.ofMinutes(1);
    private static final Duration SHORTEST_POSTPONEMENT = Duration.ofSeconds(5);
    private static final Duration LONGEST_POSTPONEMENT = Duration.ofMinutes(5);

    /**
     * How a round went.
     *
     * @param pause until the chunk is due again, unless it is done
     * @param rest until other chunks of the mailing are worth a try
     */
    record Round(Duration pause, Duration rest) {

        static final Round DONE = new Round(Duration.ZERO);

        Round(Duration pause) {
            this(pause, Duration.ZERO);
        }
    }

    private record Composed(Delivery delivery, OutgoingMessage message, Duration delay) {

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
    private final RelayPools pools;
    private final Pacing pacing;
    private final Outcomes outcomes;
    private final BooleanSupplier stopping;
    private Supplier<List<ConfiguredRelay>> relays = List::of;
    private @Nullable RelayPool pool;
    private @Nullable SmtpConnection connection;
    private @Nullable Composed ended;
    private Duration postponed = Duration.ZERO;
    private @Nullable Integer unsent;
    private int passed;

    /**
     * @param retriedFor how long a message is tried again after it has been deferred first
     * @param stopping asked before each message; true gives the rest of the chunk back
     */
    Courier(
            Chunk chunk,
            Composer composer,
            LedgerWriter ledger,
            RelayPools pools,
            Pacing pacing,
            Duration retriedFor,
            BooleanSupplier stopping) {
        this.chunk = chunk;
        this.composer = composer;
        this.ledger = ledger;
        this.pools = pools;
        this.pacing = pacing;
        this.outcomes = new Outcomes(chunk.bulk(), retriedFor);
        this.stopping = stopping;
    }

    /**
     * Delivers all of the chunk, or as much as mailing, relays and database allow, and gives it
     * back.
     */
    Round deliver() {
        var round = new Round(AFTER_FAILURE);
        try {
            round = deliver(composer.open(chunk));
        } catch (RelayUnavailable e) {
            round = withoutRelay();
        } catch (RuntimeException | Error e) {
            log.error(
                    "A chunk of mailing {} could not be delivered; next try in {} seconds",
                    chunk.mailing(),
                    AFTER_FAILURE.toSeconds(),
                    e);
        } finally {
            giveBack();
            ledger.release(chunk, round.pause(), unsent);
        }
        return round;
    }

    private Round deliver(Composition composition) {
        if (chunk.deliveries().isEmpty()) return Round.DONE;
        String sendingDomain = composition.sendingDomain();
        relays = () -> pools.choices(chunk.account(), composition);
        var entered = pools.enter(relays.get(), chunk.bulk());
        if (entered.isEmpty()) return withoutRelay();
        pool = entered.get();
        if (!chunk.bulk()) return deliverEach(composition, chunk.deliveries());
        int wanted = chunk.deliveries().size();
        int granted = pacing.warmUps().take(chunk.account(), sendingDomain, wanted);
        if (granted == 0) return new Round(WITHOUT_ALLOWANCE, WITHOUT_ALLOWANCE);
        try {
            return deliverEach(composition, chunk.deliveries().subList(0, granted));
        } finally {
            pacing.warmUps().giveBack(chunk.account(), sendingDomain, granted - passed);
        }
    }

    // The dot of one message and the envelope of the next go out in one write; while a message
    // waits at the barrier, the next is composed.
    private Round deliverEach(Composition composition, List<Delivery> deliveries) {
        var upcoming = deliveries.iterator();
        var next = compose(composition, upcoming);
        while (next != null && !mustStop()) {
            var wait = Pacing.longer(next.delay(), pacing.take(pool().relay(), chunk));
            if (Pacing.isTooLong(wait)) {
                settleEnded();
                return new Round(wait, wait);
            }
            if (wait.isPositive()) rest(wait);
            connection().begin(next.envelope(), next.content());
            settleEnded();
            if (!isHandedOver(next)) {
                next = compose(composition, upcoming);
                continue;
            }
            var verdict = ledger.pass(chunk, next.delivery(), pool().relay().uid());
            var following = compose(composition, upcoming);
            switch (LedgerWriter.await(verdict, Verdict.STOP)) {
                case PASS -> {
                    passed++;
                    current().end();
                    ended = next;
                }
                case SKIP -> hangUp();
                case STOP -> {
                    unsent = next.delivery().number();
                    hangUp();
                    return Round.DONE;
                }
            }
            next = following;
        }
        settleEnded();
        return new Round(pause());
    }

    // Connections are soon free again; a relay that fails is not.
    private Round withoutRelay() {
        var wait = Pacing.longer(WITHOUT_CONNECTION, pools.untilNextTry(relays.get()));
        return new Round(wait, wait);
    }

    private boolean mustStop() {
        return stopping.getAsBoolean() || (chunk.bulk() && pool().isWanted());
    }

    // Whatever is collected goes out first, so that nobody waits for its answer meanwhile.
    private void rest(Duration wait) {
        settleEnded();
        try {
            Thread.sleep(wait);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Duration pause() {
        if (postponed.isZero()) return Duration.ZERO;
        if (postponed.compareTo(SHORTEST_POSTPONEMENT) < 0) return SHORTEST_POSTPONEMENT;
        return postponed.compareTo(LONGEST_POSTPONEMENT) > 0 ? LONGEST_POSTPONEMENT : postponed;
    }

    // Waits for what became of the message whose dot was cleared, if there is one.
    private void settleEnded() {
        var delivered = ended;
        if (delivered == null || connection == null) return;
        ended = null;
        var delivery = delivered.delivery();
        var answer = connection.answer();
        if (answer instanceof Answer.Deferred(var reply)) learn(delivery, Phase.DOT, reply);
        settle(delivery, outcomes.of(delivery, answer));
    }

    private boolean isHandedOver(Composed message) {
        var handover = handover(message);
        if (handover instanceof Handover.Ready) return true;
        var delivery = message.delivery();
        if (handover instanceof Handover.Deferred(var phase, var reply)) {
            learn(delivery, phase, reply);
        }
        settle(delivery, outcomes.of(delivery, handover));
        return false;
    }

    // A server hangs up on those who are idle, or have sent enough: no reason to wait.
    private Handover handover(Composed message) {
        var used = current();
        var handover = used.handover();
        if (used.messages() == 1 || !hasEnded(handover)) return handover;
        hangUp();
        var fresh = dial(RelayPool::open);
        connection = fresh;
        return fresh.hand(message.envelope(), message.content());
    }

    private static boolean hasEnded(Handover handover) {
        return switch (handover) {
            case Handover.Lost(var phase, _) -> phase == Phase.MAIL;
            case Handover.Deferred(var phase, var reply) ->
                    phase == Phase.MAIL && reply.code() == CLOSING;
            case Handover.Ready _, Handover.Refused _ -> false;
        };
    }

    /** The next message that there is, and that its receiver bears soon. */
    private @Nullable Composed compose(Composition composition, Iterator<Delivery> upcoming) {
        while (upcoming.hasNext()) {
            var delivery = upcoming.next();
            var wait = waitForReceiver(delivery);
            if (Pacing.isTooLong(wait)) continue;
            var message = compose(composition, delivery);
            if (message.isPresent()) return new Composed(delivery, message.get(), wait);
        }
        return null;
    }

    private Duration waitForReceiver(Delivery delivery) {
        if (!chunk.bulk()) return Duration.ZERO;
        var wait = pacing.takeOfReceiver(pool().relay(), delivery.address());
        if (Pacing.isTooLong(wait)) {
            var busy = postponed.plus(pacing.toServe(pool().relay(), delivery.address()));
            postponed = Pacing.longer(wait, busy);
        }
        return wait;
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
            settle(delivery, Outcomes.uncomposable(e));
            return Optional.empty();
        }
    }

    private void settle(Delivery delivery, Outcome outcome) {
        pool().count(outcome);
        ledger.record(chunk, delivery, outcome);
    }

    // Before RCPT it is the relay that has no time, for us or for this sender; behind it, it may be
    // the receiver.
    private void learn(Delivery delivery, Phase phase, Reply reply) {
        if (phase.compareTo(Phase.RCPT) < 0) {
            if (reply.code() == CLOSING) pool().failed(reply.toString());
        } else if (Receivers.asksToSlowDown(reply)) {
            pacing.receivers().slowDown(pool().relay().uid(), delivery.address().domain(), reply);
        }
    }

    private SmtpConnection current() {
        return Objects.requireNonNull(connection, "The message was begun on one");
    }

    private SmtpConnection connection() {
        var current = connection;
        if (current != null && current.usable() && !pool().isSpent(current)) return current;
        settleEnded();
        hangUp();
        current = dial(RelayPool::take);
        connection = current;
        return current;
    }

    // A relay that takes no mail is left for the next one that does.
    private SmtpConnection dial(Function<RelayPool, SmtpConnection> way) {
        while (true) {
            try {
                return way.apply(pool());
            } catch (RelayUnavailable e) {
                pool().leave();
                pool = pools.enter(relays.get(), chunk.bulk()).orElse(null);
                if (pool == null) throw e;
            }
        }
    }

    private RelayPool pool() {
        return Objects.requireNonNull(pool, "A courier is in a pool as long as it delivers");
    }

    // Whoever breaks off behind a dot that has no answer leaves the message behind the barrier.
    private void giveBack() {
        if (ended != null) hangUp();
        if (pool == null) return;
        pool.giveBack(connection);
        pool.leave();
    }

    // Without QUIT and without the dot: what was handed over so far was never a message.
    private void hangUp() {
        if (connection != null) connection.close();
        connection = null;
    }
}
