package io.dynosend.dashboard;

import io.dynosend.common.EmailAddress;
import io.dynosend.common.Problem;
import io.javalin.http.Context;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What somebody typed, field by field, and what is wrong with it: shown again as it was. */
public final class Form {

    private final Map<String, String> values;
    private final Map<String, String> errors = new LinkedHashMap<>();
    private String problem = "";

    private Form(Map<String, String> values) {
        this.values = values;
    }

    static Form empty() {
        return new Form(Map.of());
    }

    /** One with a name, as it is now. */
    public static Form named(String name) {
        return of(Map.of("name", name));
    }

    /** As something is now. */
    static Form of(Map<String, String> values) {
        return new Form(values);
    }

    static Form of(Context http) {
        var values = new LinkedHashMap<String, String>();
        http.formParamMap()
                .forEach((name, all) -> {
                    // A file has no text, and PostgreSQL knows none with NUL in it.
                    if (!all.isEmpty()) values.put(name, all.getFirst().replace("\0", ""));
                });
        return new Form(values);
    }

    /** Of the fields that were sent. */
    Set<String> names() {
        return values.keySet();
    }

    public String value(String field) {
        return values.getOrDefault(field, "");
    }

    /** Empty: nothing is wrong. */
    public String error(String field) {
        return errors.getOrDefault(field, "");
    }

    /** The fields in error. */
    public List<String> wrongFields() {
        return List.copyOf(errors.keySet());
    }

    /** What is wrong with all of it; empty: nothing. */
    public String problem() {
        return problem;
    }

    /** Of the fields in error, the first to put the cursor in. */
    public String firstError() {
        return errors.isEmpty() ? "" : errors.keySet().iterator().next();
    }

    boolean checked(String field) {
        return value(field).equals("on");
    }

    String text(String field) {
        return value(field).strip();
    }

    /** The text of a field that must not be empty; an error otherwise. */
    String required(String field, String error) {
        String text = text(field);
        if (text.isEmpty()) errors.put(field, error);
        return text;
    }

    /** An address; an error when it is none. */
    EmailAddress email(String field) {
        try {
            return new EmailAddress(text(field));
        } catch (Problem e) {
            errors.put(field, "This is not an e-mail address, such as ada@example.org");
            return new EmailAddress("nobody@example.org");
        }
    }

    Form wrong(String field, String error) {
        errors.put(field, error);
        return this;
    }

    Form refused(Problem why) {
        problem = Objects.requireNonNullElse(why.getMessage(), "That did not work");
        return this;
    }

    /** As {@link #refused(Problem)}, at the field that the reason begins with, if it is one. */
    Form refused(Problem why, List<String> fields) {
        String said = why.getMessage();
        return fields.stream()
                .filter(field -> said.startsWith(field + " "))
                .findFirst()
                .map(field -> wrong(field, Moments.sentence(said)))
                .orElseGet(() -> refused(why));
    }

    public boolean isFine() {
        return errors.isEmpty() && problem.isEmpty();
    }

    /** The lines of a field that are not empty. */
    List<String> parts(String field) {
        return value(field).lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    }
}
