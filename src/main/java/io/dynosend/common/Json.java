package io.dynosend.common;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** JSON as the database keeps it. */
public final class Json {

    private static final ObjectMapper MAPPER =
            JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();
    private static final TypeReference<Map<String, String>> STRINGS = new TypeReference<>() {};

    private static final TypeReference<LinkedHashMap<String, @Nullable Object>> VALUES =
            new TypeReference<>() {};

    private Json() {}

    public static String write(Map<String, ? extends @Nullable Object> values) {
        try {
            return MAPPER.writeValueAsString(values);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Not a map of plain values", e);
        }
    }

    /** As {@link #write}, for people to read. */
    public static String pretty(Map<String, ? extends @Nullable Object> values) {
        try {
            return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(values);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Not a map of plain values", e);
        }
    }

    /** The values of a JSON object as strings, in its order. */
    public static Map<String, String> strings(String json) {
        try {
            return MAPPER.readValue(json, STRINGS);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Not a JSON object of strings", e);
        }
    }

    /** The values of a JSON object, in its order. */
    public static SequencedMap<String, @Nullable Object> object(String json) {
        try {
            return MAPPER.readValue(json, VALUES);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Not a JSON object", e);
        }
    }
}
