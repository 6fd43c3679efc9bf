package io.dynosend.dashboard;

import java.net.URI;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What addresses of the same kind have in common: the route, and the names in the query. Of a
 * query's values only short words count, by which tabs and filters differ.
 */
public final class PagePattern {

    private static final String WORD = "[a-z_-]{1,20}";
    // Each column both ways would be the same page again.
    private static final List<String> OF_NO_INTEREST = List.of("sort", "dir", "search", "tag");

    private final List<String> routes;

    /**
     * @param routes such as {@code /app/campaigns/{campaign}}
     */
    public PagePattern(List<String> routes) {
        this.routes =
                routes.stream()
                        .distinct()
                        // What is written out goes before what is any.
                        .sorted(
                                Comparator.comparing(
                                        (String route) -> route.replace("{", "\uFFFF")))
                        .toList();
    }

    /** Which route answers this; the path itself with its uids left out if none does. */
    public String route(String href) {
        String path = URI.create(href).getPath();
        return routes.stream()
                .filter(route -> matches(route, path))
                .findFirst()
                .orElse(path.replaceAll("/([0-9]+|(?=[a-z]*[0-9])[0-9a-z]{13})(?=/|$)", "/*"));
    }

    /** Whether any route answers this. */
    public boolean isKnown(String href) {
        String path = URI.create(href).getPath();
        return routes.stream().anyMatch(route -> matches(route, path));
    }

    /** Of a whole address. */
    public String of(String href) {
        String query = URI.create(href).getRawQuery();
        if (query == null || query.isEmpty()) return route(href);
        return route(href)
                + Arrays.stream(query.split("&"))
                        .map(PagePattern::part)
                        .filter(part -> !part.isEmpty())
                        .sorted()
                        .collect(Collectors.joining("&", "?", ""));
    }

    private static String part(String pair) {
        int equals = pair.indexOf('=');
        String name = equals < 0 ? pair : pair.substring(0, equals);
        String value = equals < 0 ? "" : pair.substring(equals + 1);
        if (value.isEmpty()) return "";
        return name + "=" + (value.matches(WORD) && !OF_NO_INTEREST.contains(name) ? value : "*");
    }

    private static boolean matches(String route, String path) {
        return path.matches(
                Arrays.stream(route.split("/"))
                        .map(part -> part.startsWith("{") ? "[^/]+" : part.replace(".", "\\."))
                        .collect(Collectors.joining("/")));
    }
}
