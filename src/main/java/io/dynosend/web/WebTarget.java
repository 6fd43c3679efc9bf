package io.dynosend.web;

import io.dynosend.common.ALabels;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * What a request asks for, and of whom.
 *
 * @param host in A-labels, or an address; an IPv6 address without brackets
 * @param pathAndQuery in ASCII, begins with a slash
 */
record WebTarget(boolean secure, String host, int port, String pathAndQuery) {

    /** Empty if it is no http(s) address, or has a user in it. */
    static Optional<WebTarget> of(String url) {
        try {
            var uri = new URI(ascii(url.strip()));
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            boolean secure = scheme.equals("https");
            if (!secure && !scheme.equals("http")) return Optional.empty();
            if (uri.getHost() == null || uri.getRawUserInfo() != null) return Optional.empty();
            String host = uri.getHost().replaceAll("[\\[\\]]", "");
            int port = uri.getPort() >= 0 ? uri.getPort() : secure ? 443 : 80;
            return Optional.of(new WebTarget(secure, host, port, pathAndQuery(uri)));
        } catch (URISyntaxException _) {
            return Optional.empty();
        }
    }

    /** Where a {@code Location} leads from here (RFC 9110 §10.2.2). */
    Optional<WebTarget> redirected(String location) {
        try {
            return of(URI.create(url()).resolve(new URI(ascii(location.strip()))).toString());
        } catch (URISyntaxException _) {
            return Optional.empty();
        }
    }

    /** For the field Host (RFC 9110 §7.2). */
    String authority() {
        String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return port == (secure ? 443 : 80) ? name : name + ":" + port;
    }

    private String url() {
        return (secure ? "https://" : "http://") + authority() + pathAndQuery;
    }

    private static String pathAndQuery(URI uri) {
        String path =
                uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
    }

    // As browsers take it: the host as DNS has it, whatever else is no URI percent-encoded.
    private static String ascii(String url) throws URISyntaxException {
        int start = url.indexOf("://") + 3;
        if (start < 3) return encoded(url);
        int end = start;
        while (end < url.length() && "/?#".indexOf(url.charAt(end)) < 0) end++;
        String authority = url.substring(start, end);
        boolean plain = authority.chars().allMatch(c -> c < 0x80);
        String host =
                plain
                        ? authority
                        : ALabels.of(authority)
                                .orElseThrow(() -> new URISyntaxException(url, "no such host"));
        return url.substring(0, start) + host + encoded(url.substring(end));
    }

    private static String encoded(String text) {
        var ascii = new StringBuilder(text.length());
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (b > ' ' && b < 0x7f && "\"<>\\^`{|}".indexOf(b) < 0) ascii.append((char) b);
            else ascii.append("%%%02X".formatted(b & 0xff));
        }
        return ascii.toString();
    }
}
