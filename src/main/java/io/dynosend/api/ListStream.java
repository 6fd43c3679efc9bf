package io.dynosend.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes a list of any length in constant memory, a part at a time. While a part is on its way to a
 * slow reader nothing of the database is held.
 */
final class ListStream {

    /** Reads one part of a list. */
    interface Part<T> {

        /**
         * The next entries; fewer than the limit where they are large, none only at the end.
         *
         * @param after the last entry of the part before; null at the beginning
         * @param skip how many entries are left out
         * @param limit how many at most
         */
        List<T> read(@Nullable T after, long skip, int limit);
    }

    private static final int PART = 1_000;

    // Enough to begin with; the reader has something to do while the next part is read.
    private static final int FIRST_PART = 100;

    // Of long lists; who asks for little is not to wait behind them for a processor.
    private static final Semaphore TURNS = new Semaphore(2, true);

    // A list that breaks off must not look like a whole one; and a flush for each entry would make
    // a chunk of each.
    private static final ObjectMapper JSON =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .disable(StreamWriteFeature.AUTO_CLOSE_CONTENT)
                                    .build())
                    .disable(SerializationFeature.FLUSH_AFTER_WRITE_VALUE)
                    .build();

    private ListStream() {}

    /** Answers with one page, as an array of what each entry is shown as. */
    static <T> void answer(Call call, Page page, Part<T> part, Function<T, Object> shown) {
        call.stream(out -> write(out, page, part, shown));
    }

    private static <T> void write(
            OutputStream out, Page page, Part<T> part, Function<T, Object> shown)
            throws IOException {
        var buffer = new ByteArrayOutputStream(PART * 256);
        try (var json = JSON.createGenerator(buffer)) {
            json.writeStartArray();
            long left = page.size();
            long skip = page.offset();
            int limit = (int) Math.min(left, FIRST_PART);
            T last = null;
            while (left > 0) {
                var entries = next(part, last, skip, limit, shown, json);
                send(buffer, out);
                if (entries.isEmpty()) break;
                left -= entries.size();
                last = entries.getLast();
                skip = 0;
                limit = (int) Math.min(left, PART);
            }
            json.writeEndArray();
        }
        send(buffer, out);
    }

    private static <T> List<T> next(
            Part<T> part,
            @Nullable T after,
            long skip,
            int limit,
            Function<T, Object> shown,
            JsonGenerator json)
            throws IOException {
        boolean takesTurns = limit > FIRST_PART;
        if (takesTurns) TURNS.acquireUninterruptibly();
        try {
            var entries = part.read(after, skip, limit);
            for (T entry : entries) json.writePOJO(shown.apply(entry));
            json.flush();
            return entries;
        } finally {
            if (takesTurns) TURNS.release();
        }
    }

    private static void send(ByteArrayOutputStream buffer, OutputStream out) throws IOException {
        buffer.writeTo(out);
        out.flush();
        buffer.reset();
    }
}
