package io.dynosend.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.dynosend.common.Problem.BadInput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON as the document's own samples write it: with trailing commas and comments. */
final class LenientJson {

    private static final int DEEPEST = 32;
    private static final int LONGEST_NUMBER = 100;
    private static final int LONGEST_NAME = 1_000;

    // A thousand contacts of a hundred fields; each takes the room of many bytes.
    private static final int MOST_TOKENS = 250_000;

    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

    private static final ObjectMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(DEEPEST)
                                                    .maxNumberLength(LONGEST_NUMBER)
                                                    .maxNameLength(LONGEST_NAME)
                                                    .maxTokenCount(MOST_TOKENS)
                                                    .build())
                                    // Names are strangers' text: nothing to keep for good.
                                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                                    .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
                                    .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
                                    .enable(JsonReadFeature.ALLOW_YAML_COMMENTS)
                                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                                    .build())
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .build();

    private LenientJson() {}

    /**
     * The keys of an object; none for an empty text or {@code null}.
     *
     * @throws BadInput if it is not JSON, with line and column, or no object
     */
    static Map<String, @Nullable Object> object(byte[] text) {
        if (isBlank(text)) return Map.of();
        if (!isUtf8(text))
            throw new BadInput("Invalid JSON: the body is not UTF-8", "invalid_json");
        try (var parser = MAPPER.createParser(text)) {
            return object(parser);
        } catch (StreamConstraintsException e) {
            throw new BadInput(
                    ("Invalid JSON: nested over %d deep, a number of over %d digits, a name of over"
                                    + " %,d characters, or over %,d names and values")
                            .formatted(DEEPEST, LONGEST_NUMBER, LONGEST_NAME, MOST_TOKENS),
                    "invalid_json");
        } catch (JsonProcessingException e) {
            throw invalid(e);
        } catch (IOException e) {
            throw new BadInput("Invalid JSON", "invalid_json");
        }
    }

    private static Map<String, @Nullable Object> object(JsonParser parser) throws IOException {
        var start = parser.nextToken();
        Map<String, @Nullable Object> object = Map.of();
        if (start == JsonToken.START_OBJECT) object = MAPPER.readValue(parser, OBJECT);
        else parser.skipChildren();
        if (parser.nextToken() != null) {
            throw new JsonParseException(parser, "More follows the end");
        }
        if (start == null || start == JsonToken.START_OBJECT || start == JsonToken.VALUE_NULL) {
            return object;
        }
        throw new BadInput(
                "Invalid JSON: the body must be an object, such as {\"name\": \"value\"}",
                "invalid_json");
    }

    private static boolean isBlank(byte[] text) {
        for (byte b : text) {
            if (b != ' ' && b != '\t' && b != '\r' && b != '\n') return false;
        }
        return true;
    }

    // RFC 8259 §8.1. The parser would take overlong forms and surrogates.
    private static boolean isUtf8(byte[] text) {
        var decoder = StandardCharsets.UTF_8.newDecoder();
        var in = ByteBuffer.wrap(text);
        var piece = CharBuffer.allocate(8 << 10);
        while (true) {
            var result = decoder.decode(in, piece, true);
            if (result.isError()) return false;
            if (result.isUnderflow()) return true;
            piece.clear();
        }
    }

    private static BadInput invalid(JsonProcessingException e) {
        var place = e.getLocation();
        String where =
                place == null
                        ? ""
                        : " at line %d, column %d"
                                .formatted(place.getLineNr(), place.getColumnNr());
        return new BadInput("Invalid JSON" + where, "invalid_json");
    }
}
