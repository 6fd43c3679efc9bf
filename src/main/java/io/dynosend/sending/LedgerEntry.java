package io.dynosend.sending;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Something a courier wants in the ledger; many of them share one commit. */
sealed interface LedgerEntry {

    Chunk chunk();

    /**
     * May this message go out? Answered once the answer is committed.
     *
     * @param relay its uid
     * @param askedAt by {@link System#nanoTime}
     */
    record Barrier(
            Chunk chunk,
            Delivery delivery,
            String relay,
            long askedAt,
            CompletableFuture<Verdict> verdict)
            implements LedgerEntry {}

    /** What became of this message. */
    record Result(Chunk chunk, Delivery delivery, Outcome outcome) implements LedgerEntry {}

    /**
     * The courier is through with the chunk, or gives it back for a while.
     *
     * @param unsent the number of the message that was asked for at the barrier and surely not
     *     sent, whatever the ledger answered; null: there is none
     */
    record Release(
            Chunk chunk, Duration pause, @Nullable Integer unsent, CompletableFuture<Boolean> done)
            implements LedgerEntry {}

    enum Verdict {
        /** The intent is committed: write the dot. */
        PASS,
        /** The recipient must not get it; the ledger says why. */
        SKIP,
        /** The mailing is held, or the chunk is another's by now: stop. */
        STOP
    }
}
