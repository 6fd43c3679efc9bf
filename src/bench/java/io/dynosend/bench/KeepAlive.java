package io.dynosend.bench;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One HTTP/1.1 connection with as little of a client as can be: it shares the cores with the server
 * that it measures. Understands answers with {@code Content-Length} and those without a body.
 */
final class KeepAlive implements AutoCloseable {

    private static final int LARGEST_ANSWER = 256 << 10;
    private static final byte[] LENGTH = "\r\ncontent-length:".getBytes(StandardCharsets.US_ASCII);

    private final Socket socket;
    private final InputStream in;
    private final byte[] buffer = new byte[LARGEST_ANSWER];
    private int filled;
    private int bodyAt;

    KeepAlive(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        in = socket.getInputStream();
    }

    /** Sends a whole request and reads the whole answer; its status. */
    int exchange(byte[] request) throws IOException {
        socket.getOutputStream().write(request);
        filled = 0;
        bodyAt = -1;
        while ((bodyAt = endOfHeaders()) < 0) read();
        int status = Integer.parseInt(text(9, 12));
        int length = status == 204 ? 0 : contentLength();
        while (filled < bodyAt + length) read();
        return status;
    }

    /** Of the last answer. */
    String body() {
        return text(bodyAt, filled);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private void read() throws IOException {
        int read = in.read(buffer, filled, buffer.length - filled);
        if (read <= 0) throw new EOFException("The server closed the connection");
        filled += read;
    }

    private int endOfHeaders() {
        for (int i = 3; i < filled; i++) {
            if (buffer[i] == '\n' && buffer[i - 1] == '\r' && buffer[i - 2] == '\n') return i + 1;
        }
        return -1;
    }

    private int contentLength() throws IOException {
        for (int i = 0; i + LENGTH.length < bodyAt; i++) {
            if (!isLengthAt(i)) continue;
            int length = 0;
            for (int at = i + LENGTH.length; buffer[at] != '\r'; at++) {
                if (buffer[at] != ' ') length = 10 * length + buffer[at] - '0';
            }
            return length;
        }
        throw new IOException("An answer without Content-Length:\n" + text(0, filled));
    }

    private boolean isLengthAt(int start) {
        for (int i = 0; i < LENGTH.length; i++) {
            int b = buffer[start + i];
            if ((b >= 'A' && b <= 'Z' ? b + 32 : b) != LENGTH[i]) return false;
        }
        return true;
    }

    private String text(int from, int to) {
        return new String(Arrays.copyOfRange(buffer, from, to), StandardCharsets.UTF_8);
    }
}
