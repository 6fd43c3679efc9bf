package io.dynosend.api;

import io.dynosend.account.Principal;
import io.dynosend.account.Scope;
import io.dynosend.api.Admissions.Admission;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.router.Endpoint;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * All operations under {@code /api/v2}. Each call is checked in the order of the contract: route,
 * token, rate, parameters, resource, permission, state, quota.
 */
public final class Api {

    /** What a section of the document registers. */
    public interface Section {

        /** The part of the API that a token must not be narrowed away from. */
        Scope scope();

        /** Whether only who may change how mail leaves may change anything in it. */
        default boolean isAboutSending() {
            return false;
        }

        void operations(Operations operations);
    }

    /** One operation: reads its parameters, calls one verb, answers. */
    interface Operation {
        void run(Call call) throws Exception;
    }

    /** An operation, and what one must be allowed to call it. */
    record Route(Operation operation, Scope scope, boolean writes, boolean changesSending) {

        /** Whether they may call it. */
        boolean isOpenTo(Principal principal) {
            return principal.may(scope, writes)
                    && (!changesSending || principal.role().changesSending());
        }
    }

    /** The operations of all sections by path and verb. */
    static final class Operations {

        private final SequencedMap<String, SequencedMap<HandlerType, Route>> byPath =
                new LinkedHashMap<>();
        private final Section section;

        private Operations(Section section) {
            this.section = section;
        }

        void get(String path, Operation operation) {
            add(HandlerType.GET, path, operation, false);
        }

        void post(String path, Operation operation) {
            add(HandlerType.POST, path, operation, true);
        }

        /** A POST that changes nothing. */
        void postToRead(String path, Operation operation) {
            add(HandlerType.POST, path, operation, false);
        }

        void patch(String path, Operation operation) {
            add(HandlerType.PATCH, path, operation, true);
        }

        void delete(String path, Operation operation) {
            add(HandlerType.DELETE, path, operation, true);
        }

        private void add(HandlerType verb, String path, Operation operation, boolean writes) {
            byPath.computeIfAbsent(path, _ -> new LinkedHashMap<>())
                    .put(
                            verb,
                            new Route(
                                    operation,
                                    section.scope(),
                                    writes,
                                    writes && section.isAboutSending()));
        }
    }

    /** Bytes of all fields of a multipart body; each operation has a limit of its own below it. */
    public static final int LARGEST_FORM = Bodies.LARGE.most();

    private static final String BASE = "/api/v2";

    // What holds whole messages, or a thousand contacts.
    private static final Set<String> LARGE_BODIES =
            Set.of(
                    "/campaigns",
                    "/campaigns/update",
                    "/contacts/batch",
                    "/transactional",
                    "/transactional/create",
                    "/transactional/update");

    private final SequencedMap<String, SequencedMap<HandlerType, Route>> routes =
            new LinkedHashMap<>();
    private final Admissions admissions;
    private final Execution execution;
    private final Bodies bodies = new Bodies();

    public Api(Admissions admissions, Execution execution, List<Section> sections) {
        this.admissions = admissions;
        this.execution = execution;
        for (var section : sections) {
            var operations = new Operations(section);
            section.operations(operations);
            operations.byPath.forEach((path, verbs) ->
                    routes.computeIfAbsent(path, _ -> new LinkedHashMap<>()).putAll(verbs));
        }
    }

    public void routes(RoutesConfig config) {
        for (String path : List.of("/api", "/api/*")) {
            config.before(path, http -> Answers.headers().forEach(http::header));
        }
        routes.forEach((path, verbs) -> route(config, path, verbs));
    }

    /** The verbs of every path, without the base. */
    public Map<String, Set<String>> verbs() {
        var all = new LinkedHashMap<String, Set<String>>();
        routes.forEach((path, verbs) ->
                all.put(
                        path,
                        verbs.keySet().stream()
                                .map(HandlerType::name)
                                .collect(Collectors.toUnmodifiableSet())));
        return all;
    }

    private void route(
            RoutesConfig config, String path, SequencedMap<HandlerType, Route> operations) {
        var verbs = new LinkedHashMap<>(operations);
        if (verbs.containsKey(HandlerType.GET)) {
            verbs.put(HandlerType.HEAD, Objects.requireNonNull(verbs.get(HandlerType.GET)));
        }
        Verbs.only(config, BASE + path, verbs.keySet());
        verbs.forEach((verb, route) ->
                config.addEndpoint(
                        new Endpoint(verb, BASE + path, http -> run(route, path, http))));
    }

    private void run(Route route, String path, Context http) throws Exception {
        var admission = admissions.admit(http);
        rateHeaders(http, admission);
        try (var body = bodies.read(http, admission.principal().user(), limit(path))) {
            var params = Params.of(http, body.bytes());
            execution.run(route, path, new Call(http, admission.principal(), params), http);
        }
    }

    private static Bodies.Limit limit(String path) {
        if (path.equals("/imports")) return Bodies.FILE;
        return LARGE_BODIES.contains(path) ? Bodies.LARGE : Bodies.USUAL;
    }

    private static void rateHeaders(Context http, Admission admission) {
        http.header("X-RateLimit-Remaining", Integer.toString(admission.remaining()));
    }
}
