package io.dynosend.smtp;

import io.dynosend.smtp.Answer.Accepted;
import io.dynosend.smtp.Answer.Unanswered;
import io.dynosend.smtp.Answer.Unsent;
import io.dynosend.smtp.Handover.Lost;
import io.dynosend.smtp.Handover.Ready;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a relay (RFC 5321), used by one thread: message after message, each up to its
 * final dot first, and ended with the dot when the caller says so.
 *
 * <p>In its plain form a message is {@link #hand handed} over and {@link #finish finished}. Where
 * the server pipelines (RFC 2920), the dot of one message and the envelope of the next go out
 * together; with CHUNKING (RFC 3030) so does the next body:
 *
 * <pre>
 * connection.begin(a); connection.handover();   // a is there, all but its dot
 * connection.end();                             // a's dot, collected
 * connection.begin(b);                          // b's envelope, collected
 * connection.answer();                          // both go out in one write; what became of a
 * connection.handover();                        // b is there, all but its dot
 * </pre>
 *
 * What is collected goes out when an answer is waited for, or with {@link #flush}.
 */
public final class SmtpConnection implements AutoCloseable {

    private enum Stage {
        BETWEEN,
        BEGUN,
        READY
    }

    private final Wire wire;
    private final Extensions extensions;
    private final Timeouts timeouts;
    private final Observer observer;

    private Stage stage = Stage.BETWEEN;
    private @Nullable Transaction current;
    private boolean answerOwed;
    private @Nullable String unsent;
    private boolean chunked;
    private @Nullable String broken;
    private boolean toReset;
    private int messages;

    SmtpConnection(Wire wire, Extensions extensions, Timeouts timeouts, Observer observer) {
        this.wire = wire;
        this.extensions = extensions;
        this.timeouts = timeouts;
        this.observer = observer;
    }

    /**
     * Dials, greets, encrypts and signs in. For relays that the operator has named: any address
     * will do.
     *
     * @throws RelayUnavailable if any of it fails
     */
    public static SmtpConnection open(Relay relay, Timeouts timeouts) {
        return open(relay, timeouts, _ -> true);
    }

    /**
     * The same.
     *
     * @param allowed asked about each address before it is dialled
     * @throws RelayUnavailable if any of it fails, or no address is allowed
     */
    public static SmtpConnection open(
            Relay relay, Timeouts timeouts, Predicate<InetAddress> allowed) {
        return new Dialer(timeouts, allowed).open(relay);
    }

    /** Begins a message and brings all of it to the server except the final dot. */
    public Handover hand(Envelope envelope, byte[] message) {
        begin(envelope, message);
        return handover();
    }

    /** Writes the dot and waits for what becomes of the message. Only after {@link Ready}. */
    public Answer finish() {
        end();
        return answer();
    }

    /**
     * Begins the next message: collects its envelope, and with CHUNKING its body, for the next
     * write. What fails is told by {@link #handover}.
     *
     * @param message RFC 5322; not changed by anybody until it is answered
     * @throws IllegalStateException if a message is begun that is neither refused nor ended
     */
    public void begin(Envelope envelope, byte[] message) {
        require(stage == Stage.BETWEEN);
        var next = new Transaction(envelope, Content.of(message), extensions);
        current = next;
        stage = Stage.BEGUN;
        messages++;
        if (broken != null || next.refusal() != null || !extensions.pipelining()) return;
        try {
            listen();
            if (broken != null) return;
            if (toReset) wire.command("RSET");
            for (var step : next.steps()) next.write(step, wire);
        } catch (IOException e) {
            breakOff(Wire.cause(e));
        }
    }

    /**
     * Waits until the envelope of the message that was begun is accepted, and sends the body. Not
     * while an {@link #answer} is owed.
     */
    public Handover handover() {
        var handover = handoverUnsent();
        if (!(handover instanceof Ready)) return handover;
        try {
            wire.flush();
            // Whoever is gone already is found out while the message is still free to retry.
            var interjection = wire.interjection();
            return interjection == null ? handover : lost(Phase.BODY, interjection);
        } catch (IOException e) {
            return lost(Phase.BODY, Wire.cause(e));
        }
    }

    /**
     * As {@link #handover}, but a body that follows DATA is only collected, to go out in one write
     * with its dot and the next envelope: for callers who may end it at once.
     */
    public Handover handoverUnsent() {
        require(stage == Stage.BEGUN && !answerOwed);
        var message = current();
        if (message.refusal() != null) {
            stage = Stage.BETWEEN;
            return new Handover.Refused(Phase.MAIL, message.refusal());
        }
        if (broken != null) return lost(Phase.MAIL, broken);
        var phase = Phase.MAIL;
        try {
            if (!extensions.pipelining()) listen();
            if (broken != null) return lost(Phase.MAIL, broken);
            if (toReset && !reset()) return lost(phase, "the server does not reset");
            var steps = message.steps();
            for (int i = 0; i < steps.size(); i++) {
                phase = steps.get(i);
                if (!extensions.pipelining()) message.write(phase, wire);
                observer.begins(phase);
                var reply = wire.reply(patience(phase));
                observer.answered(reply);
                if (!isAccepted(phase, reply)) return refused(phase, reply, steps.size() - i - 1);
            }
            chunked = message.chunked();
            if (!chunked) message.write(Phase.BODY, wire);
            stage = Stage.READY;
            return new Ready();
        } catch (IOException e) {
            return lost(phase, Wire.cause(e));
        }
    }

    /**
     * Collects the dot, which makes the server responsible for the message (RFC 5321 §4.2.5), or
     * its last chunk. Only after {@link Ready}; what comes of it is told by {@link #answer}.
     */
    public void end() {
        require(stage == Stage.READY && !answerOwed);
        // A last look while nothing is decided.
        if (broken == null) listen();
        stage = Stage.BETWEEN;
        answerOwed = true;
        unsent = broken;
        if (broken != null) return;
        try {
            if (chunked) current().writeLast(wire);
            else wire.command(".");
        } catch (IOException e) {
            breakOff(Wire.cause(e));
        }
    }

    /** Sends what is collected, and waits for what becomes of the message that was ended. */
    public Answer answer() {
        require(answerOwed);
        answerOwed = false;
        if (unsent != null) return new Unsent(unsent);
        if (broken != null) return new Unanswered(broken);
        observer.begins(Phase.DOT);
        try {
            var reply = wire.reply(timeouts.dot());
            observer.answered(reply);
            if (reply.isClosing()) breakOff("the server has answered " + reply);
            if (reply.isAccepted()) return new Accepted(reply);
            if (reply.isTransient()) return new Answer.Deferred(reply);
            if (reply.isRefused()) return new Answer.Refused(reply);
            breakOff("the server answered " + reply);
        } catch (IOException e) {
            breakOff(Wire.cause(e));
        }
        return new Unanswered(String.valueOf(broken));
    }

    /** Sends what is collected without waiting for an answer. */
    public void flush() {
        if (broken != null) return;
        try {
            wire.flush();
        } catch (IOException e) {
            breakOff(Wire.cause(e));
        }
    }

    /** How many messages have been begun on it: the server may have tired of it. */
    public int messages() {
        return messages;
    }

    /** Whether a message has been tried on it. */
    public boolean used() {
        return messages > 0;
    }

    /** Whether another message may be tried on this connection. */
    public boolean usable() {
        return broken == null;
    }

    /** Whether envelope and body go out together, and are answered before the end is written. */
    public boolean chunking() {
        return extensions.chunking();
    }

    /** Says QUIT between two messages; else just hangs up: what has no dot was never a message. */
    @Override
    public void close() {
        if (broken == null && stage == Stage.BETWEEN && !answerOwed) {
            broken = "it was closed";
            wire.quit();
        } else {
            breakOff("it was closed");
        }
    }

    /** As {@link #close}, but waits for the server's goodbye; null if it said none. */
    public @Nullable Reply leave() {
        if (broken != null || stage != Stage.BETWEEN || answerOwed) {
            close();
            return null;
        }
        broken = "it was closed";
        try {
            wire.command("QUIT");
            return wire.reply(timeouts.command());
        } catch (IOException e) {
            return null;
        } finally {
            wire.hangUp();
        }
    }

    /** Hangs up at once, from any thread: whoever waits for an answer finds the server gone. */
    public void abort() {
        wire.hangUp();
    }

    private void listen() {
        if (answerOwed) return;
        var interjection = wire.interjection();
        if (interjection != null) breakOff(interjection);
    }

    private boolean reset() throws IOException {
        if (!extensions.pipelining()) wire.command("RSET");
        toReset = false;
        return wire.reply(timeouts.command()).isAccepted();
    }

    private Duration patience(Phase phase) {
        return phase == Phase.DATA ? timeouts.data() : timeouts.command();
    }

    private static boolean isAccepted(Phase phase, Reply reply) {
        return phase == Phase.DATA ? reply.code() == 354 : reply.isAccepted();
    }

    private Handover refused(Phase phase, Reply reply, int following) {
        if (!reply.isRefused()) return lost(phase, "the server answered " + reply);
        stage = Stage.BETWEEN;
        toReset = phase != Phase.MAIL;
        if (reply.isClosing()) breakOff("the server has answered " + reply);
        else if (extensions.pipelining()) drain(following);
        return reply.isTransient()
                ? new Handover.Deferred(phase, reply)
                : new Handover.Refused(phase, reply);
    }

    // RFC 2920 §3.1: what follows a refusal is refused too. A server that goes on nevertheless
    // waits
    // for a body: hanging up is the one end that cannot become a message. What was refused stays
    // refused if it hangs up behind its answer.
    private void drain(int following) {
        try {
            for (int i = 1; i <= following; i++) {
                var reply = wire.reply(timeouts.command());
                boolean last = i == following;
                if (reply.isClosing() || (last && !reply.isRefused())) {
                    breakOff("the server has answered " + reply);
                    return;
                }
            }
        } catch (IOException e) {
            breakOff(Wire.cause(e));
        }
    }

    private Lost lost(Phase phase, String cause) {
        stage = Stage.BETWEEN;
        breakOff(cause);
        return new Lost(phase, cause);
    }

    private void breakOff(String cause) {
        if (broken == null) broken = cause;
        wire.hangUp();
    }

    private Transaction current() {
        if (current == null) throw new IllegalStateException("No message has been begun");
        return current;
    }

    private static void require(boolean inOrder) {
        if (!inOrder) throw new IllegalStateException("Out of order: begin, handover, end, answer");
    }
}
