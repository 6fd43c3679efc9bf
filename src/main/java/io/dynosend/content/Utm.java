package io.dynosend.content;

import io.dynosend.common.Problem.BadInput;
import io.dynosend.common.SingleLine;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The campaign parameters that web analytics read from a link. Plain text, each of one line and at
 * most 255 characters.
 */
public record Utm(
        String source,
        String medium,
        String campaign,
        @Nullable String term,
        @Nullable String content) {

    // RFC 3986 §2.3: what needs no encoding anywhere in a URL.
    private static final String UNRESERVED =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

    /**
     * @throws BadInput naming {@code utm.source} or whichever holds more than one line
     */
    public Utm {
        SingleLine.checked("utm.source", source);
        SingleLine.checked("utm.medium", medium);
        SingleLine.checked("utm.campaign", campaign);
        if (term != null) SingleLine.checked("utm.term", term);
        if (content != null) SingleLine.checked("utm.content", content);
    }

    /** {@code utm_source=…&utm_medium=…}, percent-encoded. */
    String query() {
        return Stream.of(
                        parameter("source", source),
                        parameter("medium", medium),
                        parameter("campaign", campaign),
                        parameter("term", term),
                        parameter("content", content))
                .filter(Objects::nonNull)
                .collect(Collectors.joining("&"));
    }

    /**
     * A URL with the parameters of a {@link #query} that it does not have yet, behind its own and
     * before its fragment.
     */
    static String appended(String url, String query) {
        int fragment = url.indexOf('#');
        String address = fragment < 0 ? url : url.substring(0, fragment);
        int own = address.indexOf('?');
        String missing = own < 0 ? query : missing(address.substring(own + 1), query);
        if (missing.isEmpty()) return url;
        String joint = own < 0 ? "?" : endsQuery(address) ? "" : "&";
        return address + joint + missing + (fragment < 0 ? "" : url.substring(fragment));
    }

    private static boolean endsQuery(String address) {
        return address.endsWith("?") || address.endsWith("&");
    }

    private static String missing(String own, String query) {
        if (query.isEmpty()) return query;
        Set<String> names =
                Arrays.stream(own.split("[&;]")).map(Utm::name).collect(Collectors.toSet());
        return Arrays.stream(query.split("&"))
                .filter(parameter -> !names.contains(name(parameter)))
                .collect(Collectors.joining("&"));
    }

    private static String name(String parameter) {
        int end = parameter.indexOf('=');
        return (end < 0 ? parameter : parameter.substring(0, end)).toLowerCase(Locale.ROOT);
    }

    private static @Nullable String parameter(String name, @Nullable String value) {
        return value == null ? null : "utm_" + name + "=" + encoded(value);
    }

    private static String encoded(String value) {
        var encoded = new StringBuilder(value.length() + 16);
        for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
            if (UNRESERVED.indexOf(b) >= 0) encoded.append((char) b);
            else encoded.append("%%%02X".formatted(b & 0xff));
        }
        return encoded.toString();
    }
}
