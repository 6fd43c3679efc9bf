package io.dynosend.api;

import io.dynosend.account.IdempotentAnswers;
import io.dynosend.account.IdempotentAnswers.Answer;
import io.dynosend.account.Principal;
import io.dynosend.api.Api.Route;
import io.dynosend.common.Problem;
import io.dynosend.common.Problem.BadInput;
import io.dynosend.common.Problem.Conflict;
import io.dynosend.common.Problem.Forbidden;
import io.dynosend.common.Problem.NotFound;
import io.dynosend.database.UnitOfWork;
import io.dynosend.sending.StateChange;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** Runs an operation: for those who may, and only once where they ask for that. */
public final class Execution {

    private static final int LONGEST_KEY = 255;
    private static final String READ_ONLY = "SET TRANSACTION READ ONLY";

    private final Jdbi jdbi;
    private final IdempotentAnswers answers;

    public Execution(Jdbi jdbi, IdempotentAnswers answers) {
        this.jdbi = jdbi;
        this.answers = answers;
    }

    /** Runs the operation and sends its answer. */
    void run(Route route, String path, Call call, Context http) throws Exception {
        if (!route.isOpenTo(call.principal())) throw forbidden(route, call);
        try (var _ = MDC.putCloseable(StateChange.WHO, "user " + call.principal().user())) {
            runAllowed(route, path, call, http);
        }
    }

    private void runAllowed(Route route, String path, Call call, Context http) throws Exception {
        String key = key(http);
        if (key == null) {
            route.operation().run(call);
            call.send();
        } else {
            byte[] request = call.params().fingerprint(path);
            send(http, UnitOfWork.run(jdbi, tx -> once(tx, route, call, key, request)));
        }
    }

    // The contract says 400 and 404 before 401. What would be said is found out in a transaction
    // that cannot write; as soon as all there is left is to do it, they may not.
    private Problem forbidden(Route route, Call call) throws Exception {
        try {
            UnitOfWork.run(
                    jdbi,
                    tx -> {
                        tx.execute(READ_ONLY);
                        route.operation().run(call);
                        return null;
                    });
        } catch (BadInput | NotFound problem) {
            return problem;
        } catch (Problem _) {
            return new Forbidden();
        } catch (RuntimeException e) {
            if (ApiErrors.isWithoutDatabase(e)) throw e;
        }
        return new Forbidden();
    }

    private static @Nullable String key(Context http) {
        String key = http.header("Idempotency-Key");
        if (key == null || !http.method().equals(HandlerType.POST)) return null;
        if (key.isBlank() || key.length() > LONGEST_KEY) {
            throw new BadInput("Idempotency-Key must be 1 to 255 characters");
        }
        return key;
    }

    private record Once(Answer answer, boolean replayed) {}

    private Once once(Handle tx, Route route, Call call, String key, byte[] request)
            throws Exception {
        Principal user = call.principal();
        if (!answers.lock(tx, user, key)) {
            throw new Conflict(
                    "A request with this Idempotency-Key is still running; try again in a moment",
                    "idempotency_in_progress");
        }
        var first = answers.find(tx, user, key);
        if (first.isPresent()) {
            if (!MessageDigest.isEqual(first.get().request(), request)) {
                throw new BadInput(
                        "This Idempotency-Key was used for another request",
                        "idempotency_key_reused");
            }
            return new Once(route.writes() ? first.get() : answer(tx, route, call, request), true);
        }
        var answer = answer(tx, route, call, request);
        // What only reads is read again: nothing of anybody is kept for it.
        answers.keep(tx, user, key, route.writes() ? answer : answer.withoutText());
        return new Once(answer, false);
    }

    // A refusal is an answer too: what was half done is undone, and the repeat hears the same.
    private static Answer answer(Handle tx, Route route, Call call, byte[] request)
            throws Exception {
        tx.savepoint("operation");
        try {
            route.operation().run(call);
            var json = call.json().map(bytes -> new String(bytes, StandardCharsets.UTF_8));
            return new Answer(request, json.isPresent() ? 200 : 204, json.orElse(null));
        } catch (BadInput | NotFound | Conflict problem) {
            tx.rollbackToSavepoint("operation");
            String json = new String(Answers.json(Answers.error(problem)), StandardCharsets.UTF_8);
            return new Answer(request, ApiErrors.status(problem), json);
        }
    }

    private static void send(Context http, Once once) throws IOException {
        if (once.replayed()) http.header("Idempotent-Replayed", "true");
        String json = once.answer().json();
        Answers.send(
                http,
                once.answer().status(),
                json == null ? null : json.getBytes(StandardCharsets.UTF_8));
    }
}
