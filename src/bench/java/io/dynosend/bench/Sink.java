package io.dynosend.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A receiver that costs as little as one can: one thread, no storage but who got mail. Takes
 * PIPELINING, and CHUNKING unless told {@code --no-chunking}.
 */
final class Sink {

    private static final byte[] GREETING = ascii("220 sink ESMTP\r\n");
    private static final byte[] OK = ascii("250 2.0.0 ok\r\n");
    private static final byte[] GO_ON = ascii("354 go on\r\n");
    private static final byte[] BYE = ascii("221 2.0.0 bye\r\n");

    private enum State {
        COMMANDS,
        BODY,
        CHUNK
    }

    private static final Set<String> recipients = new HashSet<>();
    private static long accepted;

    private Sink() {}

    static void main(String[] flags) throws IOException {
        boolean chunking = !List.of(flags).contains("--no-chunking");
        var listener = ServerSocketChannel.open();
        listener.bind(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        System.out.println(((java.net.InetSocketAddress) listener.getLocalAddress()).getPort());
        listener.configureBlocking(false);
        var selector = Selector.open();
        listener.register(selector, SelectionKey.OP_ACCEPT);
        Thread.ofPlatform().daemon().start(Sink::answerQuestions);
        byte[] hello =
                ascii(
                        "250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n"
                                + (chunking ? "250-CHUNKING\r\n" : "")
                                + "250 ENHANCEDSTATUSCODES\r\n");
        while (true) {
            selector.select(key -> {
                try {
                    if (key.isAcceptable()) {
                        var channel = listener.accept();
                        if (channel == null) return;
                        channel.configureBlocking(false);
                        channel.setOption(java.net.StandardSocketOptions.TCP_NODELAY, true);
                        channel.write(ByteBuffer.wrap(GREETING));
                        channel.register(
                                selector, SelectionKey.OP_READ, new Client(channel, hello));
                    } else {
                        ((Client) key.attachment()).read();
                    }
                } catch (IOException e) {
                    key.cancel();
                }
            });
        }
    }

    private static void answerQuestions() {
        try (var in =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
            while (in.readLine() != null) {
                synchronized (recipients) {
                    System.out.println(accepted + " " + recipients.size());
                    accepted = 0;
                    recipients.clear();
                }
            }
        } catch (IOException e) {
            System.err.println("sink: " + e);
        }
        System.exit(0);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** One connection. */
    private static final class Client {

        private final SocketChannel channel;
        private final byte[] hello;
        private final byte[] in = new byte[128 << 10];
        private final ByteBuffer out = ByteBuffer.allocate(16 << 10);
        private int filled;
        private State state = State.COMMANDS;
        private long chunkLeft;
        private boolean lastChunk;
        private String recipient = "";

        Client(SocketChannel channel, byte[] hello) {
            this.channel = channel;
            this.hello = hello;
        }

        void read() throws IOException {
            int read = channel.read(ByteBuffer.wrap(in, filled, in.length - filled));
            if (read < 0) {
                channel.close();
                return;
            }
            filled += read;
            int at = 0;
            while (true) {
                int next = take(at);
                if (next == at) break;
                at = next;
            }
            System.arraycopy(in, at, in, 0, filled - at);
            filled -= at;
            out.flip();
            while (out.hasRemaining()) channel.write(out);
            out.clear();
        }

        private int take(int at) throws IOException {
            return switch (state) {
                case COMMANDS -> command(at);
                case BODY -> body(at);
                case CHUNK -> chunk(at);
            };
        }

        private int command(int at) throws IOException {
            int end = at;
            while (end < filled && in[end] != '\n') end++;
            if (end >= filled) return at;
            switch (in[at]) {
                case 'E', 'H' -> out.put(hello);
                case 'R' -> {
                    if (in[at + 1] == 'C') {
                        int close = at + 9;
                        while (in[close] != '>') close++;
                        recipient = new String(in, at + 9, close - at - 9, StandardCharsets.UTF_8);
                    }
                    out.put(OK);
                }
                case 'D' -> {
                    state = State.BODY;
                    out.put(GO_ON);
                }
                case 'B' -> {
                    var words =
                            new String(in, at, end - at, StandardCharsets.US_ASCII)
                                    .trim()
                                    .split(" ", -1);
                    chunkLeft = Long.parseLong(words[1]);
                    lastChunk = words.length > 2;
                    state = State.CHUNK;
                }
                case 'Q' -> {
                    out.put(BYE);
                    out.flip();
                    channel.write(out);
                    channel.close();
                }
                default -> out.put(OK);
            }
            return end + 1;
        }

        // Of a body only its end matters; what may be its beginning is kept.
        private int body(int at) {
            for (int i = at + 4; i < filled; i++) {
                byte last = in[i];
                if (last != '\n') {
                    // Nothing but these five can stand in the end of a body.
                    if (last != '\r' && last != '.') i += 4;
                    if (i >= filled) break;
                    while (i < filled && in[i] != '\n') i++;
                    if (i >= filled) break;
                }
                if (in[i - 1] == '\r'
                        && in[i - 2] == '.'
                        && in[i - 3] == '\n'
                        && in[i - 4] == '\r') {
                    accept();
                    return i + 1;
                }
            }
            return Math.max(at, filled - 4);
        }

        private int chunk(int at) {
            int taken = (int) Math.min(chunkLeft, filled - at);
            chunkLeft -= taken;
            if (chunkLeft == 0) {
                if (lastChunk) {
                    accept();
                } else {
                    state = State.COMMANDS;
                    out.put(OK);
                }
            }
            return at + taken;
        }

        private void accept() {
            state = State.COMMANDS;
            out.put(OK);
            synchronized (recipients) {
                accepted++;
                recipients.add(recipient);
            }
        }
    }
}
