package io.dynosend.api;

import io.dynosend.account.ApiTokens;
import io.dynosend.account.Principal;
import io.dynosend.account.Scope;
import io.dynosend.common.Problem.Unauthenticated;
import io.dynosend.common.Uid;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.router.Endpoint;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/** All operations under {@code /api/v2}, each behind a token. */
public final class Api {

    /** What a section of the document registers. */
    interface Section {

        /** The part of the API that a token must not be narrowed away from. */
        Scope scope();

        void operations(Operations operations);
    }

    /** One operation: reads its parameters, calls one verb, answers. */
    interface Operation {
        void run(Call call) throws Exception;
    }

    /** The operations by path and verb. */
    static final class Operations {

        private final SequencedMap<String, SequencedMap<HandlerType, Operation>> byPath =
                new LinkedHashMap<>();

        void get(String path, Operation operation) {
            add(HandlerType.GET, path, operation);
        }

        void post(String path, Operation operation) {
            add(HandlerType.POST, path, operation);
        }

        /** A POST that changes nothing. */
        void postToRead(String path, Operation operation) {
            add(HandlerType.POST, path, operation);
        }

        void patch(String path, Operation operation) {
            add(HandlerType.PATCH, path, operation);
        }

        void delete(String path, Operation operation) {
            add(HandlerType.DELETE, path, operation);
        }

        private void add(HandlerType verb, String path, Operation operation) {
            byPath.computeIfAbsent(path, _ -> new LinkedHashMap<>()).put(verb, operation);
        }
    }

    private static final String BASE = "/api/v2";

    private final ApiTokens tokens;
    private final Operations operations = new Operations();

    public Api(
            ApiTokens tokens,
            AudiencesApi audiences,
            ContactsApi contacts,
            ImportsApi imports,
            CampaignsApi campaigns) {
        this.tokens = tokens;
        List.of(audiences, contacts, imports, campaigns)
                .forEach(section -> section.operations(operations));
    }

    public void routes(RoutesConfig routes) {
        routes.before("/api/*", Api::headers);
        operations.byPath.forEach((path, verbs) -> route(routes, path, verbs));
    }

    private void route(
            RoutesConfig routes, String path, SequencedMap<HandlerType, Operation> verbs) {
        String allowed =
                verbs.keySet().stream().map(HandlerType::name).collect(Collectors.joining(", "));
        routes.before(
                BASE + path,
                http -> {
                    if (!verbs.containsKey(http.method())) {
                        ApiErrors.methodNotAllowed(http, allowed);
                        http.skipRemainingHandlers();
                    }
                });
        verbs.forEach((verb, operation) ->
                routes.addEndpoint(new Endpoint(verb, BASE + path, http -> run(operation, http))));
    }

    private void run(Operation operation, Context http) throws Exception {
        var principal = authenticate(http);
        operation.run(new Call(http, principal, Params.of(http)));
    }

    private Principal authenticate(Context http) {
        String header = http.header("Authorization");
        if (header == null || !header.regionMatches(true, 0, "Bearer ", 0, 7)) {
            throw new Unauthenticated(
                    "Send your API token in the header Authorization: Bearer YOUR_API_TOKEN");
        }
        return tokens.holder(header.substring(7).strip())
                .orElseThrow(() -> new Unauthenticated("The API token is not valid"));
    }

    private static void headers(Context http) {
        http.header("Cache-Control", "no-store, private");
        http.header("X-Content-Type-Options", "nosniff");
        http.header("X-Request-Id", Uid.random());
    }
}
