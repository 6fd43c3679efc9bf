package io.dynosend.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynosend.Databases;
import io.dynosend.TestClock;
import io.dynosend.TestPostgres;
import io.dynosend.common.Problem.TooManyRequests;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

/** Ten requests in any second, and not one more. */
class RateLimitTest {

    private static final AtomicLong USERS = new AtomicLong(1_000_000);

    private final Jdbi jdbi = Databases.jdbi(TestPostgres.DATABASE);
    private final TestClock clock = new TestClock();
    private final RateLimit limit = new RateLimit(jdbi, false, clock);
    private final Principal user = new Principal(1, USERS.incrementAndGet(), Role.API);

    @Test
    void tenPassAndTheEleventhIsRefused() {
        for (int left = 9; left >= 0; left--) assertThat(limit.take(user)).isEqualTo(left);

        assertThatThrownBy(() -> limit.take(user))
                .isInstanceOfSatisfying(
                        TooManyRequests.class,
                        refused -> assertThat(refused.retryAfter()).hasSeconds(1));
    }

    @Test
    void whoSendsTenInEverySecondIsNeverRefused() {
        for (int second = 0; second < 20; second++) {
            assertThat(passed(10)).isEqualTo(10);
            clock.advance(Duration.ofSeconds(1));
        }
    }

    @Test
    void whoSendsOneEveryTenthOfASecondIsNeverRefused() {
        for (int i = 0; i < 100; i++) {
            assertThat(passed(1)).isEqualTo(1);
            clock.advance(Duration.ofMillis(100));
        }
    }

    @Test
    void whatCountsIsAnySecondAndNotTheOneOfTheClock() {
        assertThat(passed(5)).isEqualTo(5);
        clock.advance(Duration.ofMillis(600));
        assertThat(passed(6)).isEqualTo(5);
        clock.advance(Duration.ofMillis(299));
        assertThat(passed(1)).isZero();

        clock.advance(Duration.ofMillis(101));

        assertThat(passed(6)).isEqualTo(5);
    }

    @Test
    void whoIsALittleEarlyIsHeldUntilItIsTimeAndCountedThen() {
        assertThat(passed(10)).isEqualTo(10);
        clock.advance(Duration.ofMillis(940));
        long before = System.nanoTime();

        assertThat(passed(10)).isEqualTo(10);

        assertThat(Duration.ofNanos(System.nanoTime() - before))
                .isGreaterThan(Duration.ofMillis(60));
        clock.advance(Duration.ofMillis(959));
        assertThat(passed(1)).isZero();
    }

    @Test
    void whoIsRefusedIsNotCounted() {
        passed(10);
        assertThat(passed(50)).isZero();

        clock.advance(Duration.ofSeconds(1));

        assertThat(passed(10)).isEqualTo(10);
    }

    @Test
    void ofFortyAtOnceOverTwoNodesExactlyTenPass() throws Exception {
        var nodes = List.of(limit, new RateLimit(jdbi, false, clock));
        var calls =
                IntStream.range(0, 40)
                        .<Callable<Boolean>>mapToObj(i -> () -> passes(nodes.get(i % 2)))
                        .toList();

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            assertThat(threads.invokeAll(calls).stream().filter(Future::resultNow)).hasSize(10);
        }
    }

    @Test
    void eachUserHasTenOfTheirOwn() {
        passed(10);

        var colleague = new Principal(user.account(), USERS.incrementAndGet(), Role.VIEWER);

        assertThat(limit.take(colleague)).isEqualTo(9);
    }

    private long passed(int requests) {
        return IntStream.range(0, requests).filter(_ -> passes(limit)).count();
    }

    private boolean passes(RateLimit node) {
        try {
            node.take(user);
            return true;
        } catch (TooManyRequests _) {
            return false;
        }
    }
}
