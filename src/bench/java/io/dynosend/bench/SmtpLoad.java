package io.dynosend.bench;

import io.dynosend.smtp.Answer;
import io.dynosend.smtp.Envelope;
import io.dynosend.smtp.Handover;
import io.dynosend.smtp.Option;
import io.dynosend.smtp.Relay;
import io.dynosend.smtp.Security;
import io.dynosend.smtp.SmtpConnection;
import io.dynosend.smtp.Timeouts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The same bytes over and over from our client to a relay, with nothing around it: what SMTP alone
 * allows. Each message has a recipient of its own.
 */
final class SmtpLoad {

    /** How a message and the next follow each other. */
    enum Manner {
        /** A command, its answer, the next command. */
        LOCK_STEP,
        /** The envelope in one write, then the body, then the dot. */
        PIPELINED,
        /** Body, dot and the next envelope in one write: the dot is cleared beforehand. */
        MERGED,
        /** Envelope and body in one write, then the last chunk. */
        CHUNKS,
        /** The last chunk, the next envelope and its body in one write. */
        CHUNKS_MERGED;

        private Set<Option> options() {
            return switch (this) {
                case LOCK_STEP -> Set.of(Option.NO_PIPELINING, Option.NO_CHUNKING);
                case PIPELINED, MERGED -> Set.of(Option.NO_CHUNKING);
                case CHUNKS, CHUNKS_MERGED -> Set.of();
            };
        }
    }

    private final Relay relay;
    private final Manner manner;
    private final byte[] message;
    private final AtomicLong numbers;
    private final AtomicLong sent = new AtomicLong();
    private volatile boolean over;

    /**
     * @param numbers where the recipients' numbers come from
     */
    SmtpLoad(int port, Manner manner, byte[] message, AtomicLong numbers) {
        this.relay =
                new Relay("127.0.0.1", port, Security.NONE, null, "localhost", manner.options());
        this.manner = manner;
        this.message = message;
        this.numbers = numbers;
    }

    /**
     * Sends for so long.
     *
     * @return messages a second
     */
    double run(int connections, Duration time) throws InterruptedException {
        over = false;
        sent.set(0);
        var threads = new ArrayList<Thread>();
        long begin = System.nanoTime();
        for (int i = 0; i < connections; i++) threads.add(Thread.ofVirtual().start(this::send));
        Thread.sleep(time);
        over = true;
        for (var thread : threads) thread.join();
        return sent.get() / ((System.nanoTime() - begin) / 1e9);
    }

    long sent() {
        return sent.get();
    }

    private void send() {
        long taken = 0;
        try (var connection = SmtpConnection.open(relay, Timeouts.DEFAULT)) {
            taken =
                    switch (manner) {
                        case LOCK_STEP, PIPELINED, CHUNKS -> oneByOne(connection);
                        case MERGED, CHUNKS_MERGED -> merged(connection);
                    };
        }
        sent.addAndGet(taken);
    }

    private long oneByOne(SmtpConnection connection) {
        long taken = 0;
        while (!over) {
            require(connection.hand(envelope(), message) instanceof Handover.Ready);
            require(connection.finish() instanceof Answer.Accepted);
            taken++;
        }
        return taken;
    }

    private long merged(SmtpConnection connection) {
        long taken = 0;
        connection.begin(envelope(), message);
        while (true) {
            require(connection.handoverUnsent() instanceof Handover.Ready);
            connection.end();
            boolean last = over;
            if (!last) connection.begin(envelope(), message);
            require(connection.answer() instanceof Answer.Accepted);
            taken++;
            if (last) return taken;
        }
    }

    private Envelope envelope() {
        return new Envelope(
                "bounces@kiln.example",
                "reader." + numbers.incrementAndGet() + "@mailbox.example",
                false);
    }

    private static void require(boolean taken) {
        if (!taken) throw new IllegalStateException("The sink does not take a message");
    }
}
