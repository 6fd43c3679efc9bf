package io.dynosend.sending;

import io.dynosend.sending.LedgerEntry.Barrier;
import io.dynosend.sending.LedgerEntry.Release;
import io.dynosend.sending.LedgerEntry.Result;
import io.dynosend.sending.LedgerEntry.Verdict;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what the couriers report, in the order they report it, with one commit for all who wait at
 * the moment. A courier's outcome is therefore committed before or with its next barrier, which
 * keeps at most one message a connection without a known outcome.
 */
public final class LedgerWriter implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(LedgerWriter.class);

    private static final int MOST_AT_ONCE = 500;
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Jdbi jdbi;
    private final Ledger ledger;
    private final InstantSource clock;
    private final LedgerStatements statements;
    private final BlockingQueue<LedgerEntry> waiting = new LinkedBlockingQueue<>();
    private final Thread thread;
    private Instant renewed;
    private volatile boolean closing;

    /**
     * @param ledger whose claims are kept as long as this writer runs
     */
    public LedgerWriter(Jdbi jdbi, Ledger ledger, BounceListener bounces, InstantSource clock) {
        this.jdbi = jdbi;
        this.ledger = ledger;
        this.clock = clock;
        this.renewed = clock.instant();
        this.statements = new LedgerStatements(bounces);
        this.thread = Thread.ofPlatform().name("ledger-writer").daemon().start(this::run);
    }

    /**
     * Answers once the ledger has committed whether this message may go out.
     *
     * @param relay its uid
     */
    CompletableFuture<Verdict> pass(Chunk chunk, Delivery delivery, String relay) {
        var verdict = new CompletableFuture<Verdict>();
        waiting.add(new Barrier(chunk, delivery, relay, System.nanoTime(), verdict));
        return verdict;
    }

    /** Returns at once: the outcome is written with or before the courier's next entry. */
    void record(Chunk chunk, Delivery delivery, Outcome outcome) {
        waiting.add(new Result(chunk, delivery, outcome));
    }

    /**
     * Gives the chunk back and waits until that is committed, or this writer is closed.
     *
     * @param unsent the number of the message that was asked for at the barrier and surely not
     *     sent; null: there is none
     */
    void release(Chunk chunk, Duration pause, @Nullable Integer unsent) {
        boolean released = false;
        while (!released && !closing) {
            var done = new CompletableFuture<Boolean>();
            waiting.add(new Release(chunk, pause, unsent, done));
            released = await(done, true);
        }
    }

    /** Writes what is waiting, then stops. */
    @Override
    public void close() {
        closing = true;
        try {
            thread.join(Duration.ofSeconds(30));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        var batch = new ArrayList<LedgerEntry>();
        while (!closing || !waiting.isEmpty() || !batch.isEmpty()) {
            try {
                fill(batch);
                renewInTime();
                if (!batch.isEmpty()) write(batch);
                batch.clear();
            } catch (InterruptedException e) {
                return;
            } catch (SQLException | RuntimeException | Error e) {
                afterFailure(batch, e);
            }
        }
    }

    private void fill(List<LedgerEntry> batch) throws InterruptedException {
        if (batch.isEmpty()) {
            var first = waiting.poll(200, TimeUnit.MILLISECONDS);
            if (first == null) return;
            batch.add(first);
        }
        waiting.drainTo(batch, MOST_AT_ONCE - batch.size());
    }

    private void renewInTime() {
        if (clock.instant().isBefore(renewed.plus(Ledger.RENEWED_EVERY))) return;
        ledger.renew();
        renewed = clock.instant();
    }

    private void write(List<LedgerEntry> batch) throws SQLException {
        var barriers = only(Barrier.class, batch);
        var releases = only(Release.class, batch);
        var results = only(Result.class, batch);
        var verdicts = write(results, barriers, releases);
        for (int i = 0; i < barriers.size(); i++) {
            barriers.get(i).verdict().complete(verdicts.get(i));
        }
        for (var release : releases) {
            ledger.givenBack(release.chunk());
            release.done().complete(true);
        }
        ledger.meters().committed(results, barriers, verdicts);
    }

    // What most batches hold goes to the server and back in one message.
    private List<Verdict> write(
            List<Result> results, List<Barrier> barriers, List<Release> releases)
            throws SQLException {
        if (releases.isEmpty() && LedgerStatements.areFinal(results)) {
            return jdbi.withHandle(db -> statements.recordAndPass(db, results, barriers));
        }
        return jdbi.inTransaction(tx -> {
            statements.record(tx, results);
            var answers = statements.pass(tx, barriers);
            Ledger.release(tx, releases, clock.instant());
            return answers;
        });
    }

    // Nothing of the batch is committed. Couriers at the barrier are sent away; outcomes are facts
    // and are kept until the database takes them.
    private void afterFailure(List<LedgerEntry> batch, Throwable failure) {
        log.error(
                "The ledger could not be written: {} messages are held back before their final dot,"
                        + " outcomes are kept and written as soon as the database answers",
                only(Barrier.class, batch).size(),
                failure);
        only(Barrier.class, batch).forEach(barrier -> barrier.verdict().complete(Verdict.STOP));
        only(Release.class, batch).forEach(release -> release.done().complete(false));
        batch.removeIf(entry -> !(entry instanceof Result));
        if (isOutage(failure)) {
            pause();
        } else {
            writeOneByOne(batch);
        }
    }

    private void writeOneByOne(List<LedgerEntry> results) {
        for (var result : results) {
            try {
                write(List.of(result));
            } catch (SQLException | JdbiException e) {
                log.error(
                        "The outcome of recipient {} of mailing {} cannot be written; it will be"
                                + " unknown",
                        ((Result) result).delivery().number(),
                        result.chunk().mailing(),
                        e);
            }
        }
        results.clear();
    }

    /** Whether the database is away, rather than unwilling to take this very statement. */
    private boolean isOutage(Throwable failure) {
        try {
            jdbi.useHandle(db -> db.execute("SELECT 1"));
            return false;
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
            return true;
        }
    }

    private static void pause() {
        try {
            Thread.sleep(RETRY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static <E extends LedgerEntry> List<E> only(Class<E> kind, List<LedgerEntry> batch) {
        return batch.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    static <T> T await(CompletableFuture<T> answer, T ifInterrupted) {
        try {
            return answer.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ifInterrupted;
        } catch (ExecutionException e) {
            throw new IllegalStateException("The ledger writer never fails an answer", e);
        }
    }
}
