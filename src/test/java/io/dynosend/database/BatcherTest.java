package io.dynosend.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynosend.Databases;
import io.dynosend.TestPostgres;
import io.dynosend.common.Uid;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What waits at the same moment shares a statement, and nothing else. */
class BatcherTest {

    private final Jdbi jdbi = Databases.jdbi(TestPostgres.DATABASE);
    private final String table = "batch_" + Uid.random();
    private final List<Integer> sizes = Collections.synchronizedList(new ArrayList<>());
    private final Batcher<Integer, String> batcher = new Batcher<>(jdbi, this::insert);
    private final CountDownLatch firstRuns = new CountDownLatch(1);
    private final CountDownLatch firstMayEnd = new CountDownLatch(1);

    @BeforeEach
    void createTable() {
        jdbi.useHandle(db -> db.execute("CREATE TABLE " + table + " (number int PRIMARY KEY)"));
    }

    @Test
    void whoComesAloneIsAnsweredAlone() {
        firstMayEnd.countDown();

        assertThat(batcher.ask(1)).isEqualTo("answer to 1");

        assertThat(sizes).containsExactly(1);
    }

    @Test
    void whoComesDuringABatchSharesTheNext() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = threads.submit(() -> batcher.ask(0));
            firstRuns.await();
            var others =
                    IntStream.rangeClosed(1, 50)
                            .mapToObj(i -> threads.submit((Callable<String>) () -> batcher.ask(i)))
                            .toList();
            while (batcher.waiting() < 50) Thread.onSpinWait();
            firstMayEnd.countDown();

            assertThat(first.get()).isEqualTo("answer to 0");
            for (int i = 1; i <= 50; i++) {
                assertThat(others.get(i - 1).get()).isEqualTo("answer to " + i);
            }
        }
        assertThat(sizes).containsExactly(1, 50);
    }

    @Test
    void oneThatFailsDoesNotTakeTheOthersWithIt() throws Exception {
        jdbi.useHandle(db -> db.execute("INSERT INTO " + table + " VALUES (7)"));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = threads.submit(() -> batcher.ask(0));
            firstRuns.await();
            var bad = threads.submit(() -> batcher.ask(7));
            var good = threads.submit(() -> batcher.ask(8));
            while (batcher.waiting() < 2) Thread.onSpinWait();
            firstMayEnd.countDown();

            assertThat(first.get()).isEqualTo("answer to 0");
            assertThat(good.get()).isEqualTo("answer to 8");
            assertThatThrownBy(bad::get).hasMessageContaining("duplicate key");
        }
    }

    @Test
    void withinAUnitOfWorkItSharesItsFate() {
        firstMayEnd.countDown();

        assertThatThrownBy(() ->
                        UnitOfWork.run(
                                jdbi,
                                _ -> {
                                    batcher.ask(1);
                                    throw new IllegalStateException("undo");
                                }))
                .hasMessage("undo");

        assertThat(numbers()).isZero();
        UnitOfWork.run(jdbi, _ -> batcher.ask(1));
        assertThat(numbers()).isEqualTo(1);
    }

    private List<String> insert(Handle db, List<Integer> numbers) {
        sizes.add(numbers.size());
        firstRuns.countDown();
        try {
            firstMayEnd.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        db.createUpdate("INSERT INTO " + table + " SELECT unnest(:numbers)")
                .bindArray("numbers", Integer.class, numbers)
                .execute();
        return numbers.stream().map(number -> "answer to " + number).toList();
    }

    private int numbers() {
        return jdbi.withHandle(
                db -> db.select("SELECT count(*) FROM " + table).mapTo(Integer.class).one());
    }
}
