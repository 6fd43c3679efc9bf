package io.dynosend.pages;

import io.dynosend.campaign.WebVersions;
import io.dynosend.templates.StaticTemplates;
import io.dynosend.templates.Templates;
import io.dynosend.tracking.TrackingTokens;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.Optional;

/**
 * Mail as web pages. Their HTML is a stranger's, so it gets an origin of its own, where it can run
 * nothing, send nothing and read nothing of ours; its links open as those of any page.
 */
public final class ViewPages {

    private static final String POLICY =
            "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none';"
                    + " img-src https: http: data:; style-src 'unsafe-inline'; base-uri 'none';"
                    + " form-action 'none'; frame-ancestors 'none'";

    private final Templates templates = new StaticTemplates();
    private final TrackingTokens tokens;
    private final WebVersions webVersions;

    public ViewPages(TrackingTokens tokens, WebVersions webVersions) {
        this.tokens = tokens;
        this.webVersions = webVersions;
    }

    public void routes(RoutesConfig routes) {
        routes.get("/v/{token}", this::view);
        routes.get("/w/leave", this::leave);
        routes.get("/w/{token}", this::anonymousView);
    }

    private void view(Context http) {
        show(http, tokens.view(http.pathParam("token")).flatMap(webVersions::of));
    }

    private void anonymousView(Context http) {
        show(http, tokens.anonymousView(http.pathParam("token")).flatMap(webVersions::of));
    }

    private void leave(Context http) {
        Page.show(
                http,
                templates.pagesMessage(
                        "The way out is in your mail",
                        "The page you come from is the same for everyone and does not know who"
                                + " reads it. Please follow the link in the mail itself."));
    }

    private static void show(Context http, Optional<String> html) {
        if (html.isEmpty()) {
            ErrorPages.unknownLink(http);
            return;
        }
        Page.protect(http);
        http.header("Content-Security-Policy", POLICY)
                .header("X-Robots-Tag", "noindex, nofollow")
                .contentType(Page.HTML)
                .result(html.get());
    }
}
