package io.dynosend.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dynosend.account.AuditLog;
import io.dynosend.account.Passkeys;
import io.dynosend.account.Role;
import io.dynosend.account.SignInAttempts;
import io.dynosend.account.TwoStep;
import io.dynosend.account.Users;
import io.dynosend.common.EmailAddress;
import io.dynosend.notification.UserMails;
import io.dynosend.pages.SameOrigin;
import io.dynosend.templates.StaticTemplates;
import io.dynosend.templates.Templates;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.net.URLEncoder;

/** In and out of the dashboard. */
public final class SignInPages {

    private static final String FORGOT = Dashboard.ROOT + "/forgot";

    // The same for unknown addresses and wrong passwords: nobody learns who has an account.
    private static final String WRONG = "E-mail address or password is wrong.";
    private static final String TOO_OFTEN =
            "Too many attempts. Wait a quarter of an hour, then try again.";
    private static final String WRONG_CODE =
            "This code is not right, or has been used. Wait for the next one and try again.";
    private static final String WRONG_PASSKEY =
            "The passkey was not taken. Try again, or sign in with your password.";
    private static final String TOO_MANY_MAILS =
            "Too many requests from your network. Wait an hour, then try again.";

    private final Users users;
    private final SignInAttempts attempts;
    private final TwoStep twoStep;
    private final Passkeys passkeys;
    private final UserMails mails;
    private final Entrance entrance;
    private final AuditLog audit;
    private final Templates templates = new StaticTemplates();

    public SignInPages(
            Users users,
            SignInAttempts attempts,
            TwoStep twoStep,
            Passkeys passkeys,
            UserMails mails,
            Entrance entrance,
            AuditLog audit) {
        this.users = users;
        this.attempts = attempts;
        this.twoStep = twoStep;
        this.passkeys = passkeys;
        this.mails = mails;
        this.entrance = entrance;
        this.audit = audit;
    }

    public void routes(RoutesConfig routes) {
        routes.get(Entrance.SIGN_IN, this::show);
        routes.post(Entrance.SIGN_IN, this::signIn);
        routes.get(Entrance.CODE, this::showCode);
        routes.post(Entrance.CODE, this::takeCode);
        routes.post(Entrance.SIGN_IN + "/passkey/options", this::offerPasskey);
        routes.post(Entrance.SIGN_IN + "/passkey", this::takePasskey);
        routes.get(FORGOT, ctx -> showForgot(ctx, Form.empty(), false));
        routes.post(FORGOT, this::forgot);
        routes.post(Dashboard.ROOT + "/sign-out", this::signOut);
    }

    /** The way in, and back to the page that was asked for. */
    static String pathBackTo(Context ctx) {
        if (!ctx.method().name().equals("GET")) return Entrance.SIGN_IN;
        var query = ctx.queryString();
        String back = ctx.path() + (query == null ? "" : "?" + query);
        return back.equals(Dashboard.ROOT)
                ? Entrance.SIGN_IN
                : Entrance.SIGN_IN + "?next=" + URLEncoder.encode(back, UTF_8);
    }

    private void show(Context ctx) {
        if (entrance.session(ctx).isPresent()) {
            ctx.redirect(Entrance.next(ctx.queryParam("next")), HttpStatus.SEE_OTHER);
        } else {
            show(ctx, Form.empty(), Entrance.next(ctx.queryParam("next")), "");
        }
    }

    private void signIn(Context ctx) {
        SameOrigin.require(ctx);
        var form = Form.of(ctx);
        String next = Entrance.next(form.value("next"));
        String email = form.value("email");
        if (!attempts.allow(email, ctx.ip())) {
            ctx.status(429);
            show(ctx, form, next, TOO_OFTEN);
            return;
        }
        // A program has tokens and no way in here.
        var user = users.signIn(email, form.value("password")).filter(it -> it.role() != Role.API);
        if (user.isEmpty()) {
            noteFailure(email, ctx.ip());
            ctx.status(401);
            show(ctx, form, next, WRONG);
            return;
        }
        attempts.succeeded(email, ctx.ip());
        entrance.passwordTaken(ctx, user.get(), next);
    }

    // A moment later: who tries must not be able to tell by the time whether there is an entry.
    private void noteFailure(String email, String ipAddress) {
        if (!EmailAddress.isValid(email)) return;
        Thread.startVirtualThread(() ->
                users.find(new EmailAddress(email))
                        .ifPresent(user ->
                                audit.note(user, "failed to sign in: wrong password", ipAddress)));
    }

    private void showCode(Context ctx) {
        if (entrance.halfWay(ctx).isEmpty()) ctx.redirect(Entrance.SIGN_IN, HttpStatus.SEE_OTHER);
        else showCode(ctx, Entrance.next(ctx.queryParam("next")), "");
    }

    private void takeCode(Context ctx) {
        SameOrigin.require(ctx);
        var form = Form.of(ctx);
        String next = Entrance.next(form.value("next"));
        var user = entrance.halfWay(ctx);
        if (user.isEmpty()) {
            ctx.redirect(Entrance.SIGN_IN, HttpStatus.SEE_OTHER);
        } else if (!attempts.allowCode(user.get())) {
            ctx.status(429);
            showCode(ctx, next, TOO_OFTEN);
        } else if (twoStep.take(user.get(), form.value("code"), ctx.ip())) {
            attempts.codeSucceeded(user.get());
            entrance.codeTaken(ctx, user.get(), next);
        } else {
            audit.note(user.get(), "failed to sign in: wrong code", ctx.ip());
            ctx.status(401);
            showCode(ctx, next, WRONG_CODE);
        }
    }

    private void offerPasskey(Context ctx) {
        SameOrigin.require(ctx);
        if (!attempts.allowPasskey(ctx.ip())) {
            ctx.status(429);
            return;
        }
        ctx.header("Cache-Control", "no-store");
        ctx.contentType("application/json").result(passkeys.beginSignIn());
    }

    private void takePasskey(Context ctx) {
        SameOrigin.require(ctx);
        var form = Form.of(ctx);
        String next = Entrance.next(form.value("next"));
        passkeys.signIn(form.value("credential"))
                .filter(user -> user.role() != Role.API)
                .ifPresentOrElse(
                        user -> entrance.enter(ctx, user, "signed in with a passkey", next),
                        () -> {
                            ctx.status(401);
                            show(ctx, Form.empty(), next, WRONG_PASSKEY);
                        });
    }

    private void forgot(Context ctx) {
        SameOrigin.require(ctx);
        var form = Form.of(ctx);
        String email = form.email("email").value();
        if (!form.isFine()) {
            ctx.status(422);
            showForgot(ctx, form, false);
            return;
        }
        switch (attempts.allowReset(email, ctx.ip())) {
            case YES -> mails.reset(email);
            // The mails that are there already are enough; who asks cannot tell.
            case ENOUGH_FOR_THIS_ADDRESS -> {}
            case TOO_MANY_FROM_THERE -> {
                ctx.status(429);
                showForgot(ctx, form.wrong("email", TOO_MANY_MAILS), false);
                return;
            }
        }
        showForgot(ctx, form, true);
    }

    private void signOut(Context ctx) {
        SameOrigin.require(ctx);
        entrance.leave(ctx);
        ctx.redirect(Entrance.SIGN_IN, HttpStatus.SEE_OTHER);
    }

    private void show(Context ctx, Form form, String next, String problem) {
        DoorPage.show(
                ctx,
                templates.dashboardSignIn(
                        form.value("email"),
                        next,
                        problem,
                        passkeys.arePossible(),
                        entrance.isFresh()));
    }

    private void showCode(Context ctx, String next, String problem) {
        DoorPage.show(ctx, templates.dashboardSignInCode(next, problem));
    }

    private void showForgot(Context ctx, Form form, boolean sent) {
        DoorPage.show(ctx, templates.dashboardForgot(form, sent));
    }
}
