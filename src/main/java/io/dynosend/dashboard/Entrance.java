package io.dynosend.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dynosend.account.AuditLog;
import io.dynosend.account.HalfWay;
import io.dynosend.account.PasswordLinks;
import io.dynosend.account.Principal;
import io.dynosend.account.Session;
import io.dynosend.account.Sessions;
import io.dynosend.account.TwoStep;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.net.URLEncoder;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where whoever has proven who they are gets in: at once, or after the second step. */
public final class Entrance {

    static final String SIGN_IN = Dashboard.ROOT + "/sign-in";
    static final String CODE = SIGN_IN + "/code";

    private final Sessions sessions;
    private final SessionCookie cookie;
    private final HalfWay halfWay;
    private final SessionCookie halfWayCookie;
    private final TwoStep twoStep;
    private final PasswordLinks links;
    private final AuditLog audit;
    private volatile boolean setUp;

    /**
     * @param baseUrl of this installation
     */
    public Entrance(
            Sessions sessions,
            SessionCookie cookie,
            HalfWay halfWay,
            TwoStep twoStep,
            PasswordLinks links,
            AuditLog audit,
            String baseUrl) {
        this.sessions = sessions;
        this.cookie = cookie;
        this.halfWay = halfWay;
        this.halfWayCookie = SessionCookie.halfWay(baseUrl);
        this.twoStep = twoStep;
        this.links = links;
        this.audit = audit;
    }

    /** Whether nobody has set this server up yet. */
    public boolean isFresh() {
        if (!setUp) setUp = links.notSetUp().isEmpty();
        return !setUp;
    }

    /** Who is signed in already. */
    Optional<Session> session(Context ctx) {
        return cookie.token(ctx).flatMap(sessions::find);
    }

    /** The password was right: a code is asked for, or they are in. */
    void passwordTaken(Context ctx, Principal user, String next) {
        if (!twoStep.isOn(user)) {
            enter(ctx, user, "signed in", next);
            return;
        }
        end(ctx);
        halfWayCookie.give(ctx, halfWay.open(user));
        String way =
                next.equals(Dashboard.ROOT)
                        ? CODE
                        : CODE + "?next=" + URLEncoder.encode(next, UTF_8);
        ctx.redirect(way, HttpStatus.SEE_OTHER);
    }

    /** Whose password was right and whose code is missing. */
    Optional<Principal> halfWay(Context ctx) {
        return halfWayCookie.token(ctx).flatMap(halfWay::find);
    }

    /** The code was right: they are in. */
    void codeTaken(Context ctx, Principal user, String next) {
        boolean theirs = halfWayCookie.token(ctx).filter(halfWay::close).isPresent();
        halfWayCookie.takeBack(ctx);
        if (theirs) enter(ctx, user, "signed in with a code", next);
        else ctx.redirect(SIGN_IN, HttpStatus.SEE_OTHER);
    }

    /**
     * Lets them in, with a session of their own.
     *
     * @param how in the audit log
     * @param next a page of ours
     */
    void enter(Context ctx, Principal user, String how, String next) {
        // A token that was there before is not taken over (OWASP, session fixation).
        end(ctx);
        links.forgetSetup(user);
        audit.note(user, how, ctx.ip());
        cookie.give(ctx, sessions.open(user, ctx.ip(), ctx.userAgent()));
        ctx.redirect(next, HttpStatus.SEE_OTHER);
    }

    /** Signs them out here. */
    void leave(Context ctx) {
        session(ctx).ifPresent(session -> audit.note(session.principal(), "signed out", ctx.ip()));
        end(ctx);
        cookie.takeBack(ctx);
        halfWayCookie.token(ctx).ifPresent(halfWay::close);
    }

    private void end(Context ctx) {
        session(ctx).ifPresent(session -> sessions.close(session.principal(), session.id()));
    }

    /** A page of ours, whatever was asked for. */
    static String next(@Nullable String wanted) {
        String next = Objects.requireNonNullElse(wanted, "");
        boolean ours =
                (next.equals(Dashboard.ROOT) || next.startsWith(Dashboard.ROOT + "/"))
                        && next.chars().allMatch(c -> c > ' ' && c != '\\' && c < 127);
        return ours ? next : Dashboard.ROOT;
    }
}
