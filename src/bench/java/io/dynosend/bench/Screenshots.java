package io.dynosend.bench;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.ScreenshotOptions;
import com.microsoft.playwright.Page.WaitForFunctionOptions;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Playwright.CreateOptions;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.regex.Pattern;

/** The pictures of the README, taken of the demo. */
final class Screenshots {

    private static final Path FOLDER = Path.of("docs", "images");
    private static final int WIDTH = 1280;
    private static final int HEIGHT = 860;
    private static final long LARGEST = 300_000;
    private static final Pattern LOGIN = Pattern.compile("Login +(\\S+) +password (\\S+)");
    private static final String AT_REST =
            """
            () => !document.querySelector('.htmx-request, .skeleton')
              && [...document.images].every(each => each.complete)
            """;

    private Screenshots() {}

    static void run() throws Exception {
        var data = Files.createTempDirectory("dynosend-screenshots-");
        int port;
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        var demo =
                new ProcessBuilder(
                                "./dynosend",
                                "demo",
                                "--port=" + port,
                                "--data=" + data.resolve("data"))
                        .redirectErrorStream(true)
                        .start();
        try (var said = demo.inputReader()) {
            String line = said.readLine();
            while (line != null && !LOGIN.matcher(line).find()) {
                System.out.println(line);
                line = said.readLine();
            }
            if (line == null) throw new IOException("The demo ends before it says how to sign in");
            var login = LOGIN.matcher(line);
            login.find();
            shoot("http://localhost:" + port, login.group(1), login.group(2));
        } finally {
            demo.destroy();
            demo.waitFor();
            try (var paths = Files.walk(data)) {
                for (var path : paths.sorted(Comparator.reverseOrder()).toList())
                    Files.delete(path);
            }
        }
    }

    private static void shoot(String root, String email, String password) throws IOException {
        try (var playwright =
                Playwright.create(
                        new CreateOptions()
                                .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")))) {
            var browser =
                    playwright
                            .chromium()
                            .launch(
                                    new LaunchOptions()
                                            .setExecutablePath(Path.of("/usr/bin/chromium"))
                                            .setArgs(java.util.List.of("--no-sandbox")));
            var context =
                    browser.newContext(
                            new NewContextOptions()
                                    .setBaseURL(root)
                                    .setViewportSize(WIDTH, HEIGHT)
                                    .setColorScheme(ColorScheme.LIGHT));
            var page = context.newPage();
            page.navigate("/app/sign-in");
            page.locator("input[name=email]").fill(email);
            page.locator("input[name=password]").fill(password);
            page.locator("main button[type=submit]").first().click();

            page.navigate("/app");
            shoot(page, "home");
            page.navigate("/app/campaigns");
            go(page, "October letter");
            shoot(page, "report");
            page.navigate("/app/audiences");
            go(page, "Fernweh Trails");
            shoot(page, "contacts");
            page.navigate("/app/campaigns");
            go(page, "Christmas letter");
            page.navigate(page.url() + "/content");
            shoot(page, "editor");
        }
    }

    private static void go(Page page, String link) {
        page.navigate(
                page.locator("main a")
                        .filter(
                                new com.microsoft.playwright.Locator.FilterOptions()
                                        .setHasText(link))
                        .first()
                        .getAttribute("href"));
    }

    private static void shoot(Page page, String name) throws IOException {
        page.waitForFunction(AT_REST, null, new WaitForFunctionOptions().setTimeout(20_000));
        // Longer than whatever moves when a page opens.
        page.waitForTimeout(1_500);
        var file = FOLDER.resolve(name + ".png");
        page.screenshot(new ScreenshotOptions().setPath(file));
        System.out.printf("%-28s %,d bytes%n", file, Files.size(file));
        if (Files.size(file) > LARGEST) throw new IOException(file + " is too large for a README");
    }
}
