package io.dynosend.pages;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.javalin.Javalin;
import io.javalin.config.RoutesConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.function.Consumer;

/** A real server with some routes on a free port, and who asks it. */
public final class Browser implements AutoCloseable {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final Javalin server;

    public Browser(Consumer<RoutesConfig> routes) {
        server =
                Javalin.create(config -> {
                    config.concurrency.useVirtualThreads = true;
                    config.startup.showJavalinBanner = false;
                    routes.accept(config.routes);
                });
        server.start("127.0.0.1", 0);
    }

    public String origin() {
        return "http://localhost:" + server.port();
    }

    public HttpResponse<String> get(String path, String... headers) throws IOException {
        return send(to(path, headers).GET().build());
    }

    public HttpResponse<String> post(String path, String... headers) throws IOException {
        return send(to(path, headers).POST(BodyPublishers.noBody()).build());
    }

    /** The whole answer to a GET whose header lines are exactly these; for a Host of one's own. */
    public String raw(String path, String... lines) throws IOException {
        return exchange("HTTP/1.1", path, lines);
    }

    /** As above, by a version of HTTP of one's own. */
    public String exchange(String version, String path, String... lines) throws IOException {
        try (var socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), server.port())) {
            var request =
                    "GET %s %s\r\n%s\r\nConnection: close\r\n\r\n"
                            .formatted(path, version, String.join("\r\n", lines));
            socket.getOutputStream().write(request.getBytes(UTF_8));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    @Override
    public void close() {
        server.stop();
    }

    private HttpRequest.Builder to(String path, String... headers) {
        var uri = URI.create(origin() + path);
        var request = HttpRequest.newBuilder(uri);
        return headers.length == 0 ? request : request.headers(headers);
    }

    private static HttpResponse<String> send(HttpRequest request) throws IOException {
        try {
            return CLIENT.send(request, BodyHandlers.ofString());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
