package io.dynosend.pages;

import io.dynosend.templates.StaticTemplates;
import io.dynosend.templates.Templates;
import io.javalin.http.Context;

/**
 * What the holder of an unsubscribe link sees. Shows only; who unsubscribes is decided elsewhere.
 */
public final class UnsubscribePage {

    private final Templates templates = new StaticTemplates();

    /** Asks, with one button that posts to the same address. */
    public void ask(Context ctx, String email, String audience) {
        Page.show(ctx, templates.pagesUnsubscribe(email, audience));
    }

    public void done(Context ctx, String email, String audience) {
        Page.show(ctx, templates.pagesUnsubscribed(email, audience));
    }

    /** Of a contact that has been erased since. */
    public void gone(Context ctx) {
        Page.show(
                ctx,
                templates.pagesMessage(
                        "You are unsubscribed", "This address is on no list of ours any more."));
    }
}
