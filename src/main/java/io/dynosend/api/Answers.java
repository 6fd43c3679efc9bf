package io.dynosend.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dynosend.common.Problem;
import io.dynosend.common.Problem.BadInput;
import io.dynosend.common.Uid;
import io.javalin.http.Context;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** The shapes that all answers share. */
final class Answers {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    static final String JSON = "application/json";

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Answers() {}

    /** Those of every answer, until more is known of who asks. */
    static Map<String, String> headers() {
        String rate = Integer.toString(Admissions.REQUESTS_A_SECOND);
        return Map.of(
                "Cache-Control",
                "no-store, private",
                "X-Content-Type-Options",
                "nosniff",
                "X-Frame-Options",
                "DENY",
                "Cross-Origin-Resource-Policy",
                "same-origin",
                "X-Request-Id",
                Uid.random(),
                "X-RateLimit-Limit",
                rate,
                "X-RateLimit-Remaining",
                rate);
    }

    static byte[] json(Object body) {
        try {
            return MAPPER.writeValueAsBytes(body);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Not maps, lists and plain values", e);
        }
    }

    /**
     * Sends an answer.
     *
     * @param json null: none
     */
    static void send(Context http, int status, byte @Nullable [] json) {
        http.status(status);
        // The framework sets a type before anybody knows whether there is a body.
        http.res().setContentType(json == null ? null : JSON);
        if (json != null) http.result(json);
    }

    static SequencedMap<String, Object> success(String message) {
        var body = new LinkedHashMap<String, Object>();
        body.put("status", "success");
        body.put("message", message);
        return body;
    }

    static SequencedMap<String, Object> error(String message, String code) {
        var body = new LinkedHashMap<String, Object>();
        body.put("status", "error");
        body.put("message", message);
        body.put("code", code);
        return body;
    }

    static SequencedMap<String, Object> error(Problem problem) {
        var body = error(problem.getMessage(), problem.code());
        if (problem instanceof BadInput input && !input.fields().isEmpty()) {
            body.put("errors", input.fields());
        }
        return body;
    }

    /** UTC with six digits of a second, as the document shows it. */
    static @Nullable String time(@Nullable Instant instant) {
        return instant == null ? null : TIME.format(instant);
    }
}
