package io.dynosend.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * The description of the API (OpenAPI 3.1), at {@code /api/openapi.json}. It is written by hand,
 * section by section, in {@code resources/openapi}; what holds for every operation, such as the
 * forms of its parameters and its errors, is written once and added here.
 */
public final class OpenApi {

    private static final List<String> SECTIONS =
            List.of(
                    "audiences",
                    "contacts",
                    "imports",
                    "campaigns",
                    "transactional",
                    "blacklist",
                    "domains",
                    "relays",
                    "templates");

    private record Named(String name, String component) {}

    private static final List<Named> ERRORS =
            List.of(
                    new Named("400", "BadRequest"),
                    new Named("401", "Unauthorized"),
                    new Named("404", "NotFound"),
                    new Named("405", "MethodNotAllowed"),
                    new Named("429", "TooManyRequests"),
                    new Named("500", "InternalError"),
                    new Named("503", "Unavailable"));

    private static final List<Named> HEADERS =
            List.of(
                    new Named("X-RateLimit-Limit", "RateLimitLimit"),
                    new Named("X-RateLimit-Remaining", "RateLimitRemaining"),
                    new Named("X-Request-Id", "RequestId"));

    private static final Named REPLAYED = new Named("Idempotent-Replayed", "IdempotentReplayed");

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final ObjectNode document;
    private final byte[] json;
    private final String tag;

    private OpenApi(ObjectNode document) throws JsonProcessingException {
        this.document = document;
        this.json = MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(document);
        this.tag = '"' + UUID.nameUUIDFromBytes(json).toString() + '"';
    }

    /** Reads the document, which is part of the program. */
    public static OpenApi load() {
        try {
            var document = read("document");
            for (var section : SECTIONS) {
                var part = read(section);
                merge(part.get("paths"), document.withObject("/paths"));
                merge(part.get("schemas"), document.withObject("/components/schemas"));
            }
            for (var path : document.get("paths")) {
                path.properties()
                        .forEach(verb ->
                                complete(verb.getKey(), (ObjectNode) verb.getValue(), document));
            }
            return new OpenApi(document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The whole document; not to be changed. */
    public JsonNode document() {
        return document;
    }

    /** A schema without its {@code $ref}; what stands beside that wins over what it refers to. */
    public JsonNode resolve(JsonNode schema) {
        return resolve(schema, document);
    }

    /** Whether an object of this schema must have the property. */
    public static boolean requires(JsonNode schema, String property) {
        return schema.path("required").valueStream().anyMatch(it -> it.asText().equals(property));
    }

    public void routes(RoutesConfig config) {
        Verbs.onlyRead(config, "/api/openapi.json");
        config.get("/api/openapi.json", this::show);
        config.head("/api/openapi.json", this::show);
    }

    // It says nothing about anyone, and changes with the program only.
    private void show(Context http) {
        http.header("Cache-Control", "public, no-cache").header("ETag", tag);
        if (tag.equals(http.header("If-None-Match"))) http.status(304);
        else Answers.send(http, 200, json);
    }

    private static ObjectNode read(String part) throws IOException {
        try (var in = OpenApi.class.getResourceAsStream("/openapi/" + part + ".json")) {
            return (ObjectNode) MAPPER.readTree(Objects.requireNonNull(in, part));
        }
    }

    private static void merge(JsonNode part, ObjectNode whole) {
        part.properties()
                .forEach(each -> {
                    if (whole.has(each.getKey())) {
                        throw new IllegalStateException("Described twice: " + each.getKey());
                    }
                    whole.set(each.getKey(), each.getValue());
                });
    }

    private static void complete(String verb, ObjectNode operation, ObjectNode document) {
        otherForms((ObjectNode) operation.at("/requestBody/content"));
        if (verb.equals("get") || verb.equals("delete")) query(operation, document);
        if (verb.equals("post")) {
            operation.withArray("/parameters").add(reference("parameters", "IdempotencyKey"));
        }
        operation
                .get("responses")
                .forEach(success -> headers(verb, ((ObjectNode) success).withObject("/headers")));
        for (var error : ERRORS) {
            operation
                    .withObject("/responses")
                    .set(error.name(), reference("responses", error.component()));
        }
    }

    // Whatever may be sent as JSON may be sent as a form; a file only as multipart.
    private static void otherForms(ObjectNode content) {
        var json = content.get(Answers.JSON);
        if (json == null) return;
        for (var form : List.of("application/x-www-form-urlencoded", "multipart/form-data")) {
            content.putObject(form).set("schema", json.get("schema"));
        }
    }

    // Where a body is unusual, the query is the first choice; the body is taken all the same.
    private static void query(ObjectNode operation, ObjectNode document) {
        var body = operation.withObject("/requestBody");
        body.put(
                "description",
                "The same parameters, for callers that send them as a body with this verb too; then"
                        + " the query may be empty.");
        var content = body.at("/content/application~1json");
        var schema = resolve(content.get("schema"), document);
        schema.path("properties")
                .properties()
                .forEach(property -> {
                    String name = property.getKey();
                    var parameter = operation.withArray("/parameters").addObject();
                    parameter.put("name", name).put("in", "query");
                    parameter.put("required", requires(schema, name));
                    var resolved = resolve(property.getValue(), document);
                    parameter.set("description", resolved.path("description"));
                    parameter.set("schema", property.getValue());
                    example(name, content).ifPresent(value -> parameter.set("example", value));
                });
    }

    private static JsonNode resolve(JsonNode schema, ObjectNode document) {
        if (!schema.has("$ref")) return schema;
        var target = document.at(schema.get("$ref").asText().substring(1));
        var resolved = ((ObjectNode) resolve(target, document)).deepCopy();
        resolved.setAll((ObjectNode) schema);
        resolved.remove("$ref");
        return resolved;
    }

    private static Optional<JsonNode> example(String name, JsonNode content) {
        return content.path("examples")
                .valueStream()
                .map(each -> each.path("value").path(name))
                .filter(value -> !value.isMissingNode())
                .findFirst();
    }

    private static void headers(String verb, ObjectNode headers) {
        for (var header : HEADERS) {
            headers.set(header.name(), reference("headers", header.component()));
        }
        if (verb.equals("post")) {
            headers.set(REPLAYED.name(), reference("headers", REPLAYED.component()));
        }
    }

    private static ObjectNode reference(String kind, String name) {
        return MAPPER.createObjectNode().put("$ref", "#/components/%s/%s".formatted(kind, name));
    }
}
