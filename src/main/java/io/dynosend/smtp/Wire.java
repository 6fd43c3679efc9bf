package io.dynosend.smtp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Commands out, replies in, over one connection. What is written is collected until it is due. */
final class Wire {

    private static final int SMALLEST_OUT = 16 * 1024;
    private static final int LARGEST_OUT = 64 * 1024;
    private static final int IN = 8 * 1024;

    private final Timeouts timeouts;
    private final Watch watch;
    private final ByteBuffer in = ByteBuffer.allocate(IN).flip();
    private ByteBuffer out = ByteBuffer.allocate(SMALLEST_OUT);
    private volatile Transport transport;

    Wire(Transport transport, Timeouts timeouts) {
        this.transport = transport;
        this.timeouts = timeouts;
        this.watch = new Watch(timeouts.shortest(), () -> this.transport.close());
    }

    /** Goes on over another transport, which is made of the one so far. */
    void replace(Handshake handshake) throws IOException {
        watch.allow(timeouts.command());
        try {
            transport = handshake.over(transport);
        } catch (IOException e) {
            throw explained(e, "did not complete the handshake in time");
        } finally {
            watch.rest();
        }
    }

    /**
     * A command line, or a part of one.
     *
     * @throws IllegalArgumentException if it holds what could end the line early
     */
    Wire put(String part) throws IOException {
        for (int i = 0; i < part.length(); i++) {
            char c = part.charAt(i);
            if (c == '\r' || c == '\n' || c == 0) {
                throw new IllegalArgumentException("A command is one line");
            }
        }
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        return bytes(bytes, 0, bytes.length);
    }

    void endLine() throws IOException {
        reserve(2);
        out.put((byte) '\r').put((byte) '\n');
    }

    void command(String line) throws IOException {
        put(line).endLine();
    }

    Wire bytes(byte[] bytes, int offset, int length) throws IOException {
        for (int from = offset; from < offset + length; ) {
            int block = Math.min(LARGEST_OUT, offset + length - from);
            reserve(block);
            out.put(bytes, from, block);
            from += block;
        }
        return this;
    }

    /** Sends what was collected. */
    void flush() throws IOException {
        if (out.position() == 0) return;
        watch.allow(timeouts.block());
        try {
            transport.write(out.flip());
        } catch (IOException e) {
            throw explained(e, "has stopped reading");
        } finally {
            watch.rest();
            out.clear();
        }
    }

    /** What the server has said, or done, that nobody asked for; null if it waits for us. */
    @Nullable String interjection() {
        try {
            if (!in.hasRemaining()) {
                in.clear();
                try {
                    if (transport.poll(in) == 0) return null;
                } finally {
                    in.flip();
                }
            }
            return in.hasRemaining()
                    ? "the server said unasked: " + Replies.shown(in)
                    : "the server has hung up";
        } catch (IOException e) {
            return cause(e);
        }
    }

    /**
     * Sends what was collected, and waits for the next reply.
     *
     * @throws IOException also if it is none: no code, or no end
     */
    Reply reply(Duration timeout) throws IOException {
        return reply(timeout, Replies.SHOWN);
    }

    /** A reply with more of its text than is good for a page or a log. */
    Reply reply(Duration timeout, int longest) throws IOException {
        flush();
        watch.allow(timeout);
        try {
            return new Replies(this::next, longest).next();
        } catch (IOException e) {
            throw explained(e, "did not answer in time");
        } finally {
            watch.rest();
        }
    }

    /** Says goodbye if that needs no waiting, and hangs up. */
    void quit() {
        try {
            command("QUIT");
            flush();
        } catch (IOException e) {
            // It is gone: so are we.
            hangUp();
        }
        hangUp();
    }

    void hangUp() {
        watch.stop();
        transport.close();
    }

    static String cause(IOException e) {
        if (e instanceof ClosedChannelException) return "the connection was closed";
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private int next() throws IOException {
        if (!in.hasRemaining()) {
            in.clear();
            try {
                if (transport.read(in) < 0) throw new IOException("the server hung up");
            } finally {
                in.flip();
            }
        }
        return in.get();
    }

    // Room is made by growing as far as one write is worth it, then by writing.
    private void reserve(int more) throws IOException {
        if (out.remaining() >= more) return;
        int needed = out.position() + more;
        if (needed > LARGEST_OUT) flush();
        if (out.remaining() >= more) return;
        var grown =
                ByteBuffer.allocate(Math.min(LARGEST_OUT, Math.max(2 * out.capacity(), needed)));
        out = grown.put(out.flip());
    }

    private IOException explained(IOException e, String expiry) {
        return watch.expired() ? new IOException("the server " + expiry, e) : e;
    }

    /** Makes an encrypted transport of a plain one. */
    @FunctionalInterface
    interface Handshake {
        Transport over(Transport below) throws IOException;
    }
}
