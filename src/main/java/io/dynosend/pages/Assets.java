package io.dynosend.pages;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The files that pages refer to, under {@code /assets}. A page names them by {@link #path}, which
 * changes with the content, so browsers keep them for good.
 */
public final class Assets {

    private static final String OURS = "/assets/";
    private static final String WEBJARS = "/META-INF/resources/webjars/";

    private static final String CODEMIRROR = WEBJARS + "codemirror/5.65.21/";

    // Where each is found: ours beside the others of ours, what is not ours in its WebJar.
    private static final Map<String, String> FILES =
            Map.ofEntries(
                    Map.entry("dynosend.css", OURS + "dynosend.css"),
                    Map.entry("reference.css", OURS + "reference.css"),
                    Map.entry("dashboard.css", OURS + "dashboard.css"),
                    Map.entry("dashboard.js", OURS + "dashboard.js"),
                    Map.entry("chart.css", OURS + "chart.css"),
                    Map.entry("rooms.css", OURS + "rooms.css"),
                    Map.entry("rooms.js", OURS + "rooms.js"),
                    Map.entry("door.css", OURS + "door.css"),
                    Map.entry("door.js", OURS + "door.js"),
                    Map.entry("contacts.css", OURS + "contacts.css"),
                    Map.entry("contacts.js", OURS + "contacts.js"),
                    Map.entry("report.css", OURS + "report.css"),
                    Map.entry("favicon.svg", OURS + "favicon.svg"),
                    Map.entry("htmx.js", WEBJARS + "htmx.org/2.0.10/dist/htmx.min.js"),
                    Map.entry("editor.css", OURS + "editor.css"),
                    Map.entry("editor.js", OURS + "editor.js"),
                    Map.entry("builder.css", OURS + "builder.css"),
                    Map.entry("builder.js", OURS + "builder.js"),
                    Map.entry("builder-frame.js", OURS + "builder-frame.js"),
                    Map.entry("grapesjs.js", WEBJARS + "grapesjs/0.16.2/dist/grapes.min.js"),
                    Map.entry("codemirror.css", CODEMIRROR + "lib/codemirror.css"),
                    Map.entry("codemirror.js", CODEMIRROR + "lib/codemirror.js"),
                    Map.entry("codemirror-xml.js", CODEMIRROR + "mode/xml/xml.js"),
                    Map.entry("codemirror-css.js", CODEMIRROR + "mode/css/css.js"),
                    Map.entry("codemirror-script.js", CODEMIRROR + "mode/javascript/javascript.js"),
                    Map.entry("codemirror-html.js", CODEMIRROR + "mode/htmlmixed/htmlmixed.js"),
                    Map.entry("codemirror-markdown.js", CODEMIRROR + "mode/markdown/markdown.js"),
                    Map.entry("codemirror-overlay.js", CODEMIRROR + "addon/mode/overlay.js"),
                    Map.entry("codemirror-dialog.js", CODEMIRROR + "addon/dialog/dialog.js"),
                    Map.entry("codemirror-dialog.css", CODEMIRROR + "addon/dialog/dialog.css"),
                    Map.entry("codemirror-cursor.js", CODEMIRROR + "addon/search/searchcursor.js"),
                    Map.entry("codemirror-search.js", CODEMIRROR + "addon/search/search.js"));

    private static final Map<String, String> TYPES =
            Map.of(
                    "css", "text/css; charset=utf-8",
                    "js", "text/javascript; charset=utf-8",
                    "svg", "image/svg+xml",
                    "woff2", "font/woff2");

    private static final Map<String, Asset> ASSETS = load();
    private static final String FOR_GOOD = "public, max-age=31536000, immutable";
    private static final String ASK_AGAIN = "public, no-cache";

    @SuppressWarnings("ArrayRecordComponent") // nobody changes or compares them
    private record Asset(String type, byte[] content, String version) {}

    private Assets() {}

    public static void routes(RoutesConfig routes) {
        routes.get("/assets/{name}", Assets::serve);
    }

    /**
     * Where a page finds an asset.
     *
     * @param name of an existing asset
     * @return its path from the root, with its version
     */
    public static String path(String name) {
        return "/assets/" + name + "?v=" + Objects.requireNonNull(ASSETS.get(name)).version();
    }

    private static void serve(Context ctx) {
        var asset = ASSETS.get(ctx.pathParam("name"));
        if (asset == null) throw new NotFoundResponse();

        var tag = '"' + asset.version() + '"';
        boolean current = asset.version().equals(ctx.queryParam("v"));
        ctx.header("ETag", tag);
        ctx.header("Cache-Control", current ? FOR_GOOD : ASK_AGAIN);
        ctx.header("X-Content-Type-Options", "nosniff");
        if (tag.equals(ctx.header("If-None-Match"))) ctx.status(304);
        else ctx.contentType(asset.type()).result(asset.content());
    }

    private static Map<String, Asset> load() {
        var assets = new LinkedHashMap<String, Asset>();
        FILES.forEach((name, file) -> assets.put(name, load(file, type(name))));
        return Map.copyOf(assets);
    }

    private static String type(String name) {
        return Objects.requireNonNull(TYPES.get(name.substring(name.lastIndexOf('.') + 1)));
    }

    private static Asset load(String file, String type) {
        try (var in = Objects.requireNonNull(Assets.class.getResourceAsStream(file), file)) {
            var content = in.readAllBytes();
            return new Asset(type, content, version(content));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String version(byte[] content) {
        try {
            var hash = MessageDigest.getInstance("SHA-256").digest(content);
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }
}
