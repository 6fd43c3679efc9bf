package io.dynosend.pages;

import io.javalin.http.Context;
import io.javalin.http.ForbiddenResponse;

/**
 * Lets a write come from our own pages and from programs, never from another site's page. A browser
 * tells by Sec-Fetch-Site, and where it does not (plain HTTP), by Origin; a program sends neither.
 */
public final class SameOrigin {

    private SameOrigin() {}

    /**
     * To be called before anything is changed.
     *
     * @throws ForbiddenResponse if another site's page sent this
     */
    public static void require(Context ctx) {
        if (!isOurs(ctx)) throw new ForbiddenResponse("Refused: this came from another site");
    }

    private static boolean isOurs(Context ctx) {
        var site = ctx.header("Sec-Fetch-Site");
        if (site != null) return site.equals("same-origin") || site.equals("none");
        var origin = ctx.header("Origin");
        return origin == null || origin.equals(ctx.scheme() + "://" + ctx.header("Host"));
    }
}
