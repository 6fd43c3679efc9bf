package io.dynosend.api;

import io.dynosend.account.Principal;
import io.javalin.http.Context;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/** One call of an operation by someone who has shown a token. */
record Call(Context http, Principal principal, Params params) {

    long account() {
        return principal.account();
    }

    void answer(Object body) {
        http.json(body);
    }

    /** An answer without a body. */
    void nothing() {
        http.status(204);
    }

    /** The answer of every operation that only reports how it went. */
    void success(String message) {
        answer(Answers.success(message));
    }

    /** As above, with what the operation made. */
    void success(String message, String key, Object value) {
        SequencedMap<String, Object> body = new LinkedHashMap<>(Answers.success(message));
        body.put(key, value);
        answer(body);
    }

    void success(String message, Map<String, ?> more) {
        SequencedMap<String, Object> body = new LinkedHashMap<>(Answers.success(message));
        body.putAll(more);
        answer(body);
    }
}
