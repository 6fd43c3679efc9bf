package io.dynosend.reference;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.core.util.Separators.Spacing;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** JSON as people like to read it: indented, and its parts told apart. */
public final class Code {

    /**
     * Part of a text.
     *
     * @param kind {@code key}, {@code string}, {@code other} (numbers, true, false, null), or empty
     */
    public record Token(String text, String kind) {}

    private static final DefaultIndenter LINES = new DefaultIndenter("  ", "\n");

    private static final ObjectWriter WRITER =
            new ObjectMapper()
                    .writer(
                            new DefaultPrettyPrinter(
                                            Separators.createDefaultInstance()
                                                    .withObjectFieldValueSpacing(Spacing.AFTER)
                                                    .withObjectEmptySeparator("")
                                                    .withArrayEmptySeparator(""))
                                    .withObjectIndenter(LINES)
                                    .withArrayIndenter(LINES));

    private static final Pattern TOKEN =
            Pattern.compile(
                    "(?<key>\"(?:[^\"\\\\]|\\\\.)*\")(?=:)"
                            + "|(?<string>\"(?:[^\"\\\\]|\\\\.)*\")"
                            + "|(?<other>\\b(?:true|false|null)\\b|-?\\d+(?:\\.\\d+)?)");

    private Code() {}

    public static String json(JsonNode value) {
        try {
            return WRITER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** The parts of a JSON text, in order; together they are the text. */
    public static List<Token> tokens(String json) {
        var tokens = new ArrayList<Token>();
        var matcher = TOKEN.matcher(json);
        int end = 0;
        while (matcher.find()) {
            if (matcher.start() > end) {
                tokens.add(new Token(json.substring(end, matcher.start()), ""));
            }
            tokens.add(new Token(matcher.group(), kind(matcher)));
            end = matcher.end();
        }
        tokens.add(new Token(json.substring(end), ""));
        return tokens;
    }

    private static String kind(Matcher matcher) {
        if (matcher.group("key") != null) return "key";
        return matcher.group("string") != null ? "string" : "other";
    }
}
