package io.dynosend.audience;

import java.util.Set;

/**
 * Tags that no custom field may take: they name the address itself or what a message is given by
 * the server. A field called UNSUBSCRIBE_URL would let a contact forge the link.
 */
final class ReservedTags {

    private static final Set<String> TAGS =
            Set.of(
                    "EMAIL",
                    "UNSUBSCRIBE_URL",
                    "PREFERENCES_URL",
                    "VIEW_URL",
                    "CONFIRM_URL",
                    "CONTACT_UID",
                    "AUDIENCE_UID",
                    "CAMPAIGN_UID");

    private ReservedTags() {}

    static boolean contains(String tag) {
        return TAGS.contains(tag);
    }
}
