package io.dynosend.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.javalin.http.Context;
import java.net.URLEncoder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The address of a page with its query, and the same with something else in it. */
public final class Address {

    private final String path;
    private final Map<String, String> query;

    private Address(String path, Map<String, String> query) {
        this.path = path;
        this.query = query;
    }

    static Address of(Visit visit) {
        return of(visit.http());
    }

    /** Below the dashboard's root, without a query. */
    static Address of(String path) {
        return new Address(Dashboard.ROOT + path, Map.of());
    }

    private static Address of(Context http) {
        var query = new LinkedHashMap<String, String>();
        http.queryParamMap().forEach((name, all) -> query.put(name, all.getFirst()));
        return new Address(http.path(), query);
    }

    /** An empty value takes the parameter out. */
    public Address with(String name, String value) {
        var changed = new LinkedHashMap<>(query);
        changed.remove(name);
        if (!value.isEmpty()) changed.put(name, value);
        return new Address(path, changed);
    }

    public Address without(String... names) {
        var changed = new LinkedHashMap<>(query);
        for (String name : names) changed.remove(name);
        return new Address(path, changed);
    }

    @Override
    public String toString() {
        return query.isEmpty()
                ? path
                : query.entrySet().stream()
                        .map(each -> encoded(each.getKey()) + "=" + encoded(each.getValue()))
                        .collect(Collectors.joining("&", path + "?", ""));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8);
    }
}
