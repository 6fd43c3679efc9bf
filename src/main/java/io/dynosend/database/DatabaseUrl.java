package io.dynosend.database;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a PostgreSQL URL as libpq and as JDBC write it. What is wrong is said without quoting it.
 */
final class DatabaseUrl {

    private static final String EXPECTED =
            "DYNOSEND_DATABASE_URL must look like postgresql://user:password@host:5432/database";

    private static final int DEFAULT_PORT = 5432;

    // The password may hold a raw @: what stands before the last one is it.
    private static final Pattern URL =
            Pattern.compile(
                    "(?:jdbc:)?postgres(?:ql)?://(?:(?<user>[^:@/?]*)(?::(?<password>[^/?]*))?@)?"
                            + "(?<hosts>[^/?@]*)(?:/(?<database>[^/?]*))?(?:\\?(?<query>.*))?");

    private static final Pattern HOST =
            Pattern.compile("(?<name>[\\w.-]+|\\[[0-9A-Fa-f:.]+])(?::(?<port>\\d{0,5}))?");

    /** libpq's names of what the driver calls otherwise. */
    private static final Map<String, String> DRIVER_NAMES =
            Map.of(
                    "connect_timeout", "connectTimeout",
                    "application_name", "ApplicationName",
                    "channel_binding", "channelBinding",
                    "target_session_attrs", "targetServerType");

    private static final Map<String, String> SERVER_TYPES =
            Map.of("read-write", "primary", "prefer-standby", "preferSecondary");

    private DatabaseUrl() {}

    static Endpoint parse(String text) {
        var url = URL.matcher(text.strip());
        if (!url.matches()) {
            throw new DatabaseUnavailable(EXPECTED);
        }
        var parameters = parameters(url.group("query"));
        var user = credential("user", url, parameters);
        var password = credential("password", url, parameters);
        if (user.isEmpty()) {
            throw new DatabaseUnavailable("DYNOSEND_DATABASE_URL names no user. " + EXPECTED);
        }
        return new Endpoint(jdbcUrl(url, parameters), user, password);
    }

    private static Map<String, String> parameters(@Nullable String query) {
        var parameters = new LinkedHashMap<String, String>();
        if (query == null) {
            return parameters;
        }
        for (var pair : query.split("&", -1)) {
            var nameAndValue = pair.split("=", 2);
            var name = decoded(nameAndValue[0]);
            var value = nameAndValue.length == 2 ? decoded(nameAndValue[1]) : "";
            if (!name.isEmpty()) {
                parameters.put(
                        DRIVER_NAMES.getOrDefault(name, name),
                        SERVER_TYPES.getOrDefault(value, value));
            }
        }
        return parameters;
    }

    /** JDBC has user and password among the parameters, libpq before the host. */
    private static String credential(String name, Matcher url, Map<String, String> parameters) {
        var parameter = parameters.remove(name);
        var beforeHost = url.group(name);
        return beforeHost == null ? Objects.requireNonNullElse(parameter, "") : decoded(beforeHost);
    }

    private static String jdbcUrl(Matcher url, Map<String, String> parameters) {
        var database = Objects.requireNonNullElse(url.group("database"), "");
        if (database.isEmpty()) {
            throw new DatabaseUnavailable("DYNOSEND_DATABASE_URL names no database. " + EXPECTED);
        }
        var query =
                parameters.entrySet().stream()
                        .map(e -> encoded(e.getKey()) + "=" + encoded(e.getValue()))
                        .collect(joining("&"));
        return "jdbc:postgresql://"
                + hosts(url.group("hosts"))
                + "/"
                + encoded(decoded(database))
                + (query.isEmpty() ? "" : "?" + query);
    }

    private static String hosts(String hosts) {
        return Pattern.compile(",")
                .splitAsStream(hosts.isEmpty() ? "localhost" : hosts)
                .map(DatabaseUrl::host)
                .collect(joining(","));
    }

    private static String host(String text) {
        var host = HOST.matcher(text);
        if (!host.matches()) {
            throw new DatabaseUnavailable(
                    "DYNOSEND_DATABASE_URL has a host or port that cannot be. " + EXPECTED);
        }
        var digits = host.group("port");
        int port = digits == null || digits.isEmpty() ? DEFAULT_PORT : Integer.parseInt(digits);
        if (port < 1 || port > 65535) {
            throw new DatabaseUnavailable(
                    "DYNOSEND_DATABASE_URL has port " + port + ", and ports go from 1 to 65535");
        }
        return host.group("name") + ":" + port;
    }

    private static String decoded(String text) {
        try {
            // In a URL's user, password and path, + is itself.
            return URLDecoder.decode(text.replace("+", "%2B"), UTF_8);
        } catch (IllegalArgumentException _) {
            // Without its cause, which quotes the text: it may be the password.
            throw new DatabaseUnavailable(
                    "DYNOSEND_DATABASE_URL holds a % that starts no escape: write %25 for it");
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8).replace("+", "%20");
    }
}
