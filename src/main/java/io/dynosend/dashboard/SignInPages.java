package io.dynosend.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dynosend.account.AuditLog;
import io.dynosend.account.Role;
import io.dynosend.account.Sessions;
import io.dynosend.account.SignInAttempts;
import io.dynosend.account.Users;
import io.dynosend.pages.Page;
import io.dynosend.pages.SameOrigin;
import io.dynosend.templates.StaticTemplates;
import io.dynosend.templates.Templates;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.net.URLEncoder;
import java.util.Objects;

/** In and out of the dashboard. */
public final class SignInPages {

    private static final String PATH = Dashboard.ROOT + "/sign-in";

    // The same for unknown addresses and wrong passwords: nobody learns who has an account.
    private static final String WRONG = "E-mail address or password is wrong.";
    private static final String TOO_OFTEN =
            "Too many attempts. Wait a quarter of an hour, then try again.";

    private final Users users;
    private final Sessions sessions;
    private final SignInAttempts attempts;
    private final SessionCookie cookie;
    private final AuditLog audit;
    private final Templates templates = new StaticTemplates();

    public SignInPages(
            Users users,
            Sessions sessions,
            SignInAttempts attempts,
            SessionCookie cookie,
            AuditLog audit) {
        this.users = users;
        this.sessions = sessions;
        this.attempts = attempts;
        this.cookie = cookie;
        this.audit = audit;
    }

    public void routes(RoutesConfig routes) {
        routes.get(PATH, this::show);
        routes.post(PATH, this::signIn);
        routes.post(Dashboard.ROOT + "/sign-out", this::signOut);
    }

    /** The way in, and back to the page that was asked for. */
    static String pathBackTo(Context ctx) {
        if (!ctx.method().name().equals("GET")) return PATH;
        var query = ctx.queryString();
        String back = ctx.path() + (query == null ? "" : "?" + query);
        return back.equals(Dashboard.ROOT)
                ? PATH
                : PATH + "?next=" + URLEncoder.encode(back, UTF_8);
    }

    private void show(Context ctx) {
        if (cookie.token(ctx).flatMap(sessions::find).isPresent()) {
            ctx.redirect(next(ctx.queryParam("next")), HttpStatus.SEE_OTHER);
        } else {
            show(ctx, Form.empty(), next(ctx.queryParam("next")), "");
        }
    }

    private void signIn(Context ctx) {
        SameOrigin.require(ctx);
        var form = Form.of(ctx);
        String next = next(form.value("next"));
        String email = form.value("email");
        if (!attempts.allow(email, ctx.ip())) {
            ctx.status(429);
            show(ctx, form, next, TOO_OFTEN);
            return;
        }
        // A program has tokens and no way in here.
        var user = users.signIn(email, form.value("password")).filter(it -> it.role() != Role.API);
        if (user.isEmpty()) {
            ctx.status(401);
            show(ctx, form, next, WRONG);
            return;
        }
        attempts.succeeded(email, ctx.ip());
        // A token that was there before is not taken over (OWASP, session fixation).
        end(ctx);
        audit.note(user.get(), "signed in", ctx.ip());
        cookie.give(ctx, sessions.open(user.get(), ctx.ip(), ctx.userAgent()));
        ctx.redirect(next, HttpStatus.SEE_OTHER);
    }

    private void signOut(Context ctx) {
        SameOrigin.require(ctx);
        end(ctx);
        cookie.takeBack(ctx);
        ctx.redirect(PATH, HttpStatus.SEE_OTHER);
    }

    private void end(Context ctx) {
        cookie.token(ctx)
                .flatMap(sessions::find)
                .ifPresent(session -> sessions.close(session.principal(), session.id()));
    }

    private void show(Context ctx, Form form, String next, String problem) {
        Page.show(ctx, templates.dashboardSignIn(form.value("email"), next, problem));
        // Without a referrer the form would come with “Origin: null” over plain HTTP.
        ctx.header("Referrer-Policy", "same-origin");
    }

    /** A page of ours, whatever was asked for. */
    private static String next(@org.jspecify.annotations.Nullable String wanted) {
        String next = Objects.requireNonNullElse(wanted, "");
        boolean ours =
                (next.equals(Dashboard.ROOT) || next.startsWith(Dashboard.ROOT + "/"))
                        && next.chars().allMatch(c -> c > ' ' && c != '\\' && c < 127);
        return ours ? next : Dashboard.ROOT;
    }
}
