package io.dynosend;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;

/** Calls the running program the way its users do. */
public record Http(int port, String token) {

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final ObjectMapper JSON = new ObjectMapper();

    public record Reply(int status, String body, HttpHeaders headers) {

        public JsonNode json() {
            return Http.json(body);
        }

        public String header(String name) {
            return headers.firstValue(name).orElse("");
        }
    }

    public Http as(String otherToken) {
        return new Http(port, otherToken);
    }

    public Reply get(String path, String... headers) {
        return send(request("GET", path, "", headers));
    }

    public Reply post(String path, String body, String... headers) {
        return send(request("POST", path, body, headers));
    }

    public Reply patch(String path, String body, String... headers) {
        return send(request("PATCH", path, body, headers));
    }

    public Reply call(String verb, String path, String body, String... headers) {
        return send(request(verb, path, body, headers));
    }

    /** A form with fields and one file, as a browser sends it. */
    public Reply upload(
            String path,
            Map<String, String> fields,
            String fileName,
            byte[] file,
            String... headers) {
        var before = new StringBuilder();
        fields.forEach((name, value) ->
                before.append("--limit\r\nContent-Disposition: form-data; name=\"")
                        .append(name)
                        .append("\"\r\n\r\n")
                        .append(value)
                        .append("\r\n"));
        before.append("--limit\r\nContent-Disposition: form-data; name=\"file\"; filename=\"")
                .append(fileName)
                .append("\"\r\nContent-Type: text/csv\r\n\r\n");
        var request =
                HttpRequest.newBuilder(uri(path))
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", "multipart/form-data; boundary=limit")
                        .POST(
                                BodyPublishers.concat(
                                        BodyPublishers.ofString(before.toString()),
                                        BodyPublishers.ofByteArray(file),
                                        BodyPublishers.ofString("\r\n--limit--\r\n")));
        for (int i = 0; i < headers.length; i += 2) request.setHeader(headers[i], headers[i + 1]);
        return send(request.build());
    }

    public static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("Not JSON: " + text, e);
        }
    }

    private HttpRequest request(String verb, String path, String body, String... headers) {
        var request =
                HttpRequest.newBuilder(uri(path))
                        .header("Authorization", "Bearer " + token)
                        .method(
                                verb,
                                body.isEmpty()
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString(body));
        for (int i = 0; i < headers.length; i += 2) request.setHeader(headers[i], headers[i + 1]);
        return request.build();
    }

    private URI uri(String path) {
        return URI.create(path.startsWith("http") ? path : "http://localhost:" + port + path);
    }

    private static Reply send(HttpRequest request) {
        try {
            var response = CLIENT.send(request, BodyHandlers.ofString());
            return new Reply(response.statusCode(), response.body(), response.headers());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
