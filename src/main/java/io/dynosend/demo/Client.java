package io.dynosend.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** A program on the other side of the wire: calls the API with its token, and follows links. */
final class Client implements AutoCloseable {

    private static final String BOUNDARY = "dynosend-demo-boundary";

    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(Redirect.NEVER)
                    .build();
    private final ObjectMapper json = new ObjectMapper();
    private final String baseUrl;
    private final String token;

    Client(String baseUrl, String token) {
        this.baseUrl = baseUrl;
        this.token = token;
    }

    JsonNode get(String path) {
        return answer(api(path).GET().build());
    }

    JsonNode post(String path, Map<String, ?> body) {
        return answer(
                api(path)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(write(body)))
                        .build());
    }

    /** Sends a file as a form does. */
    JsonNode upload(String path, String audienceUid, byte[] file) {
        var before =
                """
                --%s\r
                Content-Disposition: form-data; name="audience_uid"\r
                \r
                %s\r
                --%s\r
                Content-Disposition: form-data; name="file"; filename="contacts.csv"\r
                Content-Type: text/csv\r
                \r
                """
                        .formatted(BOUNDARY, audienceUid, BOUNDARY)
                        .replace("\r\n", "\n")
                        .replace("\n", "\r\n");
        var after = "\r\n--" + BOUNDARY + "--\r\n";
        return answer(
                api(path)
                        .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                        .POST(
                                BodyPublishers.concat(
                                        BodyPublishers.ofString(before),
                                        BodyPublishers.ofByteArray(file),
                                        BodyPublishers.ofString(after)))
                        .build());
    }

    /** What a mail program or browser does with an address in a message. The status code. */
    int follow(String url) {
        return send(HttpRequest.newBuilder(URI.create(url)).GET().build()).statusCode();
    }

    /** One click on "unsubscribe" in a mail program (RFC 8058 §3.2). The status code. */
    int oneClick(String url) {
        return send(HttpRequest.newBuilder(URI.create(url))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString("List-Unsubscribe=One-Click"))
                        .build())
                .statusCode();
    }

    @Override
    public void close() {
        http.close();
    }

    private HttpRequest.Builder api(String path) {
        return HttpRequest.newBuilder(URI.create(baseUrl + path))
                .header("Authorization", "Bearer " + token);
    }

    private JsonNode answer(HttpRequest request) {
        var response = send(request);
        while (response.statusCode() == 429) {
            pause(response.headers().firstValueAsLong("Retry-After").orElse(1));
            response = send(request);
        }
        if (response.statusCode() != 200) {
            throw new IllegalStateException(
                    "%s %s answered %d: %s"
                            .formatted(
                                    request.method(),
                                    request.uri().getPath(),
                                    response.statusCode(),
                                    response.body()));
        }
        try {
            return json.readTree(response.body());
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return http.send(request, BodyHandlers.ofString(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    static void pause(long seconds) {
        try {
            Thread.sleep(Duration.ofSeconds(seconds));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private String write(Map<String, ?> body) {
        try {
            return json.writeValueAsString(body);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
