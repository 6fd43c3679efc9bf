package io.dynosend.faults;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Between a server and its PostgreSQL: may swallow the answer to a commit, with the connection.
 * PostgreSQL has written it then, and the server cannot know (PostgreSQL, Frontend/Backend
 * Protocol, Message Formats).
 */
final class CommitProxy implements AutoCloseable {

    private static final int COMMAND_COMPLETE = 'C';
    private static final int READY_FOR_QUERY = 'Z';
    private static final byte IDLE = 'I';

    private final ServerSocket server;
    private final AtomicBoolean armed = new AtomicBoolean();
    private final AtomicInteger swallowed = new AtomicInteger();
    private volatile int target;

    CommitProxy(int target) throws IOException {
        this.target = target;
        server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::serve);
    }

    int port() {
        return server.getLocalPort();
    }

    /** New connections lead there. */
    void leadTo(int port) {
        target = port;
    }

    /** The answer to the next commit that wrote something does not arrive. */
    void swallowNext() {
        armed.set(true);
    }

    int swallowed() {
        return swallowed.get();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private void serve() {
        try {
            while (true) {
                var client = server.accept();
                Thread.ofVirtual().start(() -> connect(client));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void connect(Socket client) {
        try (client;
                var database = new Socket(InetAddress.getLoopbackAddress(), target)) {
            client.setTcpNoDelay(true);
            database.setTcpNoDelay(true);
            Thread.ofVirtual().start(() -> forward(client, database));
            answer(database, client);
        } catch (IOException e) {
            // one of them is gone, and so is the other now
        }
    }

    private static void forward(Socket client, Socket database) {
        try (client;
                database) {
            client.getInputStream().transferTo(database.getOutputStream());
        } catch (IOException e) {
            // one of them is gone, and so is the other now
        }
    }

    private void answer(Socket database, Socket client) throws IOException {
        var in = new DataInputStream(new BufferedInputStream(database.getInputStream()));
        var out = client.getOutputStream();
        var held = new ByteArrayOutputStream();
        boolean written = false;
        while (true) {
            int type = in.read();
            if (type < 0) return;
            int length = in.readInt();
            byte[] body = in.readNBytes(length - Integer.BYTES);
            written |= type == COMMAND_COMPLETE && hasWritten(body);
            hold(held, type, length, body);
            boolean ready = type == READY_FOR_QUERY;
            if (ready && written && body[0] == IDLE && armed.compareAndSet(true, false)) {
                swallowed.incrementAndGet();
                return;
            }
            if (ready) written = false;
            if (!written) release(held, out);
        }
    }

    /** Whether the tag of a command says so: "UPDATE 12", "COMMIT". */
    private static boolean hasWritten(byte[] body) {
        String tag = new String(body, 0, body.length - 1, StandardCharsets.US_ASCII);
        return tag.equals("COMMIT") || tag.matches("(UPDATE [1-9]|INSERT 0 [1-9]).*");
    }

    private static void hold(ByteArrayOutputStream held, int type, int length, byte[] body) {
        held.write(type);
        for (int shift = 24; shift >= 0; shift -= 8) held.write(length >>> shift);
        held.writeBytes(body);
    }

    private static void release(ByteArrayOutputStream held, OutputStream out) throws IOException {
        held.writeTo(out);
        held.reset();
        out.flush();
    }
}
