package io.dynosend.dashboard;

import static com.microsoft.playwright.options.ColorScheme.DARK;
import static com.microsoft.playwright.options.ColorScheme.LIGHT;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.EmulateMediaOptions;
import com.microsoft.playwright.Page.ScreenshotOptions;
import com.microsoft.playwright.PlaywrightException;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ScreenshotType;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jspecify.annotations.Nullable;

/**
 * Follows every link of the dashboard as one user, each kind of page once, and looks at each in
 * both themes, wide and narrow.
 */
final class Crawl {

    /** How closely a page is looked at. */
    enum Care {
        /** In the browser: whether it fits, wide and narrow, and whether it is quiet. */
        FITS,
        /** And all rules of accessibility. */
        RULES,
        /** And in both themes; the first of its kind also narrow. */
        ALL
    }

    private static final Path PICTURES = Path.of("target", "screenshots", "pages");
    private static final int WIDE = 1280;
    private static final int NARROW = 360;
    private static final int WIDEST = 2560;
    private static final int HEIGHT = 900;
    private static final int TALLEST = 6_000;
    private static final long STACK = 16 << 20;
    private static final int OK = 200;
    private static final int ELSEWHERE = 303;

    // Filters and tabs of one page: more of them show nothing new.
    private static final int MOST_OF_A_ROUTE = 8;

    /** What runs in the page to find whatever is too wide, by what it is. */
    private static final String TOO_WIDE =
            """
            () => {
              const width = document.documentElement.clientWidth;
              if (document.documentElement.scrollWidth <= width) return '';
              const wide = [...document.querySelectorAll('body *')]
                .filter(e => e.getBoundingClientRect().right > width + 1)
                .slice(0, 3).map(e => e.tagName.toLowerCase() + '.' + (e.className.baseVal ?? e.className));
              return `${document.documentElement.scrollWidth} > ${width}: ` + wide.join(', ');
            }
            """;

    // Half way from one colour to another nothing has the contrast it should have. An animation of
    // what is not shown may never end.
    private static final String AT_REST =
            """
            () => Promise.race([
              new Promise(enough => setTimeout(enough, 1000)),
              Promise.all(document.getAnimations()
                .filter(each => each.effect.getComputedTiming().iterations !== Infinity)
                .map(each => each.finished.catch(() => 0)))
            ]).then(() => true)
            """;

    private final int port;
    private final String email;
    private final PagePattern patterns;
    private final String name;
    private final Care care;

    private final ArrayDeque<Visit> open = new ArrayDeque<>();
    private final Set<String> known = new HashSet<>();
    private final Map<String, Integer> ofRoute = new HashMap<>();
    private final Set<String> routes = new TreeSet<>();
    private final List<String> complaints = new ArrayList<>();
    private int visited;
    private int busy;

    /** An address. After the first of its kind come other filters and tabs of the same page. */
    private record Visit(String name, String href, boolean first) {}

    /**
     * @param name of the pictures' folder
     * @param routes of all pages there are
     */
    Crawl(int port, String email, String name, List<String> routes, Care care) {
        this.port = port;
        this.email = email;
        this.name = name;
        this.patterns = new PagePattern(routes);
        this.care = care;
    }

    /** Goes from the home page and these places until nothing is left. */
    void run(Map<String, String> places, int windows) throws Exception {
        places.forEach((place, href) -> {
            if (!patterns.isKnown(href)) return;
            known.add(patterns.of(href));
            open.add(new Visit(place, href, true));
        });
        add("home", "/app");
        try (var threads = Executors.newFixedThreadPool(windows, Crawl::deepThread)) {
            var all = new ArrayList<Callable<Void>>();
            for (int i = 0; i < windows; i++) all.add(this::work);
            for (var each : threads.invokeAll(all)) each.get();
        }
    }

    // The checker of HTML calls itself for each choice of its schema, of which there are thousands.
    private static Thread deepThread(Runnable work) {
        return new Thread(null, work, "window", STACK);
    }

    /** What is wrong, by page. */
    List<String> complaints() {
        return complaints;
    }

    /** The routes that some page leads to. */
    Set<String> routes() {
        return routes;
    }

    int visited() {
        return visited;
    }

    private Void work() {
        var person = new Person(port);
        person.signIn(email, Person.PASSWORD);
        try (var chromium = new Chromium(port);
                var window = chromium.window(WIDE, LIGHT)) {
            window.signIn(email, Person.PASSWORD);
            work(person, window.page());
            synchronized (this) {
                complaints.addAll(window.complaints());
            }
        }
        return null;
    }

    private void work(Person person, Page page) {
        var rules = new HtmlRules();
        Visit next;
        while ((next = take()) != null) {
            try {
                look(person, page, rules, next);
            } catch (PlaywrightException e) {
                complain(next, String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
            } finally {
                done();
            }
        }
    }

    private synchronized @Nullable Visit take() {
        while (open.isEmpty() && busy > 0) {
            try {
                wait();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
        if (open.isEmpty()) return null;
        busy++;
        return open.poll();
    }

    private synchronized void done() {
        busy--;
        visited++;
        notifyAll();
    }

    private synchronized void complain(Visit visit, String what) {
        complaints.add(visit.name() + " " + visit.href() + ": " + what);
    }

    private synchronized void add(String label, String href) {
        String route = patterns.route(href);
        routes.add(route);
        String pattern = patterns.of(href);
        if (known.contains(pattern)) return;
        int number = ofRoute.merge(route, 1, Integer::sum);
        if (number > MOST_OF_A_ROUTE) return;
        known.add(pattern);
        open.add(new Visit(label.isEmpty() ? fileName(pattern) : label, href, number == 1));
        notifyAll();
    }

    private void look(Person person, Page page, HtmlRules rules, Visit visit) {
        synchronized (this) {
            routes.add(patterns.route(visit.href()));
        }
        var served = person.get(visit.href(), "Accept", "text/html");
        if (served.status() == ELSEWHERE) {
            String to = served.header("Location");
            if (to.startsWith("/app") && !to.startsWith("/app/sign-in")) add("", to);
            else complain(visit, "leads to " + to);
            return;
        }
        if (served.status() != OK) {
            complain(visit, "answers " + served.status());
            return;
        }
        // The author's own words, in a frame that runs nothing, are no page of ours.
        if (!served.header("Content-Type").startsWith("text/html")
                || !served.header("Content-Disposition").isEmpty()
                || served.header("Content-Security-Policy").contains("sandbox")) return;
        String html = served.body();
        var document = Jsoup.parse(html, "http://localhost:" + port + visit.href());
        links(document);
        // A part of a page is looked at within its page.
        if (!html.stripLeading().toLowerCase(Locale.ROOT).startsWith("<!doctype")) return;
        for (String finding : rules.broken(html)) complain(visit, "HTML, " + finding);
        withoutScripts(visit, document);
        look(visit, page);
    }

    private void look(Visit visit, Page page) {
        page.emulateMedia(new EmulateMediaOptions().setColorScheme(LIGHT));
        page.setViewportSize(WIDE, HEIGHT);
        page.navigate(visit.href());
        settle(page);
        fits(visit, page, WIDE, LIGHT);
        if (care != Care.FITS) rules(visit, page, WIDE, LIGHT, true);
        if (care == Care.ALL) {
            page.emulateMedia(new EmulateMediaOptions().setColorScheme(DARK));
            if (visit.first()) shoot(visit, page, WIDE, DARK);
            rules(visit, page, WIDE, DARK, false);
        }
        if (care == Care.ALL && visit.first()) {
            page.setViewportSize(NARROW, HEIGHT);
            rules(visit, page, NARROW, DARK, false);
            page.emulateMedia(new EmulateMediaOptions().setColorScheme(LIGHT));
            rules(visit, page, NARROW, LIGHT, true);
            page.setViewportSize(WIDEST, HEIGHT);
            isNotTooWide(visit, page, WIDEST);
            shoot(visit, page, WIDEST, LIGHT);
        }
        page.emulateMedia(new EmulateMediaOptions().setColorScheme(LIGHT));
        page.setViewportSize(NARROW, HEIGHT);
        if (visit.first()) fits(visit, page, NARROW, LIGHT);
        else isNotTooWide(visit, page, NARROW);
        if (!page.evaluate("() => window.__ran || ''").toString().isEmpty()) {
            complain(visit, "a stranger's script ran");
        }
        // What scripts put there has links as well.
        links(Jsoup.parse(page.content(), "http://localhost:" + port + visit.href()));
    }

    private void fits(Visit visit, Page page, int width, ColorScheme theme) {
        isNotTooWide(visit, page, width);
        shoot(visit, page, width, theme);
    }

    private void rules(Visit visit, Page page, int width, ColorScheme theme, boolean all) {
        page.evaluate(AT_REST);
        for (var violation : all ? Axe.all(page) : Axe.colours(page)) {
            complain(
                    visit,
                    "%d %s, axe, %s: %s"
                            .formatted(
                                    width,
                                    theme.name().toLowerCase(Locale.ROOT),
                                    violation.rule(),
                                    shortened(violation.html())));
        }
    }

    private void isNotTooWide(Visit visit, Page page, int width) {
        String wide = page.evaluate(TOO_WIDE).toString();
        if (!wide.isEmpty())
            complain(visit, "wider than a window of %d: %s".formatted(width, wide));
    }

    private void shoot(Visit visit, Page page, int width, ColorScheme theme) {
        page.evaluate(AT_REST);
        int height =
                (Integer) page.evaluate("() => Math.ceil(document.documentElement.scrollHeight)");
        page.screenshot(
                new ScreenshotOptions()
                        .setPath(
                                PICTURES.resolve(name)
                                        .resolve(
                                                "%s-%d-%s.jpg"
                                                        .formatted(
                                                                visit.name(),
                                                                width,
                                                                theme.name()
                                                                        .toLowerCase(Locale.ROOT))))
                        // Much faster to make than PNG, and here they are only looked at.
                        .setType(ScreenshotType.JPEG)
                        .setQuality(80)
                        .setFullPage(height <= TALLEST && width < WIDEST));
    }

    // Lazy parts and charts come right away from this machine.
    private static void settle(Page page) {
        page.waitForFunction("() => !document.querySelector('.htmx-request')");
        page.evaluate("() => document.fonts.ready.then(() => true)");
    }

    /** Whatever can be done can be done without scripts: by a link, or by a form. */
    private void withoutScripts(Visit visit, Document document) {
        for (var element :
                document.select(
                        "[hx-post], [hx-put], [hx-delete], [hx-patch], [data-hx-post], [data-hx-put], [data-hx-delete]")) {
            if (element.closest("form[action]") == null && element.attr("form").isEmpty()) {
                complain(visit, "only a script can do this: " + shortened(element.outerHtml()));
            }
        }
        for (var element : document.select("[hx-get]")) {
            boolean leads =
                    element.closest("form[action], a[href]") != null
                            || !element.attr("hx-trigger").isEmpty();
            if (!leads)
                complain(visit, "only a script can get this: " + shortened(element.outerHtml()));
        }
        for (var button : document.select("button")) {
            if (!works(button))
                complain(visit, "dead without scripts: " + shortened(button.outerHtml()));
        }
        for (var frame : document.select("iframe:not([title])")) {
            complain(visit, "a frame without a title: " + shortened(frame.outerHtml()));
        }
        for (var odd : document.select("[style], script:not([src]):not([type]), style")) {
            complain(visit, "not ours: " + shortened(odd.outerHtml()));
        }
    }

    private static boolean works(Element button) {
        if (button.closest("[hidden], template, dialog") != null) return true;
        if (button.hasAttr("popovertarget") || button.hasAttr("command")) return true;
        // A comfort, such as to copy what can be selected as well.
        boolean main = button.hasClass("button") && !button.hasClass("plain");
        if (!main && !button.dataset().isEmpty()) return true;
        if (button.attr("type").equals("button")) return false;
        if (!button.attr("form").isEmpty()) return true;
        var form = button.closest("form");
        return form != null && (form.hasAttr("action") || button.hasAttr("formaction"));
    }

    private void links(Document document) {
        for (var element : document.select("a[href], area[href]"))
            lead(element.attr("href"), element);
        for (var element : document.select("iframe[src], img[src]"))
            lead(element.attr("src"), element);
        for (var element : document.select("[hx-get]")) lead(element.attr("hx-get"), element);
        for (var form : document.select("form[action]:not([method=post])"))
            lead(form.attr("action"), form);
    }

    private void lead(String href, Element element) {
        String address = href.isEmpty() ? "" : element.absUrl(attribute(element, href));
        String root = "http://localhost:" + port + "/app";
        if (!address.startsWith(root)) return;
        String path = address.substring(("http://localhost:" + port).length());
        int fragment = path.indexOf('#');
        if (fragment >= 0) path = path.substring(0, fragment);
        try {
            URI.create(path);
        } catch (IllegalArgumentException e) {
            synchronized (this) {
                complaints.add("no address: " + path);
            }
            return;
        }
        add("", path);
    }

    private static String attribute(Element element, String value) {
        return List.of("href", "src", "hx-get", "action").stream()
                .filter(name -> element.attr(name).equals(value))
                .findFirst()
                .orElse("href");
    }

    private static String fileName(String pattern) {
        String text = pattern.replaceFirst("^/app/?", "").replaceAll("[^A-Za-z0-9=_-]+", "_");
        return text.isEmpty() ? "home" : text.substring(0, Math.min(text.length(), 90));
    }

    private static String shortened(String html) {
        String line = html.replaceAll("\\s+", " ");
        return line.length() <= 200 ? line : line.substring(0, 200) + "…";
    }
}
