package io.dynosend.reference;

import java.util.List;
import java.util.Locale;

/**
 * A section of the reference.
 *
 * @param scope what a token must not be narrowed away from
 */
public record Chapter(String name, String description, String scope, List<Entry> entries) {

    /** Its name in addresses. */
    public String anchor() {
        return anchor(name);
    }

    static String anchor(String words) {
        return words.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    }

    /**
     * An operation.
     *
     * @param anchor its name in addresses
     * @param reads it changes nothing
     * @param idempotent it takes an {@code Idempotency-Key}
     */
    public record Entry(
            String anchor,
            String verb,
            String path,
            String summary,
            String description,
            boolean reads,
            boolean idempotent,
            List<Parameter> parameters,
            List<Example> examples,
            List<Refusal> refusals) {}

    /**
     * A parameter.
     *
     * @param choices its only values; empty: any
     * @param keys of an object, or of the objects in a list
     */
    public record Parameter(
            String name,
            String type,
            boolean required,
            String description,
            List<String> choices,
            List<String> keys) {}

    /**
     * A call and its answer.
     *
     * @param title empty where there is only one
     * @param answer JSON; empty where the answer has no body
     */
    public record Example(String title, String curl, String status, String answer) {}

    /** What an operation may refuse, beyond what every operation does. */
    public record Refusal(String code, String reason) {}
}
