package io.dynosend.reference;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.util.Locale;
import java.util.stream.Collectors;

/** A call as one types it into a shell. */
final class Curl {

    private static final String NEXT = " \\\n  ";

    private Curl() {}

    /**
     * The command for a call.
     *
     * @param verb in lower case
     * @param type of the body, where the verb has one
     */
    static String of(String verb, String url, String type, JsonNode parameters) {
        boolean hasBody = verb.equals("post") || verb.equals("patch");
        String query = hasBody || parameters.isEmpty() ? "" : "?" + query(parameters);
        String command =
                "curl -X %s \"%s%s\"".formatted(verb.toUpperCase(Locale.ROOT), url, query)
                        + NEXT
                        + "-H \"Authorization: Bearer YOUR_API_TOKEN\"";
        if (!hasBody) return command;
        return type.equals("multipart/form-data")
                ? command + parts(parameters)
                : command
                        + NEXT
                        + "-H \"Content-Type: application/json\""
                        + NEXT
                        + "-d "
                        + quoted(Code.json(parameters).replace("\n", "\n  "));
    }

    private static String query(JsonNode parameters) {
        return parameters.properties().stream()
                .map(each ->
                        each.getKey() + "=" + URLEncoder.encode(each.getValue().asText(), UTF_8))
                .collect(Collectors.joining("&"));
    }

    private static String parts(JsonNode parameters) {
        return parameters.properties().stream()
                .map(each -> NEXT + "-F " + quoted(each.getKey() + "=" + each.getValue().asText()))
                .collect(Collectors.joining());
    }

    // A quote ends the string, stands for itself, and begins the next (POSIX.1 XCU §2.2.2).
    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
