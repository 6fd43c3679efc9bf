package io.dynosend.database;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Answers what several callers ask at the same moment with one statement, or, where it writes, one
 * commit (group commit). Who comes alone is served at once by their own thread; who comes while
 * another batch is under way goes with the next. Within a {@link UnitOfWork} nobody else's question
 * is answered: it would share the fate of that transaction.
 *
 * @param <Q> a question
 * @param <A> its answer
 */
public final class Batcher<Q, A> {

    /** What one batch does: one SQL statement, or a transaction that it opens itself. */
    public interface Statement<Q, A> {

        /** The answers, in the order of the questions; none is null. */
        List<A> run(Handle db, List<Q> questions);
    }

    private static final int MOST_AT_ONCE = 256;

    private record Waiting<Q, A>(Q question, CompletableFuture<A> answer) {}

    private final Jdbi jdbi;
    private final Statement<Q, A> statement;
    private final Queue<Waiting<Q, A>> queue = new ConcurrentLinkedQueue<>();
    private final ReentrantLock turn = new ReentrantLock();

    public Batcher(Jdbi jdbi, Statement<Q, A> statement) {
        this.jdbi = jdbi;
        this.statement = statement;
    }

    /**
     * Asks, and waits for the answer; a write is committed by then.
     *
     * @throws RuntimeException as the statement throws it for this question alone
     */
    public A ask(Q question) {
        if (UnitOfWork.isOpen()) return alone(question);
        var mine = new Waiting<Q, A>(question, new CompletableFuture<>());
        queue.add(mine);
        turn.lock();
        try {
            while (!mine.answer().isDone()) runNext();
        } finally {
            turn.unlock();
        }
        return answer(mine);
    }

    /** How many questions wait for a turn. */
    int waiting() {
        return queue.size();
    }

    private void runNext() {
        var batch = new ArrayList<Waiting<Q, A>>();
        while (batch.size() < MOST_AT_ONCE) {
            var next = queue.poll();
            if (next == null) break;
            batch.add(next);
        }
        run(batch);
    }

    private void run(List<Waiting<Q, A>> batch) {
        try {
            var questions = batch.stream().map(Waiting::question).toList();
            var answers = jdbi.withHandle(db -> statement.run(db, questions));
            for (int i = 0; i < batch.size(); i++) batch.get(i).answer().complete(answers.get(i));
        } catch (RuntimeException | Error e) {
            // One of them may be to blame: the others must not fail with it.
            if (batch.size() == 1) batch.getFirst().answer().completeExceptionally(e);
            else batch.forEach(each -> run(List.of(each)));
        }
    }

    private A alone(Q question) {
        return jdbi.withHandle(db -> statement.run(db, List.of(question))).getFirst();
    }

    private A answer(Waiting<Q, A> waiting) {
        try {
            return waiting.answer().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) throw cause;
            if (e.getCause() instanceof Error cause) throw cause;
            throw e;
        }
    }
}
