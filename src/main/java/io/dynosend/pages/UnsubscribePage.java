package io.dynosend.pages;

import io.dynosend.templates.StaticTemplates;
import io.dynosend.templates.Templates;
import io.javalin.http.Context;

/**
 * What the holder of an unsubscribe link sees. Shows only; who unsubscribes is decided elsewhere.
 */
public final class UnsubscribePage {

    private final Templates templates = new StaticTemplates();

    /**
     * Asks, with one button that posts to the same address.
     *
     * @param tracked with another one, to stay and not to be tracked
     */
    public void ask(Context ctx, String email, String audience, String token, boolean tracked) {
        Page.show(ctx, templates.pagesUnsubscribe(email, audience, token, tracked));
    }

    public void done(Context ctx, String email, String audience) {
        Page.show(ctx, templates.pagesUnsubscribed(email, audience));
    }

    public void untracked(Context ctx) {
        Page.show(
                ctx,
                templates.pagesMessage(
                        "You are not tracked any more",
                        "You keep getting the mail. What you open and which links you follow is"
                                + " not recorded from now on, in mail that you have already"
                                + " either."));
    }

    /** Of a contact that has been erased since. */
    public void gone(Context ctx) {
        Page.show(
                ctx,
                templates.pagesMessage(
                        "You are unsubscribed", "This address is on no list of ours any more."));
    }
}
