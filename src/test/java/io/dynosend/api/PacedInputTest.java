package io.dynosend.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynosend.common.Problem.BadInput;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PacedInputTest {

    private final AtomicLong now = new AtomicLong();
    private final byte[] piece = new byte[16 << 10];
    private final PacedInput in =
            new PacedInput(new ByteArrayInputStream(new byte[1 << 20]), now::get);

    @Test
    void sixteenKilobytesASecondAreEnough() throws IOException {
        for (int i = 0; i < 60; i++) {
            seconds(1);
            assertThat(in.read(piece)).isEqualTo(piece.length);
        }
    }

    @Test
    void nobodyIsRefusedInTheFirstHalfMinute() throws IOException {
        seconds(30);

        assertThat(in.read()).isZero();
    }

    @Test
    void whoTricklesIsRefused() throws IOException {
        in.read(piece);
        seconds(40);

        assertThatThrownBy(in::read)
                .isInstanceOf(BadInput.class)
                .hasMessage("The request body arrives too slowly");
    }

    private void seconds(int seconds) {
        now.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    }
}
