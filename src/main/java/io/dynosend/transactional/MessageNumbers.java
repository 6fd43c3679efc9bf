package io.dynosend.transactional;

import io.dynosend.sending.Outbox;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;

/** Ids for messages to come, fetched many at a time; those left over at the end are never used. */
final class MessageNumbers {

    private static final int AT_ONCE = 64;

    private final Outbox outbox;
    private final Deque<Long> numbers = new ArrayDeque<>();
    private final ReentrantLock turn = new ReentrantLock();

    MessageNumbers(Outbox outbox) {
        this.outbox = outbox;
    }

    /** Never waits for another caller, who may be waiting for the connection that this one has. */
    long next() {
        if (!turn.tryLock()) return outbox.nextId();
        try {
            if (numbers.isEmpty()) numbers.addAll(outbox.nextIds(AT_ONCE));
            return numbers.removeFirst();
        } finally {
            turn.unlock();
        }
    }
}
