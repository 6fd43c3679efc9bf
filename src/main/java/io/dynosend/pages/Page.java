package io.dynosend.pages;

import gg.jte.models.runtime.JteModel;
import io.javalin.http.Context;

/** How a page leaves: whole, not to be kept by caches, and with headers that bind the browser. */
public final class Page {

    private static final String POLICY =
            "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self';"
                    + " form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /** The type of a page, and of the HTML inside a message once it is decoded. */
    public static final String HTML = "text/html; charset=utf-8";

    private Page() {}

    /** The status stays the caller's. */
    public static void show(Context ctx, JteModel page) {
        var html = page.render(); // whole first: a failing template must not send half a page
        protect(ctx);
        ctx.contentType(HTML).result(html);
    }

    /** What {@link #show} puts in front of a page, for answers that are none. */
    public static void protect(Context ctx) {
        ctx.header("Content-Security-Policy", POLICY);
        ctx.header("X-Frame-Options", "DENY");
        ctx.header("X-Content-Type-Options", "nosniff");
        ctx.header("Referrer-Policy", "no-referrer");
        ctx.header("Cross-Origin-Opener-Policy", "same-origin");
        ctx.header("Cross-Origin-Resource-Policy", "same-origin");
        ctx.header("Cache-Control", "no-store");
    }
}
