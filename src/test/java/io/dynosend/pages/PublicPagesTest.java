package io.dynosend.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PublicPagesTest {

    private static final String NOTICE = "No relay is configured: nothing leaves this machine.";

    private Browser browser;

    @BeforeEach
    void open() {
        var unsubscribe = new UnsubscribePage();
        browser =
                new Browser(routes -> {
                    Assets.routes(routes);
                    new HomePage(() -> Leaving.NOTHING, "https://mail.example.org", () -> false)
                            .routes(routes);
                    routes.get(
                            "/ask",
                            ctx -> unsubscribe.ask(ctx, "<a>@example.org", "A & B", "x", false));
                    routes.get("/done", ctx -> unsubscribe.done(ctx, "a@example.org", "A & B"));
                    routes.get("/unknown", ErrorPages::unknownLink);
                    routes.post("/write", SameOrigin::require);
                });
    }

    @AfterEach
    void close() {
        browser.close();
    }

    @Test
    void homeNamesTheApiAndTheMailboxAndSaysThatNothingLeaves() throws IOException {
        var page = browser.get("/");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body())
                .contains("https://mail.example.org/api/v2", "href=\"/mailbox\"", NOTICE);
    }

    @Test
    void homeWithARelaySpeaksOfNoMailbox() throws IOException {
        try (var other =
                new Browser(routes ->
                        new HomePage(() -> Leaving.ALL, "https://example.org", () -> false)
                                .routes(routes))) {
            assertThat(other.get("/").body()).doesNotContain("/mailbox", NOTICE);
        }
    }

    @Test
    void everyPageBindsTheBrowser() throws IOException {
        for (var path : new String[] {"/", "/ask", "/done", "/unknown"}) {
            var page = browser.get(path);

            assertThat(header(page, "Content-Security-Policy"))
                    .contains("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'")
                    .doesNotContain("unsafe");
            assertThat(header(page, "X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(header(page, "Referrer-Policy")).isEqualTo("no-referrer");
            assertThat(header(page, "X-Frame-Options")).isEqualTo("DENY");
            assertThat(header(page, "Cache-Control")).isEqualTo("no-store");
            assertThat(header(page, "Content-Type")).isEqualTo("text/html;charset=utf-8");
            assertThat(page.body())
                    .doesNotContain("<script", "style=")
                    .doesNotContainPattern("\\son\\w+=");
        }
    }

    @Test
    void askingToUnsubscribeShowsWhoAndWhatAndOneButtonThatPosts() throws IOException {
        var page = browser.get("/ask");

        assertThat(page.body())
                .contains("&lt;a&gt;@example.org", "A &amp; B", "<form method=\"post\">")
                .containsOnlyOnce("<button");
    }

    @Test
    void anUnknownLinkIsNotFound() throws IOException {
        assertThat(browser.get("/unknown").statusCode()).isEqualTo(404);
    }

    @Test
    void anAssetIsKeptForGoodUnderItsVersionAndAskedForOtherwise() throws IOException {
        var link = Pattern.compile("/assets/dynosend\\.css\\?v=[0-9a-f]{16}");
        var path = link.matcher(browser.get("/").body()).results().findFirst().orElseThrow();

        var kept = browser.get(path.group());
        var asked = browser.get("/assets/dynosend.css?v=old");
        var again = browser.get("/assets/dynosend.css", "If-None-Match", header(kept, "ETag"));

        assertThat(header(kept, "Content-Type")).isEqualTo("text/css; charset=utf-8");
        assertThat(header(kept, "Cache-Control")).contains("immutable");
        assertThat(header(asked, "Cache-Control")).contains("no-cache");
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
    }

    @Test
    void nothingButAssetsIsServed() throws IOException {
        assertThat(browser.get("/assets/logback.xml").statusCode()).isEqualTo(404);
        assertThat(browser.get("/assets/..%2Flogback.xml").statusCode()).isIn(400, 404);
    }

    @Test
    void aWriteFromAnotherSiteIsRefused() throws IOException {
        assertThat(browser.post("/write", "Sec-Fetch-Site", "cross-site").statusCode())
                .isEqualTo(403);
        assertThat(browser.post("/write", "Sec-Fetch-Site", "same-site").statusCode())
                .isEqualTo(403);
        assertThat(browser.post("/write", "Origin", "http://evil.example").statusCode())
                .isEqualTo(403);
        assertThat(browser.post("/write", "Origin", "null").statusCode()).isEqualTo(403);
    }

    @Test
    void aWriteFromOurPageOrFromAProgramIsTaken() throws IOException {
        assertThat(browser.post("/write", "Sec-Fetch-Site", "same-origin").statusCode())
                .isEqualTo(200);
        assertThat(browser.post("/write").statusCode()).isEqualTo(200);
        assertThat(browser.post("/write", "Origin", browser.origin()).statusCode()).isEqualTo(200);
    }

    private static String header(HttpResponse<String> page, String name) {
        return page.headers().firstValue(name).orElse("");
    }
}
