package io.dynosend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client that asks for a long answer, reads its first line, and then reads no more. */
public record StalledReader(Socket socket, String firstLine) implements AutoCloseable {

    /** Of the API. */
    public static StalledReader of(Http http, String path) {
        return of(
                http.port(),
                "GET /api/v2%s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n\r\n"
                        .formatted(path, http.token()));
    }

    /** Of what a form of the dashboard is answered with. */
    public static StalledReader ofForm(int port, String path, String cookie, String formToken) {
        String form = "form_token=" + formToken;
        return of(
                port,
                """
                POST %s HTTP/1.1\r
                Host: localhost\r
                Cookie: %s\r
                Content-Type: application/x-www-form-urlencoded\r
                Content-Length: %d\r
                \r
                %s\
                """
                        .formatted(path, cookie, form.length(), form));
    }

    private static StalledReader of(int port, String request) {
        try {
            var socket = new Socket();
            // Small, so that the answer does not simply fit between the two.
            socket.setReceiveBufferSize(8 * 1024);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
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
