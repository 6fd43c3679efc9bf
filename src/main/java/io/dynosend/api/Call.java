package io.dynosend.api;

import io.dynosend.account.Principal;
import io.dynosend.contact.Actor;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * One call of an operation by someone who has shown a token. Its answer is kept until the operation
 * is through: what it says must not leave before what it did is committed.
 */
final class Call {

    /** An answer too large to be kept, written as it is read. */
    interface Stream {
        void writeTo(OutputStream out) throws IOException;
    }

    private final Context http;
    private final Principal principal;
    private final Params params;
    private byte @Nullable [] json;
    private @Nullable Stream stream;

    Call(Context http, Principal principal, Params params) {
        this.http = http;
        this.principal = principal;
        this.params = params;
    }

    Principal principal() {
        return principal;
    }

    Params params() {
        return params;
    }

    long account() {
        return principal.account();
    }

    /** Of the connection. */
    String ipAddress() {
        return http.ip();
    }

    @Nullable String userAgent() {
        return http.userAgent();
    }

    /** Who changes a contact by this call. */
    Actor actor() {
        return new Actor("api", principal.user(), ipAddress(), userAgent());
    }

    void answer(Object body) {
        json = Answers.json(body);
    }

    /** An answer without a body. */
    void nothing() {
        json = null;
    }

    /** What is written must hold no connection to the database while the caller does not read. */
    void stream(Stream answer) {
        stream = answer;
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

    /** The JSON of the answer; empty if there is none, or it is a stream. */
    Optional<byte[]> json() {
        return Optional.ofNullable(json);
    }

    /** Writes the answer. */
    void send() throws IOException {
        if (stream == null) {
            Answers.send(http, json == null ? 204 : 200, json);
        } else {
            http.contentType(Answers.JSON);
            stream.writeTo(http.outputStream());
        }
    }
}
