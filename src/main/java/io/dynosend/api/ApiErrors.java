package io.dynosend.api;

import io.dynosend.common.Problem;
import io.dynosend.common.Problem.BadInput;
import io.dynosend.common.Problem.Conflict;
import io.dynosend.common.Problem.NotFound;
import io.dynosend.common.Problem.Unauthenticated;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.util.SequencedMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place where something that went wrong becomes a status code of the API document. Always
 * JSON; the document knows no 403, 409, 413, 415 or 422.
 */
public final class ApiErrors {

    private static final Logger log = LoggerFactory.getLogger(ApiErrors.class);

    private ApiErrors() {}

    /** Whether the path belongs to the API, so that its errors are ours. */
    public static boolean concerns(Context http) {
        return http.path().startsWith("/api/");
    }

    /** What a caller did wrong. */
    public static void problem(Problem problem, Context http) {
        int status =
                switch (problem) {
                    case BadInput _, Conflict _ -> 400;
                    case NotFound _ -> 404;
                    case Unauthenticated _ -> 401;
                };
        if (status == 401) http.header("WWW-Authenticate", "Bearer");
        answer(http, status, Answers.error(problem));
    }

    /**
     * What the server itself refuses before or around an operation: unknown path, too large a body.
     */
    public static void refused(HttpResponseException refusal, Context http) {
        switch (refusal.getStatus()) {
            case 404 ->
                    answer(
                            http,
                            404,
                            Answers.error("There is no such endpoint", "unknown_endpoint"));
            case 413 ->
                    answer(
                            http,
                            400,
                            Answers.error("The request body is too large", "body_too_large"));
            default ->
                    answer(
                            http,
                            400,
                            Answers.error("The request cannot be read", "unreadable_request"));
        }
    }

    static void methodNotAllowed(Context http, String allowed) {
        http.header("Allow", allowed);
        answer(
                http,
                405,
                Answers.error(
                        "This endpoint allows " + allowed + ", not " + http.method(),
                        "method_not_allowed"));
    }

    /** Anything else is our fault: logged with its stack, answered neutrally. */
    public static void bug(Exception bug, Context http) {
        log.error("{} {} failed", http.method(), http.path(), bug);
        answer(
                http,
                500,
                Answers.error(
                        "Something went wrong on our side; please try again later",
                        "internal_error"));
    }

    private static void answer(Context http, int status, SequencedMap<String, Object> body) {
        http.status(status).json(body);
    }
}
