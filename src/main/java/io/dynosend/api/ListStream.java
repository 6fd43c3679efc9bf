package io.dynosend.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
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
         * The next entries; fewer than the limit only at the end.
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
        try (var json = JSON.createGenerator(out)) {
            json.writeStartArray();
            long left = page.size();
            int limit = (int) Math.min(left, FIRST_PART);
            var entries = part.read(null, page.offset(), limit);
            while (!entries.isEmpty()) {
                for (T entry : entries) json.writePOJO(shown.apply(entry));
                json.flush();
                left -= entries.size();
                if (left == 0 || entries.size() < limit) break;
                limit = (int) Math.min(left, PART);
                entries = part.read(entries.getLast(), 0, limit);
            }
            json.writeEndArray();
        }
    }
}
