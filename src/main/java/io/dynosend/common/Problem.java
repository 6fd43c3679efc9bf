package io.dynosend.common;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;

/**
 * What a caller did wrong, in words they can act on. Edges decide how to show it.
 *
 * <p>Each carries a {@link #code}: one lower-case word for programs, stable once published.
 */
public abstract sealed class Problem extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String code;

    private Problem(String message, String code) {
        super(message, null, false, false);
        this.code = code;
    }

    public final String code() {
        return code;
    }

    /** The text for the caller. */
    @Override
    public final String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }

    /** Input that cannot be used: missing, malformed, or more than is allowed. */
    public static final class BadInput extends Problem {

        private static final long serialVersionUID = 1L;

        private final transient SequencedMap<String, List<String>> fields;

        public BadInput(String message) {
            this(message, "bad_input");
        }

        public BadInput(String message, String code) {
            super(message, code);
            this.fields = new LinkedHashMap<>();
        }

        /**
         * @param fields what is wrong with each field, by its name in the request; at least one
         */
        public BadInput(SequencedMap<String, List<String>> fields) {
            super(fields.firstEntry().getValue().getFirst(), "bad_input");
            this.fields = new LinkedHashMap<>(fields);
        }

        /**
         * What is wrong with each field, by its name in the request; empty when it is no field's
         * fault.
         */
        public Map<String, List<String>> fields() {
            return fields;
        }

        public static BadInput missing(String field) {
            return new BadInput("Missing parameter: " + field, "missing_parameter");
        }
    }

    /** There is no such thing in this account. Says the same of another account's things. */
    public static final class NotFound extends Problem {

        private static final long serialVersionUID = 1L;

        public NotFound(String what) {
            super(what + " not found", "not_found");
        }
    }

    /** Well-formed, but refused by the thing's present state. */
    public static final class Conflict extends Problem {

        private static final long serialVersionUID = 1L;

        public Conflict(String message, String code) {
            super(message, code);
        }
    }

    /** No token, or none that is known. */
    public static final class Unauthenticated extends Problem {

        private static final long serialVersionUID = 1L;

        public Unauthenticated(String message) {
            super(message, "unauthenticated");
        }
    }

    /** Known, but lacking the role or the scope. */
    public static final class Forbidden extends Problem {

        private static final long serialVersionUID = 1L;

        public Forbidden() {
            this(
                    "You are not authorized to access this resource; contact your account"
                            + " administrator");
        }

        public Forbidden(String message) {
            super(message, "forbidden");
        }
    }

    /** More mails than the account may send this month. */
    public static final class QuotaExceeded extends Problem {

        private static final long serialVersionUID = 1L;

        public QuotaExceeded(String message) {
            super(message, "quota_exceeded");
        }
    }

    /** More requests than a user may make in a second. */
    public static final class TooManyRequests extends Problem {

        private static final long serialVersionUID = 1L;

        private final Duration retryAfter;

        public TooManyRequests(Duration retryAfter) {
            super("You are sending too many requests quickly; pace your requests", "rate_limited");
            this.retryAfter = retryAfter;
        }

        public Duration retryAfter() {
            return retryAfter;
        }
    }
}
