package io.dynosend.sending;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.TestClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CircuitBreakerTest {

    private final TestClock clock = new TestClock();
    private final CircuitBreaker breaker = new CircuitBreaker(clock);

    @Test
    void afterAFailureEverybodyStaysAwayForAWhile() {
        var pause = breaker.failed("no answer").orElseThrow();

        assertThat(breaker.allows()).isFalse();
        assertThat(pause).isBetween(Duration.ofSeconds(5), Duration.ofMillis(6_250));
        assertThat(breaker.failing().orElseThrow().cause()).isEqualTo("no answer");
    }

    @Test
    void thenOneTriesWhileTheOthersWait() {
        clock.advance(breaker.failed("no answer").orElseThrow());

        assertThat(breaker.allows()).isTrue();
        assertThat(breaker.allows()).isFalse();
    }

    @Test
    void whenThatWorksAllMayGo() {
        clock.advance(breaker.failed("no answer").orElseThrow());
        breaker.allows();

        assertThat(breaker.succeeded()).isTrue();
        assertThat(breaker.allows()).isTrue();
        assertThat(breaker.allows()).isTrue();
        assertThat(breaker.failing()).isEmpty();
    }

    @Test
    void eachFailureDoublesThePauseToAFewMinutes() {
        var pause = breaker.failed("no answer").orElseThrow();
        for (int i = 0; i < 10; i++) {
            clock.advance(pause);
            breaker.allows();
            pause = breaker.failed("no answer").orElseThrow();
        }

        assertThat(pause).isBetween(Duration.ofSeconds(160), Duration.ofSeconds(200));
    }

    @Test
    void theManyWhoFailAtTheSameMomentCountOnce() {
        breaker.failed("no answer");

        assertThat(breaker.failed("no answer")).isEmpty();
    }

    @Test
    void whoWasAllowedAndDidNotTryLetsTheNext() {
        clock.advance(breaker.failed("no answer").orElseThrow());
        breaker.allows();

        breaker.notTried();

        assertThat(breaker.allows()).isTrue();
    }
}
