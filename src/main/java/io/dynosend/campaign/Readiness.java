package io.dynosend.campaign;

import io.dynosend.audience.Audience;
import io.dynosend.common.Problem.Conflict;
import java.util.ArrayList;
import java.util.List;

/**
 * What a campaign must have before it is sent. The way out is not among it: where the author wrote
 * none, the footer has one.
 */
final class Readiness {

    private Readiness() {}

    /**
     * @throws Conflict naming all that is missing
     */
    static void require(Campaign campaign, Audience audience) {
        var missing = missingContent(campaign);
        if (audience.contactInformation().postalAddress().isEmpty()) {
            missing.add("the audience's postal address (contact_information.address_1)");
        }
        refuse(missing);
    }

    /** What it lacks, each as a page names it; empty: nothing. */
    static List<Missing> missing(Campaign campaign, Audience audience) {
        var missing = new ArrayList<Missing>();
        if (campaign.subject().isBlank()) missing.add(Missing.SUBJECT);
        if (campaign.html().isBlank()) missing.add(Missing.CONTENT);
        if (audience.contactInformation().postalAddress().isEmpty()) {
            missing.add(Missing.POSTAL_ADDRESS);
        }
        return missing;
    }

    /**
     * Enough to show it to oneself.
     *
     * @throws Conflict naming all that is missing
     */
    static void requireContent(Campaign campaign) {
        refuse(missingContent(campaign));
    }

    private static List<String> missingContent(Campaign campaign) {
        var missing = new ArrayList<String>();
        if (campaign.subject().isBlank()) missing.add("subject");
        if (campaign.html().isBlank()) missing.add("html");
        return missing;
    }

    private static void refuse(List<String> missing) {
        if (missing.isEmpty()) return;
        throw new Conflict(
                "The campaign is not ready; missing: " + String.join(", ", missing),
                "campaign_not_ready");
    }
}
