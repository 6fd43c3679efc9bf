package io.dynosend.dashboard;

import gg.jte.models.runtime.JteModel;
import io.dynosend.pages.Page;
import io.javalin.http.Context;

/** How the pages leave that people see before they are in: as others do, and with a script. */
final class DoorPage {

    private static final String POLICY =
            "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self';"
                    + " img-src 'self'; form-action 'self'; base-uri 'none';"
                    + " frame-ancestors 'none'";

    private DoorPage() {}

    static void show(Context ctx, JteModel page) {
        Page.show(ctx, page);
        ctx.header("Content-Security-Policy", POLICY);
        // Without a referrer forms would come with “Origin: null” over plain HTTP.
        ctx.header("Referrer-Policy", "same-origin");
    }
}
