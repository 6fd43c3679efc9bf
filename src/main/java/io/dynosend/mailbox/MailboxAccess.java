package io.dynosend.mailbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.dynosend.pages.Page;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.net.InetAddress;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who may look into the mailbox: whoever sits at this machine, if that is wanted, and whoever signs
 * in (RFC 7617).
 */
public final class MailboxAccess {

    private static final Set<String> LOOPBACK_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final int MOST_FAILURES = 10;
    private static final Duration FAILURES_COUNT_FOR = Duration.ofMinutes(1);
    private static final Duration SIGN_IN_HOLDS_FOR = Duration.ofMinutes(10);
    private static final int MOST_REMEMBERED = 10_000;

    private final boolean openOnLoopback;
    private final BiPredicate<String, String> signIn;
    private final Predicate<Context> session;
    private final byte[] salt = new byte[32];
    private final Cache<String, Boolean> signedIn;
    private final Cache<String, AtomicInteger> failures;

    private record Credentials(String email, String password) {}

    /**
     * Guards as many handlers as wanted; they share what it remembers.
     *
     * @param openOnLoopback lets requests in without signing in if they come straight from this
     *     machine and were meant for it
     * @param signIn whether this e-mail address and password belong together; may be slow
     */
    public MailboxAccess(boolean openOnLoopback, BiPredicate<String, String> signIn) {
        this(openOnLoopback, signIn, Ticker.systemTicker());
    }

    /**
     * The same.
     *
     * @param session whether a request comes from somebody who is signed in already and may look
     */
    public MailboxAccess(
            boolean openOnLoopback,
            BiPredicate<String, String> signIn,
            Predicate<Context> session) {
        this(openOnLoopback, signIn, session, Ticker.systemTicker());
    }

    MailboxAccess(boolean openOnLoopback, BiPredicate<String, String> signIn, Ticker time) {
        this(openOnLoopback, signIn, _ -> false, time);
    }

    private MailboxAccess(
            boolean openOnLoopback,
            BiPredicate<String, String> signIn,
            Predicate<Context> session,
            Ticker time) {
        this.openOnLoopback = openOnLoopback;
        this.signIn = signIn;
        this.session = session;
        this.signedIn = cache(SIGN_IN_HOLDS_FOR, time);
        this.failures = cache(FAILURES_COUNT_FOR, time);
        new SecureRandom().nextBytes(salt);
    }

    /** The same handler for those who may; for others 401, or 429 after too many wrong guesses. */
    Handler guarding(Handler handler) {
        return ctx -> {
            if (isFromThisMachine(ctx) || session.test(ctx) || isSignedIn(ctx)) {
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

    // A proxy on this machine speaks for strangers.
    private static boolean isForwarded(Context ctx) {
        return ctx.headerMap().keySet().stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .anyMatch(name -> name.equals("forwarded") || name.startsWith("x-forwarded-"));
    }

    private boolean isSignedIn(Context ctx) {
        var credentials = credentials(ctx);
        if (credentials.isEmpty()) {
            refuse(ctx, 401, "Sign in to see the mailbox.");
            return false;
        }
        var pair = credentials.get();
        var fingerprint = fingerprint(pair);
        if (signedIn.getIfPresent(fingerprint) != null) return true;
        return isRight(ctx, pair, fingerprint);
    }

    private boolean isRight(Context ctx, Credentials pair, String fingerprint) {
        // Counted before it is checked, so that many guesses at once are still ten.
        var tries = failures.get(ctx.req().getRemoteAddr(), _ -> new AtomicInteger());
        if (tries.incrementAndGet() > MOST_FAILURES) {
            ctx.header("Retry-After", Long.toString(FAILURES_COUNT_FOR.toSeconds()));
            refuse(ctx, 429, "Too many wrong passwords. Try again in a minute.");
            return false;
        }
        if (!signIn.test(pair.email(), pair.password())) {
            refuse(ctx, 401, "This e-mail address and password do not belong together.");
            return false;
        }
        tries.decrementAndGet();
        signedIn.put(fingerprint, true);
        return true;
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
            return colon < 0
                    ? Optional.empty()
                    : Optional.of(
                            new Credentials(pair.substring(0, colon), pair.substring(colon + 1)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private String fingerprint(Credentials pair) {
        try {
            var hash = MessageDigest.getInstance("SHA-256");
            hash.update(salt);
            hash.update(pair.email().getBytes(UTF_8));
            hash.update((byte) 0xff); // in no UTF-8 text, so no two pairs read alike
            hash.update(pair.password().getBytes(UTF_8));
            return Base64.getEncoder().encodeToString(hash.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    private static <V> Cache<String, V> cache(Duration keptFor, Ticker time) {
        return Caffeine.newBuilder()
                .maximumSize(MOST_REMEMBERED)
                .expireAfterWrite(keptFor)
                .ticker(time)
                .build();
    }
}
