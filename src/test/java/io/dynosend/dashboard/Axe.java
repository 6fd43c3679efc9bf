package io.dynosend.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.microsoft.playwright.Frame;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.PlaywrightException;
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
    // A frame is no page of its own.
    private static final Map<String, Object> ALL_OF_A_FRAME =
            only("tag", List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"));
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
        return run(page, ALL, ALL_OF_A_FRAME);
    }

    /** Of those that depend on the theme. */
    static List<Violation> colours(Page page) {
        return run(page, COLOURS, COLOURS);
    }

    private static List<Violation> run(
            Page page, Map<String, Object> options, Map<String, Object> ofFrames) {
        var violations = new ArrayList<>(run(page.mainFrame(), options));
        for (var frame : page.frames()) {
            if (frame.parentFrame() == null) continue;
            try {
                if (!runsNothing(frame)) violations.addAll(run(frame, ofFrames));
            } catch (PlaywrightException e) {
                // It has been replaced meanwhile.
                if (!frame.isDetached()) throw e;
            }
        }
        return violations;
    }

    private static List<Violation> run(Frame frame, Map<String, Object> options) {
        if (!(Boolean) frame.evaluate("() => 'axe' in window")) frame.evaluate(SOURCE);
        return ((List<?>) frame.evaluate(RUN, options))
                .stream()
                        .map(each -> (List<?>) each)
                        .map(pair -> new Violation(pair.get(0).toString(), pair.get(1).toString()))
                        .toList();
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
