package io.dynosend.dashboard;

import io.dynosend.pages.Page;
import java.util.List;
import java.util.regex.Pattern;

/**
 * How a message is looked at: as wide as what, in which theme. Chosen by links, so without scripts.
 *
 * @param src where its HTML is
 */
public record Preview(String src, boolean phone, boolean dark, Address here) {

    // No script, no form, no picture from elsewhere: what a stranger's template may show.
    private static final String POLICY =
            "default-src 'none'; style-src 'unsafe-inline'; img-src data: https: http:;"
                    + " form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox";

    private static final Pattern DARK = Pattern.compile("(?i)prefers-color-scheme\\s*:\\s*dark");
    private static final Pattern LIGHT = Pattern.compile("(?i)prefers-color-scheme\\s*:\\s*light");
    // Fonts from elsewhere: the frame may not load them, and the browser complains of each.
    private static final Pattern STYLES_FROM_ELSEWHERE =
            Pattern.compile(
                    "(?i)<link\\b[^<>]{0,1000}\\bstylesheet\\b[^<>]{0,1000}>"
                            + "|@import\\s+(url\\([^)]{0,1000}\\)|\"[^\"]{0,1000}\"|'[^']{0,1000}')"
                            + "[^;<>{}]{0,100};");
    private static final String ALWAYS = "min-width: 1px";
    private static final String NEVER = "max-width: 1px";

    /** As the query says ({@code width}, {@code theme}). */
    static Preview of(Visit visit, String src) {
        boolean dark = visit.query("theme").equals("dark");
        return new Preview(
                dark ? src + (src.contains("?") ? "&" : "?") + "theme=dark" : src,
                visit.query("width").equals("phone"),
                dark,
                Address.of(visit));
    }

    /** Desktop or phone. */
    public List<SubPage> widths() {
        return List.of(
                new SubPage(here.without("width") + "#preview", "Desktop", !phone),
                new SubPage(here.with("width", "phone") + "#preview", "Phone", phone));
    }

    /** Light or dark. */
    public List<SubPage> themes() {
        return List.of(
                new SubPage(here.without("theme") + "#preview", "Light", !dark),
                new SubPage(here.with("theme", "dark") + "#preview", "Dark", dark));
    }

    // No page can tell a frame which theme its reader has, so the conditions are decided here. What
    // knows nothing of themes stays as it is, as with readers who see it in the dark.
    private static String inTheDark(String html) {
        String decided = LIGHT.matcher(DARK.matcher(html).replaceAll(ALWAYS)).replaceAll(NEVER);
        boolean knows = !decided.equals(html) || html.contains("color-scheme");
        return knows ? decided + "<style>:root { color-scheme: dark }</style>" : decided;
    }

    // What the frame shows anyway, without what it would ask other hosts for in vain.
    private static String contained(String html) {
        return STYLES_FROM_ELSEWHERE.matcher(html).replaceAll("");
    }

    /**
     * Answers with HTML of somebody for a frame that runs nothing, in the theme that is asked for.
     */
    static void answer(Visit visit, String html) {
        String contained = contained(html);
        String shown = visit.query("theme").equals("dark") ? inTheDark(contained) : contained;
        framed(visit, POLICY, shown);
    }

    /** Answers with what only a frame of our own pages shows. */
    static void framed(Visit visit, String policy, String html) {
        Page.protect(visit.http());
        visit.http().header("Content-Security-Policy", policy);
        visit.http().header("X-Frame-Options", "SAMEORIGIN");
        visit.http().contentType(Page.HTML).result(html);
    }
}
