package io.dynosend.faults;

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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A relay that writes every step down before it answers, and fails as a test says. What it has
 * accepted is the truth that a ledger is compared with.
 */
final class Oracle implements AutoCloseable {

    /** Where a message is; a script is asked before the oracle answers. */
    enum Step {
        RCPT,
        /** Before 354. */
        DATA,
        /** The first line of the body. */
        BODY,
        /** The dot is there, and nothing is decided yet. */
        DOT,
        /** The message is accepted and written down; the answer is not sent yet. */
        ACCEPTED,
        /** The answer is sent. */
        ANSWERED
    }

    /** What happens at a step. */
    interface Script {
        /**
         * Reacts to a step.
         *
         * @return empty: go on; {@link #HANG_UP}, {@link #STALL}, or a reply that refuses
         */
        String at(Step step, String recipient);
    }

    static final String HANG_UP = "hang up";

    /** Never answers, until the other side has gone. */
    static final String STALL = "stall";

    static final Script WELL = (_, _) -> "";

    private final ServerSocket server;
    private final Duration thinking;
    private final Writer record;
    private final List<String> accepted = new ArrayList<>();
    private final Map<String, Long> acceptedAt = new HashMap<>();
    private volatile Script script = WELL;

    /**
     * @param record a file that each step is appended to
     * @param thinking between a dot and its answer
     */
    Oracle(Path record, Duration thinking) throws IOException {
        this.thinking = thinking;
        this.record = Files.newBufferedWriter(record);
        server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::serve);
    }

    void goesBy(Script next) {
        script = next;
    }

    String url() {
        return "smtp://127.0.0.1:" + server.getLocalPort();
    }

    /** The recipients of all messages that were accepted, in the order they came. */
    List<String> accepted() {
        synchronized (record) {
            return List.copyOf(accepted);
        }
    }

    /**
     * When a message was accepted.
     *
     * @return by {@link System#nanoTime}; empty if it never was
     */
    OptionalLong acceptedAt(String recipient) {
        synchronized (record) {
            Long at = acceptedAt.get(recipient);
            return at == null ? OptionalLong.empty() : OptionalLong.of(at);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        record.close();
    }

    private void serve() {
        try {
            while (true) {
                var socket = server.accept();
                socket.setTcpNoDelay(true);
                Thread.ofVirtual().start(() -> converse(socket));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void converse(Socket socket) {
        try (socket;
                var in =
                        new BufferedReader(
                                new InputStreamReader(
                                        socket.getInputStream(), StandardCharsets.ISO_8859_1));
                var out =
                        new OutputStreamWriter(
                                socket.getOutputStream(), StandardCharsets.ISO_8859_1)) {
            try {
                new Conversation(in, out).run();
            } finally {
                // Answers that are out still arrive: a reset would take them back.
                socket.shutdownOutput();
                while (in.read() >= 0) {
                    // until the other side has hung up, too
                }
            }
        } catch (IOException e) {
            // The other side is gone, or a script has hung up.
        }
    }

    private void write(Step step, String recipient) {
        synchronized (record) {
            try {
                if (step == Step.ACCEPTED) {
                    accepted.add(recipient);
                    acceptedAt.put(recipient, System.nanoTime());
                }
                record.write(step + " " + recipient + "\n");
                record.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private final class Conversation {

        private final BufferedReader in;
        private final Writer out;
        private String recipient = "";
        private boolean refused;

        Conversation(BufferedReader in, Writer out) {
            this.in = in;
            this.out = out;
        }

        void run() throws IOException {
            say("220 oracle");
            String line;
            while ((line = in.readLine()) != null) {
                if (line.equals("QUIT")) return;
                if (line.startsWith("EHLO")) say("250-oracle\r\n250 PIPELINING");
                else if (line.startsWith("RCPT TO:<")) rcpt(line);
                else if (line.equals("DATA")) data();
                else say("250 ok");
            }
        }

        private void rcpt(String line) throws IOException {
            refused = false;
            recipient = line.substring("RCPT TO:<".length(), line.indexOf('>'));
            if (passes(Step.RCPT)) say("250 ok");
        }

        private void data() throws IOException {
            if (refused) {
                say("503 no recipient");
                return;
            }
            if (!passes(Step.DATA)) return;
            say("354 go on");
            boolean first = true;
            String line;
            while ((line = in.readLine()) != null && !line.equals(".")) {
                if (first && !passes(Step.BODY)) throw new IOException("refused in the body");
                first = false;
            }
            if (line == null) return;
            LockSupport.parkNanos(thinking.toNanos());
            if (!passes(Step.DOT) || !passes(Step.ACCEPTED)) return;
            say("250 taken");
            passes(Step.ANSWERED);
        }

        /** False if the script has said something else. */
        private boolean passes(Step step) throws IOException {
            if (step == Step.ACCEPTED) write(step, recipient);
            String reaction = script.at(step, recipient);
            if (step != Step.ACCEPTED) write(step, recipient);
            if (reaction.isEmpty()) return true;
            if (reaction.equals(STALL)) awaitGone();
            if (reaction.equals(STALL) || reaction.equals(HANG_UP)) throw new IOException(reaction);
            refused = true;
            say(reaction);
            return false;
        }

        private void awaitGone() throws IOException {
            while (in.read() >= 0) {
                // goes on reading, says nothing
            }
        }

        private void say(String text) throws IOException {
            out.write(text + "\r\n");
            out.flush();
        }
    }
}
