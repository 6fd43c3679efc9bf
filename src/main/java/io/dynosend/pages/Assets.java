package io.dynosend.pages;

import static java.nio.charset.StandardCharsets.UTF_8;

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
 * The text files that pages refer to, under {@code /assets}. A page names them by {@link #path},
 * which changes with the content, so browsers keep them for good.
 */
public final class Assets {

    private static final Map<String, String> TYPES =
            Map.of(
                    "dynosend.css", "text/css; charset=utf-8",
                    "reference.css", "text/css; charset=utf-8",
                    "dashboard.css", "text/css; charset=utf-8",
                    "chart.css", "text/css; charset=utf-8",
                    "dashboard.js", "text/javascript; charset=utf-8",
                    "htmx.js", "text/javascript; charset=utf-8",
                    "favicon.svg", "image/svg+xml");

    // What is not ours comes from its WebJar.
    private static final Map<String, String> ELSEWHERE =
            Map.of("htmx.js", "/META-INF/resources/webjars/htmx.org/2.0.10/dist/htmx.min.js");

    private static final Map<String, Asset> ASSETS = load();
    private static final String FOR_GOOD = "public, max-age=31536000, immutable";
    private static final String ASK_AGAIN = "public, no-cache";

    private record Asset(String type, String content, String version) {}

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
        TYPES.forEach((name, type) -> assets.put(name, load(name, type)));
        return Map.copyOf(assets);
    }

    private static Asset load(String name, String type) {
        try (var in =
                Objects.requireNonNull(
                        Assets.class.getResourceAsStream(
                                ELSEWHERE.getOrDefault(name, "/assets/" + name)))) {
            var content = in.readAllBytes();
            return new Asset(type, new String(content, UTF_8), version(content));
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
