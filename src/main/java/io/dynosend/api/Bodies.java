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

    // So small that it needs no room, however many arrive within the rate.
    private static final int SMALL = 32 << 10;

    // Three times over while it is parsed: what a heap of 256 MB bears.
    private static final int AT_ONCE = 32 * MB;

    // What is short on the wire may be a thousand objects in memory.
    private static final int AT_LEAST = 2 * MB;

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
        if (start.length < SMALL) return new Body(start, 0);
        enter(user);
        Path file = Files.createTempFile("dynosend-body-", null);
        try {
            long length = save(start, in, file, limit);
            int taken = take(length);
            return new Body(Files.readAllBytes(file), taken);
        } finally {
            Files.delete(file);
            leave(user);
        }
    }

    private static long save(byte[] start, InputStream rest, Path file, Limit limit)
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
        return length;
    }

    private Body parts(HttpServletRequest request, long user, Limit limit) throws IOException {
        long most = limit.withFiles();
        request.setAttribute(
                ServletContextRequest.MULTIPART_CONFIG_ELEMENT,
                new MultipartConfigElement("", most, most, PART_IN_MEMORY));
        enter(user);
        long fields = 0;
        try {
            for (var part : request.getParts()) {
                if (part.getSubmittedFileName() == null) fields += part.getSize();
            }
        } catch (ServletException | IllegalStateException e) {
            throw new BadInput(
                    "The multipart body cannot be read, or is too large", "unreadable_body");
        } finally {
            leave(user);
        }
        if (fields > limit.most()) throw tooLarge(limit.most());
        return new Body(new byte[0], fields < SMALL ? 0 : take(fields));
    }

    private int take(long length) {
        int taken = Math.max(AT_LEAST, (int) length);
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
