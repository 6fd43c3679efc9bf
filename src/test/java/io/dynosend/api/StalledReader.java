package io.dynosend.api;

import io.dynosend.Http;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client that asks for a long answer, reads its first line, and then reads no more. */
record StalledReader(Socket socket, String firstLine) implements AutoCloseable {

    static StalledReader of(Http http, String path) {
        try {
            var socket = new Socket();
            // Small, so that the answer does not simply fit between the two.
            socket.setReceiveBufferSize(8 * 1024);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), http.port()));
            String request =
                    "GET /api/v2%s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n\r\n"
                            .formatted(path, http.token());
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new StalledReader(socket, line(socket));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String line(Socket socket) throws IOException {
        var line = new StringBuilder();
        int c = socket.getInputStream().read();
        while (c >= 0 && c != '\r') {
            line.append((char) c);
            c = socket.getInputStream().read();
        }
        return line.toString();
    }
}
