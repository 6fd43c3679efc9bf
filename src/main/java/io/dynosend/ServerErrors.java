package io.dynosend;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dynosend.api.ApiErrors;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the server itself says of a request that no route gets to see: a broken request line, too
 * many headers, an address that cannot be decoded. Programs get JSON, people a line of text.
 */
final class ServerErrors implements Request.Handler {

    private static final Logger log = LoggerFactory.getLogger(ServerErrors.class);

    private static final Set<String> NO_PATHS = Set.of("", "*", "/badMessage");

    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    public boolean handle(Request request, Response response, Callback callback)
            throws JsonProcessingException {
        int status = response.getStatus();
        boolean api = concernsApi(request.getHttpURI().getPath());
        if (api) {
            response.setStatus(ApiErrors.documented(status));
            ApiErrors.headersOfServer().forEach(response.getHeaders()::put);
        }
        response.getHeaders()
                .put(HttpHeader.CONTENT_TYPE, api ? "application/json" : "text/plain;charset=utf-8")
                .put(HttpHeader.CACHE_CONTROL, "no-store, private")
                .put("X-Content-Type-Options", "nosniff");
        Content.Sink.write(response, true, text(api, status), callback);
        return true;
    }

    /** Answers what no exception handler takes: running out of stack or of memory. */
    static void fatal(HttpServletResponse response, Error error) {
        log.error("A request failed", error);
        if (response.isCommitted()) return;
        try {
            response.reset();
            response.sendError(500);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(boolean api, int status) throws JsonProcessingException {
        return api
                ? JSON.writeValueAsString(ApiErrors.ofServer(status))
                : status + " " + HttpStatus.getMessage(status) + "\n";
    }

    // Of a request that cannot be read Jetty does not tell the path. A person can read JSON too.
    private static boolean concernsApi(@Nullable String path) {
        return path == null || NO_PATHS.contains(path) || ApiErrors.concerns(path);
    }
}
