package io.dynosend.dashboard;

import io.dynosend.account.HalfWay;
import io.dynosend.account.Sessions;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.Optional;

/**
 * Carries the token of a session: not to scripts, not with requests that other sites cause (but a
 * link that is followed), and over HTTPS alone where the public address has it (RFC 6265 §4.1.2,
 * draft rfc6265bis §4.1.3 for the prefix).
 */
public final class SessionCookie {

    private final boolean https;
    private final String name;
    private final Duration kept;

    /**
     * @param baseUrl of this installation
     */
    public SessionCookie(String baseUrl) {
        this(baseUrl, "dynosend", Sessions.LONGEST);
    }

    private SessionCookie(String baseUrl, String name, Duration kept) {
        this.https = baseUrl.startsWith("https:");
        this.name = name;
        this.kept = kept;
    }

    /** The same for who has given the password, and not the code yet. */
    static SessionCookie halfWay(String baseUrl) {
        return new SessionCookie(baseUrl, "dynosend-half-way", HalfWay.GOOD_FOR);
    }

    Optional<String> token(Context ctx) {
        return Optional.ofNullable(ctx.cookie(name())).filter(token -> !token.isEmpty());
    }

    void give(Context ctx, String token) {
        set(ctx, token, kept.toSeconds());
    }

    void takeBack(Context ctx) {
        set(ctx, "", 0);
    }

    // Whoever has a prefix of a sister host cannot plant one.
    private String name() {
        return https ? "__Host-" + name : name;
    }

    private void set(Context ctx, String token, long seconds) {
        // Added: a page may give one and take back the other.
        ctx.res()
                .addHeader(
                        "Set-Cookie",
                        "%s=%s; Path=/; Max-Age=%d; HttpOnly; SameSite=Lax%s"
                                .formatted(name(), token, seconds, https ? "; Secure" : ""));
    }
}
