package io.dynosend.api;

import io.dynosend.common.Problem.BadInput;
import io.dynosend.common.Problem.TooManyRequests;
import io.javalin.http.Context;
import jakarta.servlet.MultipartConfigElement;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.http.HttpException;

/**
 * Request bodies, read whole into memory: within a limit each, and all large ones together within
 * another, however many arrive at once. While it arrives a large one waits in a file: who sends
 * slowly, or stops, takes room from nobody.
 */
final class Bodies {

    /**
     * How much an operation takes.
     *
     * @param most bytes of a body, or of the fields of a multipart one
     * @param withFiles bytes of a multipart body
     */
    record Limit(int most, long withFiles) {}

    /** One body, and the room that it takes until it is closed. */
    final class Body implements AutoCloseable {

        private final byte[] bytes;
        private final int taken;

        private Body(byte[] bytes, int taken) {
            this.bytes = bytes;
            this.taken = taken;
        }

        /** Empty if it is multipart: the server has its parts. */
        byte[] bytes() {
            return bytes;
        }

        @Override
        public void close() {
            room.release(taken);
        }
    }

    private static final int MB = 1 << 20;

    static final Limit USUAL = new Limit(MB, MB);

    /** Ten megabytes of attachments are fourteen in base64. */
    static final Limit LARGE = new Limit(16 * MB, 16 * MB);

    static final Limit FILE = new Limit(MB, 512L * MB);

    // Is kept in memory while the rest arrives, however many arrive within the rate.
    private static final int SMALL = 32 << 10;

    // Of a heap of 256 MB.
    private static final int AT_ONCE = 64 * MB;

    // What is short on the wire may be a thousand objects in memory: as bytes, as text, as what is
    // made of it, and each value with all that Java keeps about it.
    private static final int COPIES = 3;
    private static final int VALUE = 120;

    private static final int WITHOUT_ASKING = 256 << 10;

    private static final int LARGE_ONES_OF_A_USER = 16;
    private static final int PART_IN_MEMORY = 4 << 10;

    private final Semaphore room = new Semaphore(AT_ONCE, true);
    private final Map<Long, Integer> arriving = new ConcurrentHashMap<>();

    /**
     * Reads the body; of a multipart one, its parts.
     *
     * @throws BadInput if it is larger than the limit, arrives too slowly, or breaks off
     * @throws TooManyRequests if the user has 16 large ones under way
     */
    Body read(Context http, long user, Limit limit) {
        boolean multipart = http.isMultipartFormData();
        long most = multipart ? limit.withFiles() : limit.most();
        if (http.req().getContentLengthLong() > most) throw tooLarge(most);
        try {
            return multipart ? parts(http.req(), user, limit) : bytes(http.req(), user, limit);
        } catch (IOException | HttpException.RuntimeException e) {
            throw new BadInput("The request body breaks off", "unreadable_body");
        }
    }

    private Body bytes(HttpServletRequest request, long user, Limit limit) throws IOException {
        var in = new PacedInput(request.getInputStream(), System::nanoTime);
        byte[] start = in.readNBytes(SMALL);
        if (start.length < SMALL) return new Body(start, take(room(start, start.length)));
        enter(user);
        Path file = Files.createTempFile("dynosend-body-", null);
        try {
            save(start, in, file, limit);
            int taken = take(room(file));
            return new Body(Files.readAllBytes(file), taken);
        } finally {
            Files.delete(file);
            leave(user);
        }
    }

    private static void save(byte[] start, InputStream rest, Path file, Limit limit)
            throws IOException {
        long length = start.length;
        try (var out = Files.newOutputStream(file)) {
            out.write(start);
            byte[] piece = new byte[SMALL];
            for (int n = rest.read(piece); n >= 0; n = rest.read(piece)) {
                length += n;
                if (length > limit.most()) throw tooLarge(limit.most());
                out.write(piece, 0, n);
            }
        }
    }

    private static long room(Path file) throws IOException {
        long room = 0;
        byte[] piece = new byte[SMALL];
        try (var in = Files.newInputStream(file)) {
            for (int n = in.read(piece); n >= 0; n = in.read(piece)) room += room(piece, n);
        }
        return room;
    }

    private static long room(byte[] bytes, int length) {
        long room = (long) length * COPIES;
        for (int i = 0; i < length; i++) {
            if (bytes[i] == ',' || bytes[i] == '{' || bytes[i] == '[' || bytes[i] == '&') {
                room += VALUE;
            }
        }
        return room;
    }

    private Body parts(HttpServletRequest request, long user, Limit limit) throws IOException {
        long most = limit.withFiles();
        request.setAttribute(
                ServletContextRequest.MULTIPART_CONFIG_ELEMENT,
                new MultipartConfigElement("", most, most, PART_IN_MEMORY));
        enter(user);
        long fields = 0;
        int count;
        try {
            var parts = request.getParts();
            count = parts.size();
            for (var part : parts) {
                if (part.getSubmittedFileName() == null) fields += part.getSize();
            }
        } catch (ServletException | IllegalStateException e) {
            throw new BadInput(
                    "The multipart body cannot be read, or is too large", "unreadable_body");
        } finally {
            leave(user);
        }
        if (fields > limit.most()) throw tooLarge(limit.most());
        return new Body(new byte[0], take(fields * COPIES + count * (long) VALUE));
    }

    private int take(long wanted) {
        if (wanted <= WITHOUT_ASKING) return 0;
        int taken = (int) Math.min(wanted, AT_ONCE);
        room.acquireUninterruptibly(taken);
        return taken;
    }

    private void enter(long user) {
        int count = arriving.merge(user, 1, Integer::sum);
        if (count <= LARGE_ONES_OF_A_USER) return;
        leave(user);
        throw new TooManyRequests(Duration.ofSeconds(1));
    }

    private void leave(long user) {
        arriving.computeIfPresent(user, (_, count) -> count == 1 ? null : count - 1);
    }

    private static BadInput tooLarge(long most) {
        return new BadInput(
                "The request body is too large: at most %,d bytes".formatted(most),
                "body_too_large");
    }
}
