package io.dynosend.api;

import io.dynosend.common.Problem.BadInput;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.concurrent.Semaphore;

/**
 * Request bodies, read whole into memory: within a limit each, and all large ones together within
 * another, however many arrive at once.
 */
final class Bodies {

    /** One body, and the room that it takes until it is closed. */
    final class Body implements AutoCloseable {

        private final byte[] bytes;
        private final int taken;

        private Body(byte[] bytes, int taken) {
            this.bytes = bytes;
            this.taken = taken;
        }

        byte[] bytes() {
            return bytes;
        }

        @Override
        public void close() {
            room.release(taken);
        }
    }

    static final int USUAL = 1 << 20;

    /** Ten megabytes of attachments are fourteen in base64. */
    static final int LARGE = 16 << 20;

    // Three times over while it is parsed: what a heap of 256 MB bears.
    private static final int AT_ONCE = 2 * LARGE;

    private final Semaphore room = new Semaphore(AT_ONCE, true);

    /**
     * Reads the body, unless it is multipart, which the server keeps in a file.
     *
     * @param largest bytes
     * @throws BadInput if it is larger, or breaks off
     */
    Body read(Context http, int largest) {
        long announced = http.req().getContentLengthLong();
        if (http.isMultipartFormData()) return new Body(new byte[0], 0);
        if (announced > largest) throw tooLarge(largest);
        // Of a chunked one nobody knows.
        int taken = announced < 0 ? largest : (int) announced;
        room.acquireUninterruptibly(taken);
        boolean read = false;
        try {
            var body = new Body(bytes(http, largest), taken);
            read = true;
            return body;
        } finally {
            if (!read) room.release(taken);
        }
    }

    private static byte[] bytes(Context http, int largest) {
        try {
            byte[] bytes = http.req().getInputStream().readNBytes(largest + 1);
            if (bytes.length > largest) throw tooLarge(largest);
            return bytes;
        } catch (IOException e) {
            throw new BadInput("The request body breaks off", "unreadable_body");
        }
    }

    private static BadInput tooLarge(int largest) {
        return new BadInput(
                "The request body is too large: at most %,d bytes".formatted(largest),
                "body_too_large");
    }
}
