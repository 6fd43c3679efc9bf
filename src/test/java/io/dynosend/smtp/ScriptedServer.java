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
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * An SMTP server that does what a test says: answers by the beginning of a command, and remembers
 * every byte. The end of a message is the command {@code .} after DATA and {@code LAST} after BDAT.
 * An answer of {@link #HANG_UP} ends the connection, {@link #SILENCE} says nothing, {@link #DRIP}
 * says a byte at a time and never ends; an answer that begins with {@link #AND_HANG_UP} is said
 * first.
 */
public final class ScriptedServer implements AutoCloseable {

    public static final String HANG_UP = "hang up";
    public static final String SILENCE = "silence";
    public static final String DRIP = "drip";
    public static final String AND_HANG_UP = "hang up after ";

    private static final long BETWEEN_DRIPS = 20_000_000;

    private final ServerSocket server;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile boolean hangingUpAfterData;
    private volatile boolean readingAfterData = true;
    private volatile boolean readingChunks = true;
    private volatile String lastAnswer = "";
    private volatile @Nullable SSLContext identity;
    private volatile boolean encryptedFromTheStart;
    private final Map<String, List<String>> answers = new LinkedHashMap<>();
    private final AtomicInteger conversations = new AtomicInteger();
    private final List<String> received = Collections.synchronizedList(new ArrayList<>());
    private final List<String> messages = Collections.synchronizedList(new ArrayList<>());

    public ScriptedServer() {
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
        on("BDAT", "250 2.0.0 so far so good");
        on("LAST", "250 2.0.0 taken");
        on("RSET", "250 ok");
        on("QUIT", "221 bye");
        Thread.ofVirtual().start(this::serve);
    }

    /** Several answers are given one after the other; the last stays. */
    public ScriptedServer on(String command, String... replies) {
        answers.put(command, new ArrayList<>(List.of(replies)));
        return this;
    }

    public ScriptedServer withoutPipelining() {
        return on("EHLO", "250 here");
    }

    public ScriptedServer offering(String... extensions) {
        var lines = new StringBuilder("250-here");
        for (int i = 0; i < extensions.length; i++) {
            lines.append("\r\n250").append(i + 1 < extensions.length ? '-' : ' ');
            lines.append(extensions[i]);
        }
        return on("EHLO", lines.toString());
    }

    /** Encrypts when it has said yes to STARTTLS. */
    public ScriptedServer identifiedBy(SSLContext identity) {
        this.identity = identity;
        return this;
    }

    /** Encrypts before it says anything. */
    public ScriptedServer encryptedAs(SSLContext identity) {
        encryptedFromTheStart = true;
        return identifiedBy(identity);
    }

    /** Does not wait for the message it has asked for. */
    public void thenHangUpAfterData() {
        hangingUpAfterData = true;
    }

    /** Leaves the message it has asked for on the wire. */
    void thenStopReadingAfterData() {
        readingAfterData = false;
    }

    /** Leaves everything behind RCPT on the wire. */
    void thenStopReadingAfterEnvelope() {
        readingChunks = false;
    }

    boolean offers(String extension) {
        return answers.getOrDefault("EHLO", List.of("")).getFirst().contains(extension);
    }

    public int port() {
        return server.getLocalPort();
    }

    /** Whether it has hung up on everybody. */
    boolean isIdle() {
        return conversations.get() == 0;
    }

    /** Every message whose dot came, as it was on the wire. */
    public List<String> messages() {
        return List.copyOf(messages);
    }

    /** Every command line, one after the other. */
    public String commands() {
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

    private void converse(Socket accepted) {
        conversations.incrementAndGet();
        try (accepted) {
            var socket = encryptedFromTheStart ? encrypted(accepted) : accepted;
            var in = new BufferedInputStream(socket.getInputStream());
            var chunks = new StringBuilder();
            if (!answer(socket, "connect")) return;
            String line;
            while ((line = line(in)) != null) {
                received.add(line + "\n");
                String command = line.split("[ :]", -1)[0];
                if (command.equals("BDAT")) {
                    if (!readingChunks) closed.await();
                    if (!takeChunk(socket, in, line, chunks)) return;
                    continue;
                }
                if (!answer(socket, answers.containsKey(command) ? command : "EHLO")) return;
                if (command.equals("MAIL") || command.equals("RSET")) chunks.setLength(0);
                if (command.equals("DATA") && lastAnswer.startsWith("354")) {
                    if (hangingUpAfterData) return;
                    if (!readingAfterData) closed.await();
                    String message = message(in);
                    if (message == null) return;
                    messages.add(message);
                    if (!answer(socket, ".")) return;
                }
                if (command.equals("STARTTLS")
                        && lastAnswer.startsWith("220")
                        && identity != null) {
                    socket = encrypted(accepted);
                    in = new BufferedInputStream(socket.getInputStream());
                }
            }
        } catch (IOException | InterruptedException e) {
            // the client is gone
        } finally {
            conversations.decrementAndGet();
        }
    }

    private boolean takeChunk(Socket socket, InputStream in, String line, StringBuilder chunks)
            throws IOException {
        var words = line.split(" ", -1);
        byte[] chunk = in.readNBytes(Integer.parseInt(words[1]));
        chunks.append(new String(chunk, StandardCharsets.ISO_8859_1));
        boolean last = words.length > 2;
        if (last) messages.add(chunks.toString());
        return answer(socket, last ? "LAST" : "BDAT");
    }

    private Socket encrypted(Socket plain) throws IOException {
        var context = Objects.requireNonNull(identity);
        var tls = (SSLSocket) context.getSocketFactory().createSocket(plain, null, true);
        tls.setUseClientMode(false);
        tls.startHandshake();
        return tls;
    }

    private boolean answer(Socket socket, String command) throws IOException {
        var replies = answers.getOrDefault(command, List.of("500 what?"));
        lastAnswer = replies.size() > 1 ? replies.removeFirst() : replies.getFirst();
        if (lastAnswer.equals(HANG_UP)) return false;
        if (lastAnswer.equals(DRIP)) drip(socket);
        boolean last = lastAnswer.startsWith(AND_HANG_UP);
        if (!lastAnswer.equals(SILENCE)) {
            String text = last ? lastAnswer.substring(AND_HANG_UP.length()) : lastAnswer;
            socket.getOutputStream().write((text + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
        }
        return !last;
    }

    private static void drip(Socket socket) throws IOException {
        var out = socket.getOutputStream();
        out.write("250-".getBytes(StandardCharsets.US_ASCII));
        while (true) {
            out.write('x');
            LockSupport.parkNanos(BETWEEN_DRIPS);
        }
    }

    private static @Nullable String message(InputStream in) throws IOException {
        var message = new StringBuilder();
        while (!message.substring(Math.max(0, message.length() - 5)).equals("\r\n.\r\n")
                && !message.substring(0, Math.min(3, message.length())).equals(".\r\n")) {
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
