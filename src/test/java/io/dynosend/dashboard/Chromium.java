package io.dynosend.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.ScreenshotOptions;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Playwright.CreateOptions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ScreenshotType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The browser of this machine, driven as a person drives it. Whatever it complains of (errors in
 * the console, reports of the content security policy, requests to other hosts) is kept for {@link
 * Window#assertNothingIsWrong}.
 */
final class Chromium implements AutoCloseable {

    private static final Path SCREENSHOTS = Path.of("target", "screenshots");
    private static final int HEIGHT = 900;
    private static final int QUALITY = 80;

    private final Playwright playwright;
    private final Browser browser;
    private final String root;

    /**
     * @param port of the server on this machine
     */
    Chromium(int port) {
        playwright =
                Playwright.create(
                        new CreateOptions()
                                .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser =
                playwright
                        .chromium()
                        .launch(
                                new LaunchOptions()
                                        .setExecutablePath(Path.of("/usr/bin/chromium"))
                                        .setArgs(List.of("--no-sandbox")));
        root = "http://localhost:" + port;
    }

    /** A window of somebody who has never been here. */
    Window window(int width, ColorScheme theme) {
        return window(new NewContextOptions().setViewportSize(width, HEIGHT).setColorScheme(theme));
    }

    /** A window that runs no script. */
    Window withoutScripts() {
        return window(new NewContextOptions().setJavaScriptEnabled(false));
    }

    private Window window(NewContextOptions options) {
        return new Window(browser.newContext(options.setBaseURL(root)), root);
    }

    @Override
    public void close() {
        playwright.close();
    }

    /** One person's window. */
    static final class Window implements AutoCloseable {

        private final BrowserContext context;
        private final Page page;
        private final List<String> complaints = new ArrayList<>();

        private Window(BrowserContext context, String root) {
            this.context = context;
            page = context.newPage();
            page.onConsoleMessage(message -> {
                // A frame that runs nothing says so when axe asks it: as it should be.
                if (message.text().startsWith("Blocked script execution in")) return;
                if (List.of("error", "warning").contains(message.type())) {
                    complaints.add(page.url() + ": " + message.text());
                }
            });
            page.onDialog(dialog -> {
                complaints.add(page.url() + " opens a dialog: " + dialog.message());
                dialog.dismiss();
            });
            page.onPageError(error -> complaints.add(page.url() + ": " + error));
            page.onRequest(request -> {
                if (!request.url().startsWith(root + "/") && !request.url().startsWith("data:")) {
                    complaints.add(page.url() + " asks for " + request.url());
                }
            });
        }

        Page page() {
            return page;
        }

        Window go(String path) {
            page.navigate(path);
            return this;
        }

        Window signIn(String email, String password) {
            go("/app/sign-in");
            page.getByLabel("E-mail").fill(email);
            page.getByLabel("Password").fill(password);
            page.locator("button[type=submit]").first().click();
            return this;
        }

        /** Looks whether the page is accessible (WCAG 2.2 AA) and no wider than the window. */
        Window check() {
            for (var violation : Axe.all(page)) {
                complaints.add(page.url() + ": " + violation.rule() + " " + violation.html());
            }
            if (!page.evaluate("document.documentElement.scrollWidth - innerWidth").equals(0)) {
                complaints.add(page.url() + ": wider than the window");
            }
            return this;
        }

        /** What it has complained of so far. */
        List<String> complaints() {
            return List.copyOf(complaints);
        }

        void assertNothingIsWrong() {
            assertThat(complaints).isEmpty();
        }

        Window shoot(String name) {
            page.screenshot(
                    new ScreenshotOptions()
                            .setPath(SCREENSHOTS.resolve(name + ".jpg"))
                            // Much faster to make than PNG, and here they are only looked at.
                            .setType(ScreenshotType.JPEG)
                            .setQuality(QUALITY)
                            .setFullPage(true));
            return this;
        }

        @Override
        public void close() {
            context.close();
        }
    }
}
