package io.dynosend.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.microsoft.playwright.Frame;
import com.microsoft.playwright.Page;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The rules of accessibility (axe-core) for WCAG 2.2 AA and good practice, applied to a page and to
 * its frames that may run something. Only what breaks them comes back from the browser.
 */
final class Axe {

    /** What breaks a rule. */
    record Violation(String rule, String html) {}

    private static final String SOURCE = source();
    private static final Map<String, Object> ALL =
            only(
                    "tag",
                    List.of(
                            "wcag2a",
                            "wcag2aa",
                            "wcag21a",
                            "wcag21aa",
                            "wcag22aa",
                            "best-practice"));
    // The other rules do not look at colours.
    private static final Map<String, Object> COLOURS = only("rule", List.of("color-contrast"));

    private static final String RUN =
            """
            async options => {
              const found = await axe.run(document, options);
              return found.violations.flatMap(rule => rule.nodes.map(node => [rule.id, node.html]));
            }
            """;

    private Axe() {}

    /** Of all rules. */
    static List<Violation> all(Page page) {
        return run(page, ALL);
    }

    /** Of those that depend on the theme. */
    static List<Violation> colours(Page page) {
        return run(page, COLOURS);
    }

    private static List<Violation> run(Page page, Map<String, Object> options) {
        var violations = new ArrayList<Violation>();
        for (var frame : page.frames()) {
            if (runsNothing(frame)) continue;
            if (!(Boolean) frame.evaluate("() => 'axe' in window")) frame.evaluate(SOURCE);
            for (Object each : (List<?>) frame.evaluate(RUN, options)) {
                var pair = (List<?>) each;
                violations.add(new Violation(pair.get(0).toString(), pair.get(1).toString()));
            }
        }
        return violations;
    }

    private static boolean runsNothing(Frame frame) {
        var parent = frame.parentFrame();
        return parent != null
                && (runsNothing(parent) || frame.frameElement().getAttribute("sandbox") != null);
    }

    private static Map<String, Object> only(String type, List<String> values) {
        return Map.of(
                "runOnly", Map.of("type", type, "values", values),
                "resultTypes", List.of("violations"),
                "iframes", false);
    }

    private static String source() {
        try (var file = Axe.class.getResourceAsStream("/axe.min.js")) {
            return new String(Objects.requireNonNull(file).readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
