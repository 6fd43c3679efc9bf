package io.dynosend.api;

import io.javalin.config.RoutesConfig;
import io.javalin.http.HandlerType;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The verbs that a path below {@code /api} takes. */
public final class Verbs {

    private Verbs() {}

    /**
     * Refuses every other verb, and answers OPTIONS.
     *
     * @param verbs in the order they are to be named
     */
    public static void only(RoutesConfig config, String path, Collection<HandlerType> verbs) {
        String allowed =
                Stream.concat(verbs.stream(), Stream.of(HandlerType.OPTIONS))
                        .map(HandlerType::name)
                        .collect(Collectors.joining(", "));
        config.before(
                path,
                http -> {
                    if (http.method().equals(HandlerType.OPTIONS)) {
                        http.header("Allow", allowed);
                        Answers.send(http, 204, null);
                        http.skipRemainingHandlers();
                    } else if (!verbs.contains(http.method())) {
                        ApiErrors.methodNotAllowed(http, allowed);
                        http.skipRemainingHandlers();
                    }
                });
    }

    /** As above, for what can only be read. */
    public static void onlyRead(RoutesConfig config, String path) {
        only(config, path, List.of(HandlerType.GET, HandlerType.HEAD));
    }
}
