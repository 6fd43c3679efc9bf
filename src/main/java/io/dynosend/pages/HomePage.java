package io.dynosend.pages;

import io.dynosend.templates.StaticTemplates;
import io.dynosend.templates.Templates;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The front door: says what runs here and where to go on. */
public final class HomePage {

    private final Supplier<Leaving> leaving;
    private final String baseUrl;
    private final BooleanSupplier fresh;
    private final Templates templates = new StaticTemplates();

    /**
     * The same for every visitor.
     *
     * @param leaving which mail does
     * @param baseUrl of this installation, without a slash at its end
     * @param fresh whether nobody has set this server up yet
     */
    public HomePage(Supplier<Leaving> leaving, String baseUrl, BooleanSupplier fresh) {
        this.leaving = leaving;
        this.baseUrl = baseUrl;
        this.fresh = fresh;
    }

    public void routes(RoutesConfig routes) {
        routes.get("/", this::show);
    }

    private void show(Context ctx) {
        Page.show(ctx, templates.home(leaving.get(), baseUrl, fresh.getAsBoolean()));
    }
}
