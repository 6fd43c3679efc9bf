package io.dynosend.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;

/** Requests that no client of Java's would send: their Host is another's. */
final class Forged {

    private Forged() {}

    /** The whole answer. */
    static String post(int port, String host, String path, String body, String... headers) {
        return send(port, "POST", host, path, body, headers);
    }

    static String get(int port, String host, String path, String... headers) {
        return send(port, "GET", host, path, "", headers);
    }

    private static String send(
            int port, String verb, String host, String path, String body, String... headers) {
        var more = new StringBuilder();
        for (int i = 0; i < headers.length; i += 2) {
            more.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
        }
        try (var socket = new Socket("localhost", port)) {
            socket.getOutputStream()
                    .write(
                            """
                            %s %s HTTP/1.1\r
                            Host: %s\r
                            %sConnection: close\r
                            Content-Type: application/x-www-form-urlencoded\r
                            Content-Length: %d\r
                            \r
                            %s\
                            """
                                    .formatted(verb, path, host, more, body.length(), body)
                                    .getBytes(UTF_8));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
