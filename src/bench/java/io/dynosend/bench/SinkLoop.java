package io.dynosend.bench;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** One thread with many conversations: reads what there is, and answers it with one write. */
final class SinkLoop implements Runnable {

    private static final int BUFFER = 256 * 1024;

    private final SinkLedger accepted;
    private final byte[] hello;
    private final Selector selector;
    private final Queue<SocketChannel> arrivals = new ConcurrentLinkedQueue<>();
    private final ByteBuffer received = ByteBuffer.allocateDirect(BUFFER);
    private final ByteBuffer answers = ByteBuffer.allocateDirect(4 * BUFFER);
    // Before what was received stands the end of what came before it.
    private final byte[] bytes = new byte[SinkSession.TAIL + BUFFER];

    SinkLoop(SinkLedger accepted, String hello) throws IOException {
        this.accepted = accepted;
        this.hello = hello.getBytes(StandardCharsets.US_ASCII);
        this.selector = Selector.open();
    }

    /** Hands over a connection that was just accepted; any thread may. */
    void add(SocketChannel channel) {
        arrivals.add(channel);
        selector.wakeup();
    }

    @Override
    public void run() {
        try {
            while (true) {
                selector.select(this::converse);
                SocketChannel arrival;
                while ((arrival = arrivals.poll()) != null) greet(arrival);
            }
        } catch (IOException e) {
            System.err.println("The sink has stopped: " + e);
            System.exit(1);
        }
    }

    private void greet(SocketChannel channel) throws IOException {
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.register(selector, SelectionKey.OP_READ, new SinkSession(accepted, hello));
        channel.write(ByteBuffer.wrap("220 sink\r\n".getBytes(StandardCharsets.US_ASCII)));
    }

    private void converse(SelectionKey key) {
        var channel = (SocketChannel) key.channel();
        try {
            received.clear();
            int length = channel.read(received);
            boolean goesOn = length >= 0 && answer((SinkSession) key.attachment(), length);
            answers.flip();
            // Few bytes: who does not take them has gone.
            channel.write(answers);
            if (!goesOn || answers.hasRemaining()) channel.close();
        } catch (IOException e) {
            close(channel);
        } finally {
            answers.clear();
        }
    }

    private boolean answer(SinkSession session, int length) throws IOException {
        received.flip().get(bytes, SinkSession.TAIL, length);
        return session.take(bytes, length, answers);
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            System.err.println("A connection was not closed: " + e);
        }
    }
}
