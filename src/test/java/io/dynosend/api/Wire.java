package io.dynosend.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.dynosend.Http;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** One connection, byte for byte: for what no HTTP client would send. */
final class Wire implements AutoCloseable {

    /**
     * An answer.
     *
     * @param headers by name in lower case
     */
    record Answer(int status, Map<String, String> headers, String body) {

        String header(String name) {
            return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
        }

        JsonNode json() {
            return Http.json(body);
        }
    }

    private static final Duration PATIENCE = Duration.ofSeconds(45);

    /** What stands for the API token in a text that is sent. */
    static final String TOKEN = "TOKEN";

    private final Socket socket;
    private final InputStream in;
    private final String token;

    Wire(Http http) {
        token = http.token();
        try {
            socket = new Socket(InetAddress.getLoopbackAddress(), http.port());
            socket.setSoTimeout((int) PATIENCE.toMillis());
            in = new BufferedInputStream(socket.getInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Wire send(String text) {
        return send(bytes(text));
    }

    Wire send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** Sends for as long as somebody takes it. */
    void flood(String text) {
        flood(bytes(text));
    }

    void flood(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException e) {
            // Refused in the midst of it.
        }
    }

    Wire noMore() {
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** The next answer, to a request with or without a body. */
    Answer answer() {
        return answer(true);
    }

    Answer answerToHead() {
        return answer(false);
    }

    /** Whether the server has closed the connection, all answers having been read. */
    boolean isClosed() {
        try {
            return in.read() < 0;
        } catch (IOException e) {
            return true;
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

    private byte[] bytes(String text) {
        return text.replace(TOKEN, token).getBytes(StandardCharsets.UTF_8);
    }

    private Answer answer(boolean withBody) {
        try {
            String line = line();
            var headers = new TreeMap<String, String>();
            for (String header = line(); !header.isEmpty(); header = line()) {
                int colon = header.indexOf(':');
                headers.put(
                        header.substring(0, colon).toLowerCase(Locale.ROOT),
                        header.substring(colon + 1).strip());
            }
            int status = Integer.parseInt(line.substring(9, 12));
            boolean bodiless = !withBody || status == 100 || status == 204;
            return new Answer(status, headers, bodiless ? "" : body(headers));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String body(Map<String, String> headers) throws IOException {
        var body = new ByteArrayOutputStream();
        if ("chunked".equals(headers.get("transfer-encoding"))) {
            for (int size = chunk(); size > 0; size = chunk()) {
                body.writeBytes(in.readNBytes(size));
                line();
            }
            line();
        } else if (headers.containsKey("content-length")) {
            body.writeBytes(in.readNBytes(Integer.parseInt(headers.get("content-length"))));
        } else {
            body.writeBytes(in.readAllBytes());
        }
        return body.toString(StandardCharsets.UTF_8);
    }

    private int chunk() throws IOException {
        return Integer.parseInt(line(), 16);
    }

    private String line() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) throw new EOFException("Closed after: " + line);
            if (c != '\r') line.write(c);
        }
        return line.toString(StandardCharsets.UTF_8);
    }
}
