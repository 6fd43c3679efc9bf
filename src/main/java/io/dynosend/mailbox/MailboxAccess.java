package io.dynosend.mailbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dynosend.account.BasicSignIn.Answer;
import io.dynosend.account.SignInAttempts;
import io.dynosend.pages.Page;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.net.InetAddress;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who may look into the mailbox: whoever sits at this machine, if that is wanted, and whoever signs
 * in (RFC 7617).
 */
public final class MailboxAccess {

    private static final Set<String> LOOPBACK_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

    private static final Set<String> OF_PROXIES =
            Set.of("forwarded", "via", "x-real-ip", "cf-connecting-ip", "true-client-ip");

    /** Looks at an e-mail address and a password; may be slow. */
    @FunctionalInterface
    public interface SignIn {

        Answer of(Context ctx, String email, String password);
    }

    private final boolean openOnLoopback;
    private final SignIn signIn;
    private final Predicate<Context> session;

    private record Credentials(String email, String password) {}

    /** Nobody signs in. */
    MailboxAccess(boolean openOnLoopback) {
        this(openOnLoopback, (_, _, _) -> new Answer.Wrong(), _ -> false);
    }

    /**
     * Guards as many handlers as wanted.
     *
     * @param openOnLoopback lets requests in without signing in if they come straight from this
     *     machine and were meant for it
     * @param session whether a request comes from somebody who is signed in already and may look
     */
    public MailboxAccess(boolean openOnLoopback, SignIn signIn, Predicate<Context> session) {
        this.openOnLoopback = openOnLoopback;
        this.signIn = signIn;
        this.session = session;
    }

    /**
     * The same handler for those who may; for others 401, or 429 after too many attempts. What it
     * answers is protected as a page is.
     */
    Handler guarding(Handler handler) {
        return ctx -> {
            if (isFromThisMachine(ctx) || session.test(ctx) || isSignedIn(ctx)) {
                Page.protect(ctx);
                handler.handle(ctx);
            }
        };
    }

    private boolean isFromThisMachine(Context ctx) {
        return openOnLoopback
                && InetAddress.ofLiteral(ctx.req().getRemoteAddr()).isLoopbackAddress()
                && isLoopbackName(ctx.header("Host"))
                && !isForwarded(ctx);
    }

    // A page elsewhere can make its own name point to 127.0.0.1 (DNS rebinding); it cannot make the
    // browser send another Host.
    private static boolean isLoopbackName(@Nullable String host) {
        if (host == null) return false;
        var name = host.replaceFirst(":\\d+$", "").toLowerCase(Locale.ROOT);
        return LOOPBACK_NAMES.contains(name);
    }

    // A proxy on this machine speaks for strangers. Without any setting nginx adds no header, but
    // speaks HTTP/1.0; no browser does.
    private static boolean isForwarded(Context ctx) {
        return ctx.req().getProtocol().equals("HTTP/1.0")
                || ctx.headerMap().keySet().stream()
                        .map(name -> name.toLowerCase(Locale.ROOT))
                        .anyMatch(name ->
                                OF_PROXIES.contains(name) || name.startsWith("x-forwarded-"));
    }

    private boolean isSignedIn(Context ctx) {
        var credentials = credentials(ctx);
        if (credentials.isEmpty()) {
            refuse(ctx, 401, "Sign in to see the mailbox.");
            return false;
        }
        var pair = credentials.get();
        switch (signIn.of(ctx, pair.email(), pair.password())) {
            case Answer.Welcome _ -> {
                return true;
            }
            case Answer.Wrong _ ->
                    refuse(ctx, 401, "This e-mail address and password do not belong together.");
            case Answer.TooOften _ -> {
                ctx.header("Retry-After", Long.toString(SignInAttempts.WINDOW.toSeconds()));
                refuse(ctx, 429, "Too many attempts. Wait a quarter of an hour, then try again.");
            }
        }
        return false;
    }

    private static void refuse(Context ctx, int status, String why) {
        Page.protect(ctx);
        if (status == 401)
            ctx.header("WWW-Authenticate", "Basic realm=\"Dynosend mailbox\", charset=\"UTF-8\"");
        ctx.status(status).contentType("text/plain; charset=utf-8").result(why + "\n");
    }

    private static Optional<Credentials> credentials(Context ctx) {
        var header = ctx.header("Authorization");
        if (header == null || !header.regionMatches(true, 0, "Basic ", 0, 6))
            return Optional.empty();
        try {
            var pair = new String(Base64.getDecoder().decode(header.substring(6).strip()), UTF_8);
            int colon = pair.indexOf(':');
            // PostgreSQL knows no text with NUL in it, so nobody is called so.
            return colon < 0 || pair.indexOf('\0') >= 0
                    ? Optional.empty()
                    : Optional.of(
                            new Credentials(pair.substring(0, colon), pair.substring(colon + 1)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
