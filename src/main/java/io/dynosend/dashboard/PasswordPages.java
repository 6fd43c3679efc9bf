package io.dynosend.dashboard;

import io.dynosend.account.NewPassword;
import io.dynosend.account.PasswordLinks;
import io.dynosend.account.PasswordLinks.Offer;
import io.dynosend.account.Principal;
import io.dynosend.common.EmailAddress;
import io.dynosend.common.Problem.BadInput;
import io.dynosend.common.Problem.Conflict;
import io.dynosend.pages.ErrorPages;
import io.dynosend.pages.SameOrigin;
import io.dynosend.templates.StaticTemplates;
import io.dynosend.templates.Templates;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.Objects;

/** Where a password link leads: somebody invited, forgetful, or first at a fresh server. */
public final class PasswordPages {

    private static final String PATH = "/welcome";

    private final PasswordLinks links;
    private final Entrance entrance;
    private final Templates templates = new StaticTemplates();

    public PasswordPages(PasswordLinks links, Entrance entrance) {
        this.links = links;
        this.entrance = entrance;
    }

    public void routes(RoutesConfig routes) {
        routes.get(PATH, this::ask);
        routes.post(PATH, this::take);
    }

    /**
     * The link itself.
     *
     * @param baseUrl of this installation; never what a request says (its host may be forged)
     */
    public static String link(String baseUrl, String key) {
        return baseUrl + PATH + "?key=" + key;
    }

    // Looking changes nothing: programs that scan mail look too.
    private void ask(Context ctx) {
        String key = Objects.requireNonNullElse(ctx.queryParam("key"), "");
        links.find(key)
                .ifPresentOrElse(
                        offer -> show(ctx, offer, key, Form.empty()),
                        () -> ErrorPages.expiredLink(ctx));
    }

    private void take(Context ctx) {
        SameOrigin.require(ctx);
        var form = Form.of(ctx);
        String key = form.value("key");
        var offer = links.find(key);
        if (offer.isEmpty()) {
            ErrorPages.expiredLink(ctx);
            return;
        }
        try {
            var user = taken(ctx, offer.get(), key, form);
            if (form.isFine()) {
                // Who lost the password still has the phone, if that is what they sign in with.
                entrance.passwordTaken(
                        ctx, user, offer.get().setup() ? SetUpRoom.PATH : Dashboard.ROOT);
                return;
            }
        } catch (Conflict e) {
            form.wrong("email", "Somebody signs in with this address already");
        }
        ctx.status(422);
        show(ctx, offer.get(), key, form);
    }

    private Principal taken(Context ctx, Offer offer, String key, Form form) {
        String password = form.value("wanted");
        if (!offer.setup()) {
            checkPassword(form, password, offer.email());
            return form.isFine() ? links.take(key, password, ctx.ip()) : offer.user();
        }
        String name = form.required("name", "How shall we call you?");
        var email = form.email("email");
        checkPassword(form, password, email);
        return form.isFine() ? links.setUp(key, name, email, password, ctx.ip()) : offer.user();
    }

    private static void checkPassword(Form form, String password, EmailAddress email) {
        try {
            NewPassword.checked(password, email);
        } catch (BadInput e) {
            form.wrong("wanted", e.getMessage());
        }
        if (!password.equals(form.value("again"))) form.wrong("again", "The two are not the same");
    }

    private void show(Context ctx, Offer offer, String key, Form form) {
        DoorPage.show(
                ctx, templates.dashboardWelcome(offer.email().value(), offer.setup(), key, form));
    }
}
