package io.dynosend.smtp;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Writes to a socket that may stop taking anything: a socket has a time limit for reading only, so
 * one that is stuck in a write for too long is closed under it.
 */
final class GuardedOutput extends OutputStream {

    private static final int BLOCK = 64 * 1024;

    private static final ScheduledThreadPoolExecutor GUARD = guard();

    private final OutputStream out;
    private final Socket socket;
    private final Duration patience;
    private volatile boolean expired;

    /**
     * @param out may encrypt
     * @param socket the one below all: closing it never waits for a write
     * @param patience for each 64 KiB
     */
    GuardedOutput(OutputStream out, Socket socket, Duration patience) {
        this.out = out;
        this.socket = socket;
        this.patience = patience;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        for (int from = offset; from < offset + length; from += BLOCK) {
            writeBlock(bytes, from, Math.min(BLOCK, offset + length - from));
        }
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    private void writeBlock(byte[] bytes, int offset, int length) throws IOException {
        var limit = GUARD.schedule(this::expire, patience.toMillis(), TimeUnit.MILLISECONDS);
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            throw expired ? new IOException("the server has stopped reading", e) : e;
        } finally {
            limit.cancel(false);
        }
    }

    private void expire() {
        expired = true;
        try {
            socket.close();
        } catch (IOException e) {
            return;
        }
    }

    private static ScheduledThreadPoolExecutor guard() {
        var guard =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().name("smtp-guard").daemon().factory());
        guard.setRemoveOnCancelPolicy(true);
        return guard;
    }
}
