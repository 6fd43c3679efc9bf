package io.dynosend.api;

import io.dynosend.common.Problem.BadInput;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** A body as it arrives, not much slower than over the slowest line. */
final class PacedInput extends FilterInputStream {

    private static final long GRACE_SECONDS = 30;
    private static final long BYTES_A_SECOND = 16 << 10;

    private final LongSupplier nanoTime;
    private final long start;
    private long received;

    PacedInput(InputStream in, LongSupplier nanoTime) {
        super(in);
        this.nanoTime = nanoTime;
        this.start = nanoTime.getAsLong();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    /**
     * @throws BadInput if less than 16 KB a second came, but for the first half minute
     */
    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int n = super.read(bytes, offset, length);
        if (n < 0) return n;
        received += n;
        long seconds = TimeUnit.NANOSECONDS.toSeconds(nanoTime.getAsLong() - start);
        if (received < (seconds - GRACE_SECONDS) * BYTES_A_SECOND) {
            throw new BadInput("The request body arrives too slowly", "unreadable_body");
        }
        return n;
    }
}
