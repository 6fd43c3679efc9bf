package io.dynosend;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A relay that remembers whom it has taken mail for: written down before it answers the dot. */
public final class SmtpSink implements AutoCloseable {

    private final ServerSocket server;
    private final Duration thinking;
    private final AtomicInteger connections = new AtomicInteger();
    private final Map<String, String> refusals = new ConcurrentHashMap<>();
    private volatile boolean hangingUp;
    private final List<Received> received = new CopyOnWriteArrayList<>();

    /**
     * A message that was complete.
     *
     * @param content as it was on the wire, without the final dot
     */
    public record Received(String recipient, String content) {}

    /**
     * @param thinking between a final dot and its answer
     */
    public SmtpSink(Duration thinking) {
        this.thinking = thinking;
        try {
            server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::serve);
    }

    /** Hangs up after each message, without a word. */
    public SmtpSink oneMessageAConnection() {
        hangingUp = true;
        return this;
    }

    /**
     * Answers every RCPT to this domain so, from now on.
     *
     * @param reply empty: takes its mail again
     */
    public SmtpSink answering(String domain, String reply) {
        if (reply.isEmpty()) refusals.remove(domain);
        else refusals.put(domain, reply);
        return this;
    }

    /** How often somebody has connected. */
    public int connections() {
        return connections.get();
    }

    public String url() {
        return "smtp://127.0.0.1:" + server.getLocalPort();
    }

    /** The recipients of all messages that were complete, in the order they came. */
    public List<String> accepted() {
        return received.stream().map(Received::recipient).toList();
    }

    /** All messages that were complete, in the order they came. */
    public List<Received> received() {
        return List.copyOf(received);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private void serve() {
        try {
            while (true) {
                var socket = server.accept();
                socket.setTcpNoDelay(true);
                connections.incrementAndGet();
                Thread.ofVirtual().start(() -> converse(socket));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void converse(Socket socket) {
        try (socket;
                var in = reader(socket);
                var out = writer(socket)) {
            answer(out, "220 sink");
            String recipient = "";
            String refused = null;
            String line;
            while ((line = in.readLine()) != null) {
                if (line.startsWith("EHLO")) {
                    answer(out, "250-sink\r\n250 PIPELINING");
                } else if (line.startsWith("RCPT TO:<")) {
                    recipient = line.substring(9, line.indexOf('>'));
                    String domain = recipient.substring(recipient.indexOf('@') + 1);
                    refused = refusals.get(domain);
                    answer(out, refused == null ? "250 ok" : refused);
                } else if (line.equals("DATA") && refused != null) {
                    answer(out, "503 no recipient");
                } else if (line.equals("DATA")) {
                    answer(out, "354 go on");
                    String message = message(in);
                    if (message == null) return;
                    received.add(new Received(recipient, message));
                    LockSupport.parkNanos(thinking.toNanos());
                    answer(out, "250 taken");
                    if (hangingUp) return;
                } else if (line.equals("QUIT")) {
                    answer(out, "221 bye");
                    return;
                } else {
                    answer(out, "250 ok");
                }
            }
        } catch (IOException e) {
            // the other side is gone
        }
    }

    private static @Nullable String message(BufferedReader in) throws IOException {
        var message = new StringBuilder();
        String line;
        while ((line = in.readLine()) != null) {
            if (line.equals(".")) return message.toString();
            message.append(line).append("\r\n");
        }
        return null;
    }

    private static void answer(Writer out, String text) throws IOException {
        out.write(text + "\r\n");
        out.flush();
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
    }

    private static Writer writer(Socket socket) throws IOException {
        return new OutputStreamWriter(socket.getOutputStream(), StandardCharsets.ISO_8859_1);
    }
}
