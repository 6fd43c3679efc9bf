package io.dynosend.reference;

import io.dynosend.api.OpenApi;
import io.dynosend.api.Verbs;
import io.dynosend.pages.Page;
import io.dynosend.templates.StaticTemplates;
import io.dynosend.templates.Templates;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.List;

/** The reference of the API, at {@code /api/docs}: whole, on one page, without a network. */
public final class ReferencePage {

    private final Templates templates = new StaticTemplates();
    private final List<Chapter> chapters;
    private final String baseUrl;
    private final boolean builtInMailbox;

    /**
     * The same for every visitor.
     *
     * @param baseUrl of this installation, without a slash at its end
     */
    public ReferencePage(OpenApi api, String baseUrl, boolean builtInMailbox) {
        this.chapters = new Chapters(api, baseUrl).all();
        this.baseUrl = baseUrl;
        this.builtInMailbox = builtInMailbox;
    }

    public void routes(RoutesConfig routes) {
        Verbs.onlyRead(routes, "/api/docs");
        routes.get("/api/docs", this::show);
        routes.head("/api/docs", this::show);
    }

    private void show(Context http) {
        Page.show(http, templates.referencePage(chapters, baseUrl, builtInMailbox));
    }
}
