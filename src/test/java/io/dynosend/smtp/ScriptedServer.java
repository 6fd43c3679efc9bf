package io.dynosend.smtp;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * An SMTP server that does what a test says: answers by the beginning of a command, and remembers
 * every byte. An answer of {@link #HANG_UP} ends the connection, {@link #SILENCE} says nothing.
 */
final class ScriptedServer implements AutoCloseable {

    static final String HANG_UP = "hang up";
    static final String SILENCE = "silence";

    private final ServerSocket server;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile boolean hangingUpAfterData;
    private volatile boolean readingAfterData = true;
    private volatile String lastAnswer = "";
    private final Map<String, List<String>> answers = new LinkedHashMap<>();
    private final List<String> received = Collections.synchronizedList(new ArrayList<>());
    private final List<String> messages = Collections.synchronizedList(new ArrayList<>());

    ScriptedServer() {
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        on("connect", "220 ready");
        on("EHLO", "250-here\r\n250-8BITMIME\r\n250 PIPELINING");
        on("MAIL", "250 ok");
        on("RCPT", "250 ok");
        on("DATA", "354 go on");
        on(".", "250 2.0.0 taken");
        on("RSET", "250 ok");
        on("QUIT", "221 bye");
        Thread.ofVirtual().start(this::serve);
    }

    /** Several answers are given one after the other; the last stays. */
    ScriptedServer on(String command, String... replies) {
        answers.put(command, new ArrayList<>(List.of(replies)));
        return this;
    }

    ScriptedServer withoutPipelining() {
        return on("EHLO", "250 here");
    }

    /** Does not wait for the message it has asked for. */
    void thenHangUpAfterData() {
        hangingUpAfterData = true;
    }

    /** Leaves the message it has asked for on the wire. */
    void thenStopReadingAfterData() {
        readingAfterData = false;
    }

    boolean offers(String extension) {
        return answers.getOrDefault("EHLO", List.of("")).getFirst().contains(extension);
    }

    int port() {
        return server.getLocalPort();
    }

    /** Every message whose dot came, as it was on the wire. */
    List<String> messages() {
        return List.copyOf(messages);
    }

    /** Every command line, one after the other. */
    String commands() {
        return String.join("", List.copyOf(received));
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        server.close();
    }

    private void serve() {
        try {
            while (true) {
                var socket = server.accept();
                Thread.ofVirtual().start(() -> converse(socket));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void converse(Socket socket) {
        try (socket;
                var in = new BufferedInputStream(socket.getInputStream())) {
            if (!answer(socket, "connect")) return;
            String line;
            while ((line = line(in)) != null) {
                received.add(line + "\n");
                String command = line.split("[ :]", -1)[0];
                if (!answer(socket, answers.containsKey(command) ? command : "EHLO")) return;
                if (command.equals("DATA") && lastAnswer.startsWith("354")) {
                    if (hangingUpAfterData) return;
                    if (!readingAfterData) closed.await();
                    String message = message(in);
                    if (message == null) return;
                    messages.add(message);
                    if (!answer(socket, ".")) return;
                }
            }
        } catch (IOException | InterruptedException e) {
            // the client is gone
        }
    }

    private boolean answer(Socket socket, String command) throws IOException {
        var replies = answers.getOrDefault(command, List.of("500 what?"));
        lastAnswer = replies.size() > 1 ? replies.removeFirst() : replies.getFirst();
        if (lastAnswer.equals(HANG_UP)) return false;
        if (!lastAnswer.equals(SILENCE)) {
            socket.getOutputStream()
                    .write((lastAnswer + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
        }
        return true;
    }

    private static @Nullable String message(InputStream in) throws IOException {
        var message = new StringBuilder();
        while (!message.toString().endsWith("\r\n.\r\n") && !message.toString().equals(".\r\n")) {
            int c = in.read();
            if (c < 0) return null;
            message.append((char) c);
        }
        return message.toString();
    }

    private static @Nullable String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        int c;
        while ((c = in.read()) != '\n') {
            if (c < 0) return null;
            if (c != '\r') line.append((char) c);
        }
        return line.toString();
    }
}
