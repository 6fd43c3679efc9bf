package io.dynosend.dashboard;

import io.dynosend.pages.Page;
import java.util.List;

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

    /** As the query says ({@code width}, {@code theme}). */
    static Preview of(Visit visit, String src) {
        return new Preview(
                src,
                visit.query("width").equals("phone"),
                visit.query("theme").equals("dark"),
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

    /** Answers with HTML of somebody for a frame that runs nothing. */
    static void answer(Visit visit, String html) {
        Page.protect(visit.http());
        visit.http().header("Content-Security-Policy", POLICY);
        visit.http().header("X-Frame-Options", "SAMEORIGIN");
        visit.http().contentType(Page.HTML).result(html);
    }
}
