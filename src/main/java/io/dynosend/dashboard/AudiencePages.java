package io.dynosend.dashboard;

import io.dynosend.audience.Audience;
import java.util.List;

/** The pages of an audience, for the tabs above each. */
public final class AudiencePages {

    private AudiencePages() {}

    /** Where an audience's pages are. */
    public static String root(Audience audience) {
        return Dashboard.ROOT + "/audiences/" + audience.uid();
    }

    /** Its pages. */
    public static List<SubPage> of(Audience audience, String here) {
        return List.of(
                page(audience, "", "Contacts", here),
                page(audience, "/statistics", "Statistics", here),
                page(audience, "/imports", "Import", here),
                page(audience, "/settings", "Settings", here));
    }

    /** The pages of its settings. */
    public static List<SubPage> settings(Audience audience, String here) {
        return List.of(
                page(audience, "/settings", "General", here),
                page(audience, "/settings/contact", "Contact information", here),
                page(audience, "/settings/consent", "Consent and mails", here),
                page(audience, "/settings/fields", "Fields", here),
                page(audience, "/settings/form", "Form", here),
                page(audience, "/settings/delete", "Delete", here));
    }

    private static SubPage page(Audience audience, String path, String label, String here) {
        return new SubPage(root(audience) + path, label, path.equals(here));
    }
}
