package io.dynosend.api;

import io.dynosend.common.Problem;
import io.dynosend.common.Problem.BadInput;
import io.dynosend.common.Problem.Conflict;
import io.dynosend.common.Problem.Forbidden;
import io.dynosend.common.Problem.NotFound;
import io.dynosend.common.Problem.QuotaExceeded;
import io.dynosend.common.Problem.TooManyRequests;
import io.dynosend.common.Problem.Unauthenticated;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Map;
import java.util.SequencedMap;
import org.eclipse.jetty.io.EofException;
import org.jspecify.annotations.Nullable;
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
        return concerns(http.path());
    }

    /** As above. */
    public static boolean concerns(String path) {
        return path.equals("/api") || path.startsWith("/api/");
    }

    /** What a caller did wrong. */
    public static void problem(Problem problem, Context http) {
        int status = status(problem);
        if (problem instanceof TooManyRequests limit) {
            http.header("X-RateLimit-Remaining", "0");
            http.header(
                    "Retry-After", Long.toString(limit.retryAfter().plusMillis(999).toSeconds()));
        }
        if (status == 401) http.header("WWW-Authenticate", "Bearer");
        answer(http, status, Answers.error(problem));
    }

    static int status(Problem problem) {
        return switch (problem) {
            case BadInput _, Conflict _ -> 400;
            case NotFound _ -> 404;
            case Unauthenticated _, Forbidden _, QuotaExceeded _ -> 401;
            case TooManyRequests _ -> 429;
        };
    }

    /**
     * What the server itself refuses before or around an operation: unknown path, too large a body.
     */
    public static void refused(HttpResponseException refusal, Context http) {
        int status = refusal.getStatus();
        answer(http, documented(status), ofServer(status));
    }

    /** The status of the document's table that stands for any status of the server. */
    public static int documented(int status) {
        return switch (status) {
            case 404, 503 -> status;
            default -> isOurFault(status) ? 500 : 400;
        };
    }

    /** The body of an answer that no operation gives, for any status of the server. */
    public static SequencedMap<String, Object> ofServer(int status) {
        return switch (status) {
            case 404 -> Answers.error("There is no such endpoint", "unknown_endpoint");
            case 413 -> Answers.error("The request body is too large", "body_too_large");
            case 414, 431 ->
                    Answers.error(
                            "The address or the headers are too long; parameters may go in the body",
                            "headers_too_large");
            case 503 -> Answers.error("The server is not available; try again", "unavailable");
            default ->
                    isOurFault(status)
                            ? Answers.error(
                                    "Something went wrong on our side; please try again later",
                                    "internal_error")
                            : Answers.error("The request cannot be read", "unreadable_request");
        };
    }

    /** The headers of an answer that no operation gives. */
    public static Map<String, String> headersOfServer() {
        return Answers.headers();
    }

    // 505 is what a request gets that claims an HTTP version nobody has heard of.
    private static boolean isOurFault(int status) {
        return status >= 500 && status != 505;
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

    /**
     * Anything else is our fault, unless the caller is gone: logged with its stack, answered
     * neutrally.
     */
    public static void bug(Exception bug, Context http) {
        if (isWithoutDatabase(bug)) {
            log.error("{} {} failed: the database does not answer", http.method(), http.path());
            http.header("Retry-After", "5");
            answer(
                    http,
                    503,
                    Answers.error(
                            "The database does not answer; please try again later", "unavailable"));
            return;
        }
        if (isHungUp(bug)) log.debug("{} {}: the caller hung up", http.method(), http.path());
        else log.error("{} {} failed", http.method(), http.path(), bug);
        answer(http, 500, ofServer(500));
    }

    private static boolean isHungUp(@Nullable Throwable failure) {
        return failure != null && (failure instanceof EofException || isHungUp(failure.getCause()));
    }

    // SQLSTATE classes 08 (connection) and 57P (shutdown), and a pool that has none to give.
    static boolean isWithoutDatabase(Throwable bug) {
        for (Throwable cause = bug; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLTransientConnectionException) return true;
            if (cause instanceof SQLException failure && failure.getSQLState() != null) {
                return failure.getSQLState().startsWith("08")
                        || failure.getSQLState().startsWith("57P");
            }
        }
        return false;
    }

    private static void answer(Context http, int status, SequencedMap<String, Object> body) {
        Answers.send(http, status, Answers.json(body));
    }
}
