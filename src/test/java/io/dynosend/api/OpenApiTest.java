package io.dynosend.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.dynosend.Http;
import io.dynosend.Http.Reply;
import io.dynosend.account.Scope;
import io.dynosend.api.Calls.Things;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the description of the API to the routes, and its examples to its schemas. */
class OpenApiTest extends ApiTest {

    private static final JsonNode DOCUMENT = OpenApi.load().document();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final SchemaRegistry SCHEMAS =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    private static final Set<String> VERBS = Set.of("get", "post", "patch", "delete");

    private static final Map<String, JsonNode> OPERATIONS = operations(DOCUMENT);

    static List<String> described() {
        return List.copyOf(OPERATIONS.keySet());
    }

    static List<String> examplesToSend() {
        return OPERATIONS.keySet().stream()
                .flatMap(operation -> examples(operation).map(name -> operation + " " + name))
                .toList();
    }

    @Test
    void everyRouteIsDescribedAndEveryDescriptionIsARoute() {
        assertThat(described()).containsExactlyInAnyOrderElementsOf(Calls.all(routes()));
    }

    @Test
    void theDocumentIsServedToAnyoneAndKeptUntilItChanges() {
        var anyone = new Http(http.port(), "no token");

        var first = anyone.get("/api/openapi.json");
        var again = anyone.get("/api/openapi.json", "If-None-Match", first.header("ETag"));

        assertThat(first.status()).isEqualTo(200);
        assertThat(first.header("Content-Type")).isEqualTo("application/json");
        assertThat(first.header("Cache-Control")).isEqualTo("public, no-cache");
        assertThat(first.json()).isEqualTo(DOCUMENT);
        assertThat(again.status()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
    }

    @Test
    void theDocumentTakesGetAndHeadOnly() {
        assertThat(http.call("HEAD", "/api/openapi.json", "").status()).isEqualTo(200);
        assertThat(refused(http.post("/api/openapi.json", "{}"), 405, "method_not_allowed"))
                .isEqualTo("This endpoint allows GET, HEAD, OPTIONS, not POST");
    }

    // https://spec.openapis.org/oas/v3.1.0, sections 4.8.1 to 4.8.17.
    @Test
    void theDocumentIsOpenApi() {
        assertThat(DOCUMENT.get("openapi").asText()).startsWith("3.1.");
        assertThat(DOCUMENT.at("/info/title").isTextual()).isTrue();
        assertThat(DOCUMENT.at("/info/version").isTextual()).isTrue();
        DOCUMENT.get("paths")
                .properties()
                .forEach(path -> {
                    assertThat(path.getKey()).startsWith("/");
                    assertThat(keys(path.getValue())).isSubsetOf(VERBS);
                });
        assertThat(keys(DOCUMENT.get("components")))
                .isSubsetOf("schemas", "responses", "parameters", "headers", "securitySchemes");
        var names = OPERATIONS.values().stream().map(each -> each.get("operationId").asText());
        assertThat(names).doesNotHaveDuplicates();
    }

    @Test
    void everyReferenceLeadsSomewhereAndEveryComponentIsUsed() {
        var references =
                DOCUMENT.findValuesAsText("$ref").stream()
                        .map(reference -> reference.substring(1))
                        .collect(Collectors.toSet());

        assertThat(references).allMatch(each -> !DOCUMENT.at(each).isMissingNode());
        for (var kind : List.of("schemas", "responses", "parameters", "headers")) {
            for (var name : keys(DOCUMENT.at("/components/" + kind))) {
                assertThat(references).contains("/components/%s/%s".formatted(kind, name));
            }
        }
    }

    @Test
    void everySchemaIsJsonSchema() {
        var metaSchema =
                SCHEMAS.getSchema(
                        SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));
        var schemas = new ArrayList<JsonNode>(DOCUMENT.findValues("schema"));
        DOCUMENT.at("/components/schemas").forEach(schemas::add);

        assertThat(schemas).hasSizeGreaterThan(100);
        for (var schema : schemas) assertThat(metaSchema.validate(schema)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("described")
    void everyOperationSaysAllThatOneNeedsToCallIt(String name) {
        var operation = operation(name);
        var tags = DOCUMENT.get("tags").valueStream().map(tag -> tag.get("name").asText());

        assertThat(operation.get("summary").asText()).isNotBlank();
        assertThat(operation.get("description").asText()).isNotBlank();
        assertThat(tags.toList()).contains(operation.at("/tags/0").asText());
        assertThat(keys(operation.get("responses")))
                .contains("400", "401", "404", "405", "429", "500", "503");
        for (var parameter : operation.path("parameters")) {
            if (parameter.has("$ref")) continue;
            assertThat(parameter.get("in").asText()).isEqualTo("query");
            assertThat(parameter.path("description").asText()).isNotBlank();
        }
    }

    @ParameterizedTest
    @MethodSource("described")
    void everyExampleIsWhatItsSchemaSays(String name) {
        String at = pointer(name);
        var operation = operation(name);
        operation
                .at("/requestBody/content")
                .properties()
                .forEach(form ->
                        valid(
                                at + "/requestBody/content/" + escaped(form.getKey()),
                                form.getValue()));
        operation
                .get("responses")
                .properties()
                .forEach(response -> {
                    String json = "/content/application~1json";
                    if (response.getValue().has("content")) {
                        valid(
                                at + "/responses/" + response.getKey() + json,
                                response.getValue().at(json));
                        assertThat(keys(response.getValue().at(json + "/examples")))
                                .isEqualTo(examples(name).collect(Collectors.toSet()));
                    }
                });
    }

    @Test
    void everyExampleOfAnErrorIsWhatItsSchemaSays() {
        DOCUMENT.at("/components/responses")
                .properties()
                .forEach(response ->
                        valid(
                                "/components/responses/%s/content/application~1json"
                                        .formatted(response.getKey()),
                                response.getValue().at("/content/application~1json")));
    }

    /** With no more rights than the operation is said to need. */
    @ParameterizedTest
    @MethodSource("examplesToSend")
    void everyExampleCanBeSentAndIsAnsweredAsDescribed(String nameOfExample) {
        String name = nameOfExample.substring(0, nameOfExample.lastIndexOf(' '));
        String example = nameOfExample.substring(name.length() + 1);
        var things = new EveryOperationTest().things(http);
        if (name.startsWith("GET ")) fillLists(things);
        var parameters = parameters(name, example);
        Calls.parameters(name, things)
                .forEach((key, value) -> {
                    if (key.endsWith("_uid")) parameters.replace(key, value);
                });

        var reply = EveryOperationTest.send(entitled(name), name, "json", parameters);

        var success = operation(name).get("responses").properties().iterator().next();
        assertThat(reply.status() + reply.body()).startsWith(success.getKey());
        if (reply.status() != 204) answeredAsDescribed(reply, name, example);
    }

    // Of an empty list there is nothing to compare.
    private void fillLists(Things things) {
        call("POST", "/blacklist/add", "{\"email\": \"bademail@gmail.com\"}");
        ok(
                call(
                        "POST",
                        "/transactional",
                        "{\"transactional_uid\": \"%s\", \"recipient\": \"jake@gmail.com\"}"
                                .formatted(things.uid("transactional_uid"))));
    }

    private void answeredAsDescribed(Reply reply, String name, String example) {
        String at = "/responses/200/content/application~1json";
        assertThat(schema(pointer(name) + at + "/schema").validate(reply.json()))
                .as(reply.body())
                .isEmpty();
        var shown = operation(name).at(at + "/examples/%s/value".formatted(example));
        assertThat(order(reply.json())).isEqualTo(order(shown));
    }

    private Http entitled(String name) {
        var operation = operation(name);
        String scope =
                DOCUMENT.get("tags")
                        .valueStream()
                        .filter(tag -> tag.get("name").equals(operation.at("/tags/0")))
                        .map(tag -> tag.get("x-scope").asText())
                        .findFirst()
                        .orElseThrow();
        boolean reads = name.startsWith("GET ") || operation.path("x-reads").asBoolean();
        return http.as(narrowed(http.token(), Scope.of(scope), reads));
    }

    private static Map<String, Object> parameters(String name, String example) {
        var content = operation(name).at("/requestBody/content").iterator().next();
        var parameters = new LinkedHashMap<String, Object>();
        content.at("/examples/%s/value".formatted(example))
                .properties()
                .forEach(each ->
                        parameters.put(
                                each.getKey(), JSON.convertValue(each.getValue(), Object.class)));
        return parameters;
    }

    private static void valid(String pointer, JsonNode content) {
        if (!content.has("examples")) return;
        var schema = schema(pointer + "/schema");
        for (var example : content.get("examples")) {
            assertThat(schema.validate(example.get("value"))).as(pointer).isEmpty();
        }
    }

    /** Whatever stands at this place of the document, where its references are at home. */
    private static Schema schema(String pointer) {
        var root = (ObjectNode) DOCUMENT.deepCopy();
        return SCHEMAS.getSchema(root.put("$ref", "#" + pointer));
    }

    /**
     * The keys in their order, of the first of a list too; custom fields differ and are left out.
     */
    private static List<String> order(JsonNode value) {
        if (value.isArray()) return value.isEmpty() ? List.of() : order(value.get(0));
        var keys = new ArrayList<String>();
        value.properties()
                .forEach(each -> {
                    if (each.getKey().equals(each.getKey().toUpperCase(Locale.ROOT))) return;
                    keys.add(each.getKey());
                    if (each.getValue().isObject()) keys.addAll(order(each.getValue()));
                });
        return keys;
    }

    private static Map<String, JsonNode> operations(JsonNode document) {
        var operations = new LinkedHashMap<String, JsonNode>();
        document.get("paths")
                .properties()
                .forEach(path ->
                        path.getValue()
                                .properties()
                                .forEach(verb ->
                                        operations.put(
                                                verb.getKey().toUpperCase(Locale.ROOT)
                                                        + " "
                                                        + path.getKey(),
                                                verb.getValue())));
        return operations;
    }

    private static JsonNode operation(String name) {
        return Objects.requireNonNull(OPERATIONS.get(name), name);
    }

    private static Stream<String> examples(String name) {
        var content = operation(name).at("/requestBody/content").iterator().next();
        return keys(content.get("examples")).stream();
    }

    private static String pointer(String name) {
        int space = name.indexOf(' ');
        return "/paths/%s/%s"
                .formatted(
                        escaped(name.substring(space + 1)),
                        name.substring(0, space).toLowerCase(Locale.ROOT));
    }

    // RFC 6901 §3.
    private static String escaped(String key) {
        return key.replace("~", "~0").replace("/", "~1");
    }

    private static Set<String> keys(JsonNode object) {
        var keys = new HashSet<String>();
        object.fieldNames().forEachRemaining(keys::add);
        return keys;
    }
}
