package io.dynosend.sending;

import java.time.Instant;
import java.util.List;

/**
 * A range of recipients that this node has borrowed.
 *
 * @param attempt the fencing token: counts the claims of this chunk
 * @param perHour messages of the mailing that may go out; 0: no limit
 * @param bulk of a mailing to many; false: a single message, as it is stored
 * @param startedAt when it was first claimed; the Date of its messages at every attempt
 * @param deliveries those that are due, by number
 */
public record Chunk(
        long account,
        long mailing,
        int firstNumber,
        int lastNumber,
        int attempt,
        int perHour,
        boolean bulk,
        Instant startedAt,
        List<Delivery> deliveries) {

    Chunk with(List<Delivery> due) {
        return new Chunk(
                account, mailing, firstNumber, lastNumber, attempt, perHour, bulk, startedAt, due);
    }
}
