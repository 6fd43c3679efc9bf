package io.dynosend.bench;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Which recipients a sink has taken a message for, by a hash of 64 bits each. */
final class SinkLedger {

    private static final int SMALLEST = 1 << 16;
    private static final int BUFFER = 1 << 16;

    private final @Nullable OutputStream file;
    private long[] seen = new long[SMALLEST];
    private long accepted;
    private long distinct;
    private long bytes;

    /**
     * @param file where recipients are written, or null
     */
    SinkLedger(@Nullable Path file) throws IOException {
        this.file =
                file == null ? null : new BufferedOutputStream(Files.newOutputStream(file), BUFFER);
    }

    static long hash(byte[] bytes, int from, int to) {
        long hash = 0xcbf29ce484222325L;
        for (int i = from; i < to; i++) hash = (hash ^ bytes[i]) * 0x100000001b3L;
        hash = (hash ^ (hash >>> 32)) * 0xd6e8feb86659fd93L;
        return (hash ^ (hash >>> 32)) | 1;
    }

    /**
     * @param size of the message
     */
    synchronized void accept(long hash, byte[] recipient, int length, long size)
            throws IOException {
        accepted++;
        bytes += size;
        if (add(seen, hash) && ++distinct * 2 > seen.length) grow();
        if (file == null) return;
        file.write(recipient, 0, length);
        file.write('\n');
    }

    synchronized void reset() {
        seen = new long[SMALLEST];
        accepted = 0;
        distinct = 0;
        bytes = 0;
    }

    synchronized String json(long cpuMillis) throws IOException {
        if (file != null) file.flush();
        return String.format(
                Locale.ROOT,
                "{\"accepted\":%d,\"distinct\":%d,\"duplicates\":%d,\"bytes\":%d,\"cpu_ms\":%d}",
                accepted,
                distinct,
                accepted - distinct,
                bytes,
                cpuMillis);
    }

    private void grow() {
        var grown = new long[seen.length * 2];
        for (long hash : seen) if (hash != 0) add(grown, hash);
        seen = grown;
    }

    /** False if it is in the table already. */
    private static boolean add(long[] table, long hash) {
        int at = (int) (hash >>> 1) & (table.length - 1);
        while (table[at] != 0) {
            if (table[at] == hash) return false;
            at = (at + 1) & (table.length - 1);
        }
        table[at] = hash;
        return true;
    }
}
