package io.dynosend.smtp;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Where mail is handed over. */
public record Relay(
        String host,
        int port,
        Security security,
        @Nullable Credentials credentials,
        String helloName) {

    private static final int SMTP_PORT = 25;
    private static final int SUBMISSION_PORT = 587;
    private static final int SUBMISSIONS_PORT = 465;
    private static final String FORM = "smtp://user:password@host:port or smtps://…";

    /**
     * Reads {@code smtp://user:password@host:port} or {@code smtps://…}, user and password
     * percent-encoded. Without a port: 465 for smtps, 587 with a password, else 25. With a password
     * and a host that is not this machine, smtp insists on STARTTLS.
     *
     * @throws IllegalArgumentException with one line that says what would be right
     */
    public static Relay parse(String url, String helloName) {
        URI uri = uri(url);
        boolean tls = "smtps".equals(uri.getScheme());
        if ((!tls && !"smtp".equals(uri.getScheme())) || uri.getHost() == null) {
            throw new IllegalArgumentException("must be " + FORM);
        }
        var credentials = credentials(uri.getRawUserInfo());
        return new Relay(
                uri.getHost().replaceAll("^\\[|\\]$", ""),
                port(uri, tls, credentials != null),
                security(uri, tls, credentials != null),
                credentials,
                helloName);
    }

    /** Without user and password. */
    @Override
    public String toString() {
        return host + ":" + port;
    }

    boolean isLoopback() {
        return host.equals("localhost") || host.startsWith("127.") || host.equals("::1");
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

    private static @Nullable Credentials credentials(@Nullable String userInfo) {
        if (userInfo == null || userInfo.isEmpty()) return null;
        int colon = userInfo.indexOf(':');
        if (colon < 1)
            throw new IllegalArgumentException("has a user but no password; must be " + FORM);
        return new Credentials(
                decoded(userInfo.substring(0, colon)), decoded(userInfo.substring(colon + 1)));
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
