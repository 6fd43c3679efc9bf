package io.dynosend.reference;

import com.fasterxml.jackson.databind.JsonNode;
import io.dynosend.api.OpenApi;
import io.dynosend.reference.Chapter.Entry;
import io.dynosend.reference.Chapter.Example;
import io.dynosend.reference.Chapter.Parameter;
import io.dynosend.reference.Chapter.Refusal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The sections of the reference, as the description of the API has them. */
final class Chapters {

    private static final String JSON = "application/json";

    private final OpenApi api;
    private final String baseUrl;

    /**
     * @param baseUrl of this installation, for its examples
     */
    Chapters(OpenApi api, String baseUrl) {
        this.api = api;
        this.baseUrl = baseUrl;
    }

    List<Chapter> all() {
        var chapters = new ArrayList<Chapter>();
        for (var tag : api.document().get("tags")) {
            String name = tag.get("name").asText();
            chapters.add(
                    new Chapter(
                            name,
                            tag.get("description").asText(),
                            tag.get("x-scope").asText(),
                            entries(name)));
        }
        return chapters;
    }

    private List<Entry> entries(String tag) {
        var entries = new ArrayList<Entry>();
        api.document()
                .get("paths")
                .properties()
                .forEach(path ->
                        path.getValue().properties().stream()
                                .filter(verb -> verb.getValue().at("/tags/0").asText().equals(tag))
                                .map(verb -> entry(path.getKey(), verb))
                                .forEach(entries::add));
        // A path holds all its verbs, but deleting is what one looks for last.
        entries.sort(Comparator.comparing(entry -> entry.verb().equals("DELETE")));
        return entries;
    }

    private Entry entry(String path, Map.Entry<String, JsonNode> verb) {
        var operation = verb.getValue();
        return new Entry(
                Chapter.anchor(operation.get("summary").asText()),
                verb.getKey().toUpperCase(Locale.ROOT),
                path,
                operation.get("summary").asText(),
                operation.get("description").asText(),
                verb.getKey().equals("get") || operation.path("x-reads").asBoolean(),
                verb.getKey().equals("post"),
                parameters(content(operation).getValue()),
                examples(path, verb.getKey(), operation),
                refusals(operation));
    }

    // The first form is the one that is written by hand.
    private static Map.Entry<String, JsonNode> content(JsonNode operation) {
        return operation.at("/requestBody/content").properties().iterator().next();
    }

    private List<Parameter> parameters(JsonNode content) {
        var schema = api.resolve(content.get("schema"));
        var parameters =
                new ArrayList<>(
                        schema.path("properties").properties().stream()
                                .map(each -> parameter(schema, each.getKey(), each.getValue()))
                                .toList());
        if (schema.has("additionalProperties")) {
            var more = api.resolve(schema.get("additionalProperties"));
            parameters.add(
                    new Parameter(
                            "CUSTOM_FIELD_TAG",
                            type(more),
                            false,
                            more.path("description").asText(),
                            List.of(),
                            List.of()));
        }
        return parameters;
    }

    private Parameter parameter(JsonNode object, String name, JsonNode reference) {
        var schema = api.resolve(reference);
        var items = api.resolve(schema.path("items"));
        return new Parameter(
                name,
                type(schema),
                OpenApi.requires(object, name),
                schema.path("description").asText(),
                schema.path("enum").valueStream().map(JsonNode::asText).toList(),
                keys(schema.has("items") ? items : schema));
    }

    private static List<String> keys(JsonNode schema) {
        return schema.path("properties").propertyStream().map(Map.Entry::getKey).toList();
    }

    private static String type(JsonNode schema) {
        var type = schema.path("type");
        if (schema.has("contentMediaType")) return "file";
        if (type.isTextual()) return type.asText();
        return type.valueStream()
                .map(JsonNode::asText)
                .filter(each -> !each.equals("null"))
                .collect(Collectors.joining(" or "));
    }

    private List<Example> examples(String path, String verb, JsonNode operation) {
        var success = operation.get("responses").properties().iterator().next();
        var content = content(operation);
        return content.getValue().get("examples").properties().stream()
                .map(each -> {
                    var answer =
                            success.getValue()
                                    .path("content")
                                    .path(JSON)
                                    .path("examples")
                                    .path(each.getKey())
                                    .path("value");
                    return new Example(
                            each.getValue().path("summary").asText(),
                            Curl.of(
                                    verb,
                                    baseUrl + "/api/v2" + path,
                                    content.getKey(),
                                    each.getValue().get("value")),
                            success.getKey(),
                            answer.isMissingNode() ? "" : Code.json(answer));
                })
                .toList();
    }

    private static List<Refusal> refusals(JsonNode operation) {
        return operation
                .path("x-codes")
                .propertyStream()
                .map(each -> new Refusal(each.getKey(), each.getValue().asText()))
                .toList();
    }
}
