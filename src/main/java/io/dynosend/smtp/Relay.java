package io.dynosend.smtp;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where mail is handed over.
 *
 * @param helloName what EHLO says of us (RFC 5321 §4.1.1.1)
 */
public record Relay(
        String host,
        int port,
        Security security,
        @Nullable Credentials credentials,
        String helloName,
        Set<Option> options) {

    private static final int SMTP_PORT = 25;
    private static final int SUBMISSION_PORT = 587;
    private static final int SUBMISSIONS_PORT = 465;
    private static final String FORM = "smtp://user:password@host:port or smtps://…";
    private static final String OPTIONS = "options=";

    /**
     * @throws IllegalArgumentException if the name for EHLO is not one word
     */
    public Relay {
        if (helloName.isEmpty() || helloName.chars().anyMatch(c -> c <= ' ' || c >= 0x7f)) {
            throw new IllegalArgumentException("The name for EHLO is one word of ASCII");
        }
        options = Set.copyOf(options);
    }

    public Relay(
            String host,
            int port,
            Security security,
            @Nullable Credentials credentials,
            String helloName) {
        this(host, port, security, credentials, helloName, Set.of());
    }

    /**
     * Reads {@code smtp://user:password@host:port} or {@code smtps://…}, user and password
     * percent-encoded. Without a port: 465 for smtps, 587 with a password, else 25. With a password
     * and a host that is not this machine, smtp insists on STARTTLS. {@code ?options=no-chunking}
     * names {@link Option}s.
     *
     * @throws IllegalArgumentException with one line that says what would be right
     */
    public static Relay parse(String url, String helloName) {
        URI uri = uri(url);
        boolean tls = "smtps".equals(uri.getScheme());
        if ((!tls && !"smtp".equals(uri.getScheme())) || uri.getHost() == null) {
            throw new IllegalArgumentException("must be " + FORM);
        }
        var options = options(uri.getRawQuery());
        var credentials = credentials(uri.getRawUserInfo(), options.contains(Option.XOAUTH2));
        return new Relay(
                uri.getHost().replaceAll("^\\[|\\]$", ""),
                port(uri, tls, credentials != null),
                security(uri, tls, credentials != null),
                credentials,
                helloName,
                options);
    }

    /** Without user and password. */
    @Override
    public String toString() {
        return host + ":" + port;
    }

    boolean has(Option option) {
        return options.contains(option);
    }

    private static URI uri(String url) {
        try {
            return new URI(url);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(
                    "must be "
                            + FORM
                            + ", with special characters of user and password"
                            + " percent-encoded");
        }
    }

    private static int port(URI uri, boolean tls, boolean credentials) {
        if (uri.getPort() > 0) return uri.getPort();
        if (tls) return SUBMISSIONS_PORT;
        return credentials ? SUBMISSION_PORT : SMTP_PORT;
    }

    private static Security security(URI uri, boolean tls, boolean credentials) {
        if (tls) return Security.TLS;
        String host = uri.getHost();
        boolean here = host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
        return credentials && !here ? Security.STARTTLS : Security.STARTTLS_IF_OFFERED;
    }

    private static Set<Option> options(@Nullable String query) {
        if (query == null) return Set.of();
        if (!query.startsWith(OPTIONS)) {
            throw new IllegalArgumentException("has a query other than ?options=…");
        }
        try {
            return Arrays.stream(query.substring(OPTIONS.length()).split(",", -1))
                    .map(Option::parse)
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "has an unknown option; there are no-chunking, no-pipelining, auth-in-clear"
                            + " and xoauth2");
        }
    }

    private static @Nullable Credentials credentials(@Nullable String userInfo, boolean token) {
        if (userInfo == null || userInfo.isEmpty()) return null;
        int colon = userInfo.indexOf(':');
        if (colon < 1)
            throw new IllegalArgumentException("has a user but no password; must be " + FORM);
        return new Credentials(
                decoded(userInfo.substring(0, colon)),
                decoded(userInfo.substring(colon + 1)),
                token);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
